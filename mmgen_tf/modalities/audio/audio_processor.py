"""Waveforms <-> float tensors of one length."""

import numpy as np
import tensorflow as tf

from mmgen_tf.modalities.processor import Processor
from mmgen_tf.modality import Modality
from mmgen_tf.registry import register


@register
class AudioProcessor(Processor):
    """float32 mono waveforms in -1..1 <-> float32 tensors `(samples,)`; shorter clips are padded with silence.

    Args:
        name: the modality's name.
        samples: the tensor's length, in samples.
        sample_rate: in hertz.
    """

    def __init__(self, name="audio", samples=8000, sample_rate=8000):
        self.modality = Modality(name, "audio", (samples,), "float32", range=(-1.0, 1.0), sample_rate=sample_rate)
        self.raw_spec = tf.TensorSpec((samples,), tf.float32)

    def stack(self, values):
        """A list of 1-D float waveforms -> float32 `(n, samples)`.

        Raises:
            ValueError: for NaN, other ranks or dtypes, longer clips.
        """
        samples = self.raw_spec.shape[0]
        expected = f"a float waveform of at most {samples} samples at {self.modality.sample_rate} Hz, values -1..1"
        raw = np.zeros((len(values), samples), "float32")
        for row, value in zip(raw, values):
            clip = np.asarray(value)
            if clip.ndim != 1 or len(clip) > samples or not np.issubdtype(clip.dtype, np.floating):
                self.refuse("not a clip this model takes", expected, f"{clip.dtype} of shape {clip.shape}")
            if not np.isfinite(clip).all():
                self.refuse("holds NaN or infinity", expected, "values that are not finite")
            row[: len(clip)] = clip
        return raw

    def preprocess(self, raw):
        return tf.cast(raw, tf.float32)

    def postprocess(self, tensor):
        return tf.clip_by_value(tf.cast(tensor, tf.float32), -1.0, 1.0)

    def get_config(self):
        name, samples, rate = self.modality.name, self.raw_spec.shape[0], self.modality.sample_rate
        return {"name": name, "samples": samples, "sample_rate": rate}
