"""Waveforms <-> log-mel spectrograms."""

import math

import numpy as np
import tensorflow as tf

from mmgen_tf.modalities.audio.audio_processor import AudioProcessor
from mmgen_tf.modality import Modality
from mmgen_tf.registry import register

FLOOR_DB = -80.0
LOWEST_HERTZ = 20.0
MOMENTUM = 0.99
PHASE_SEED = 0


@register
class LogMelProcessor(AudioProcessor):
    """float32 mono waveforms in -1..1 <-> float32 log-mel spectrograms `(frames, mel_bins, 1)` in 0..1.

    There are `samples / frame_step` frames, so with the defaults the tensor is `(64, 40, 1)`: 1.02 seconds, time first,
    low pitches first, ready for two-dimensional convolutions of stride 2. A value is the magnitude in a mel band on a
    decibel scale, where a full-scale sine is 0 dB: 1 stands for 0 dB and more, 0 for -80 dB and less.

    Going back, the magnitudes of the linear bins are the mel bands times the filters' pseudo-inverse, negative ones set
    to zero, and the phases are those that fast Griffin-Lim finds from a fixed start, so the same tensor always gives
    the same waveform. What is lost is what a mel spectrogram lacks: the phase, and the pitch within a band.

    Args:
        name: the modality's name.
        samples: the waveform's length, in samples, a multiple of `frame_step`; shorter clips end in silence.
        sample_rate: in hertz.
        frame_length: samples under one Hann window, a power of two of at least twice `frame_step`.
        frame_step: samples from one frame to the next.
        mel_bins: bands, equally wide on the mel scale, from 20 Hz to half the sample rate.
        griffin_lim_steps: each is one inverse and one forward transform.

    Raises:
        ValueError: for lengths that do not fit each other, or more bands than the transform can tell apart.

    References: Griffin and Lim, "Signal estimation from modified short-time Fourier transform", IEEE TASSP 32(2), 1984;
    Perraudin, Balazs and Sondergaard, "A fast Griffin-Lim algorithm", WASPAA 2013, algorithm 2.
    """

    def __init__(
        self, name="audio", samples=8192, sample_rate=8000, frame_length=256, frame_step=128, mel_bins=40,
        griffin_lim_steps=32,
    ):  # fmt: skip
        super().__init__(name, samples, sample_rate)
        fits = frame_step > 0 and samples > 0 and samples % frame_step == 0 and frame_length >= 2 * frame_step
        if not fits or frame_length & (frame_length - 1) or griffin_lim_steps < 0:
            raise ValueError(
                "Expected samples a multiple of frame_step, frame_length a power of two of at least 2 * frame_step, "
                f"griffin_lim_steps at least 0; received samples {samples}, frame_length {frame_length}, frame_step "
                f"{frame_step}, griffin_lim_steps {griffin_lim_steps}."
            )
        self.frame_length, self.frame_step = frame_length, frame_step
        self.mel_bins, self.griffin_lim_steps = mel_bins, griffin_lim_steps
        shape = (samples // frame_step, mel_bins, 1)
        self.modality = Modality(name, "audio", shape, "float32", range=(0.0, 1.0), sample_rate=sample_rate)
        filters = mel_filters(mel_bins, frame_length, sample_rate)
        self._to_mel = filters.astype("float32")
        self._from_mel = np.linalg.pinv(filters).astype("float32")
        turns = np.random.default_rng(PHASE_SEED).random((shape[0], frame_length // 2 + 1))
        self._first_phases = np.exp(2j * np.pi * turns).astype("complex64")

    def preprocess(self, raw):
        """float waveforms `(batch, samples)` -> float32 `(batch, frames, mel_bins, 1)` in 0..1; runs in graphs."""
        magnitude = tf.abs(self._stft(self._pad(tf.cast(raw, tf.float32)))) / self._full_scale()
        mel = tf.maximum(magnitude @ self._to_mel, 1e-7)
        decibels = (20.0 / math.log(10.0)) * tf.math.log(mel)
        return tf.clip_by_value(1.0 - decibels / FLOOR_DB, 0.0, 1.0)[..., None]

    def postprocess(self, tensor):
        """float `(batch, frames, mel_bins, 1)` -> float32 waveforms `(batch, samples)` in -1..1; runs in graphs."""
        level = tf.clip_by_value(tf.cast(tensor, tf.float32)[..., 0], 0.0, 1.0)
        mel = tf.where(level > 0, 10.0 ** (FLOOR_DB / 20.0 * (1.0 - level)), 0.0)
        magnitude = self._full_scale() * tf.maximum(mel @ self._from_mel, 0.0)
        before = (self.frame_length - self.frame_step) // 2
        waveform = self._griffin_lim(tf.cast(magnitude, tf.complex64))
        return tf.clip_by_value(waveform[:, before : before + self.raw_spec.shape[0]], -1.0, 1.0)

    def _griffin_lim(self, magnitude):
        """Waveforms, padded, whose spectrograms come near complex64 `(batch, frames, bins)` of no phase."""

        def step(number, phases, previous):
            rebuilt = self._stft(self._inverse_stft(magnitude * phases))
            ahead = rebuilt + MOMENTUM * (rebuilt - previous)
            return number + 1, ahead / tf.cast(tf.maximum(tf.abs(ahead), 1e-8), tf.complex64), rebuilt

        phases = tf.ones_like(magnitude) * self._first_phases
        state = (0, phases, magnitude * phases)
        _, phases, _ = tf.while_loop(lambda number, *_: number < self.griffin_lim_steps, step, state)
        return self._inverse_stft(magnitude * phases)

    def _pad(self, waveform):
        """Silence at both ends, so that the frames are centred on their steps and `samples / frame_step` in number."""
        more = self.frame_length - self.frame_step
        return tf.pad(waveform, ((0, 0), (more // 2, more - more // 2)))

    def _stft(self, waveform):
        return tf.signal.stft(waveform, self.frame_length, self.frame_step)

    def _inverse_stft(self, spectrogram):
        window = tf.signal.inverse_stft_window_fn(self.frame_step)
        return tf.signal.inverse_stft(spectrogram, self.frame_length, self.frame_step, window_fn=window)

    def _full_scale(self):
        """The magnitude of a sine of amplitude 1 at a bin's centre: half the sum of the Hann window."""
        return self.frame_length / 4.0

    def get_config(self):
        return {
            **super().get_config(),
            "frame_length": self.frame_length,
            "frame_step": self.frame_step,
            "mel_bins": self.mel_bins,
            "griffin_lim_steps": self.griffin_lim_steps,
        }


def mel_filters(mel_bins, frame_length, sample_rate):
    """Triangles of height 1, each from its lower neighbour's centre to its upper one's, equally spaced in mel.

    Returns:
        float64 `(frame_length // 2 + 1, mel_bins)`, from the bins of a Fourier transform to the bands, lowest first.
        The mel scale is O'Shaughnessy's, 1127 ln(1 + hertz / 700).

    Raises:
        ValueError: if a band would hold no bin.
    """
    low, high = (1127.0 * np.log1p(hertz / 700.0) for hertz in (LOWEST_HERTZ, sample_rate / 2))
    edges = np.linspace(low, high, mel_bins + 2)
    bins = 1127.0 * np.log1p(np.linspace(0.0, sample_rate / 2, frame_length // 2 + 1) / 700.0)[:, None]
    rising, falling = (bins - edges[:-2]) / np.diff(edges)[:-1], (edges[2:] - bins) / np.diff(edges)[1:]
    filters = np.maximum(np.minimum(rising, falling), 0.0)
    if empty := int((filters.max(axis=0) <= 0.0).sum()):
        raise ValueError(
            f"Expected mel_bins of which each holds a frequency of a transform of {frame_length} samples at "
            f"{sample_rate} Hz; received {mel_bins}, of which {empty} hold none. Take fewer bins or longer frames."
        )
    return filters
