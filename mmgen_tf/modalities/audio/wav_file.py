"""Waveforms <-> WAV files of 16-bit PCM, with TensorFlow alone."""

import pathlib

import numpy as np
import tensorflow as tf


def write_wav(path, waveform, sample_rate):
    """Writes a mono WAV file of 16-bit PCM.

    Args:
        path: of the file; its folder is made where there is none.
        waveform: float `(samples,)`, values -1..1; what lies outside is clipped.
        sample_rate: in hertz.

    Returns:
        `pathlib.Path` of the file.

    Raises:
        ValueError: for another rank or dtype, or NaN.
    """
    waveform = np.asarray(waveform)
    if waveform.ndim != 1 or not np.issubdtype(waveform.dtype, np.floating) or not np.isfinite(waveform).all():
        raise ValueError(
            f"{path}: expected a finite float waveform of shape (samples,); received {waveform.dtype} of shape "
            f"{waveform.shape}."
        )
    path = pathlib.Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    clipped = np.clip(waveform, -1.0, 1.0).astype("float32")
    path.write_bytes(tf.audio.encode_wav(clipped[:, None], sample_rate).numpy())
    return path


def read_wav(path, sample_rate, samples=None):
    """Reads a WAV file of 16-bit PCM; several channels are averaged.

    Args:
        path: of the file.
        sample_rate: in hertz, the one that the file must have.
        samples: the longest clip that is taken, in samples; None is any.

    Returns:
        float32 `(n,)`, values -1..1, n at most `samples`.

    Raises:
        ValueError: if there is no such file, it is no such WAV file, it has another sample rate, or it is longer.
    """
    path = pathlib.Path(path)
    if not path.is_file():
        raise ValueError(f"There is no sound file {path}.")
    try:
        channels, rate = (tensor.numpy() for tensor in tf.audio.decode_wav(path.read_bytes()))
    except tf.errors.InvalidArgumentError as error:
        reason = error.message.splitlines()[0].partition(" [Op:")[0]
        raise ValueError(f"{path}: expected a WAV file of 16-bit PCM; it cannot be read ({reason}).") from None
    if rate != sample_rate:
        raise ValueError(f"{path}: expected a WAV file at {sample_rate} Hz; received one at {rate} Hz.")
    if samples is not None and len(channels) > samples:
        raise ValueError(f"{path}: expected at most {samples} samples at {rate} Hz; received {len(channels)}.")
    return channels.mean(axis=1, dtype="float32")
