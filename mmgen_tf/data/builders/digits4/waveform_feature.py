"""A feature of TFDS for waveforms: 16-bit and compressed on disk, floats everywhere else."""

import zlib

import numpy as np
import tensorflow as tf
import tensorflow_datasets as tfds

_STEPS = 32767


class WaveformFeature(tfds.features.Tensor):
    """float32 (samples,) in -1..1, kept as zlib-compressed 16-bit integers.

    Args:
        samples: the length.
        doc: what the feature is.
    """

    def __init__(self, samples, doc=None):
        self._samples = samples
        super().__init__(
            shape=(samples,), dtype=np.float32, serialized_dtype=np.int16, encoding=tfds.features.Encoding.ZLIB, doc=doc
        )

    def encode_example(self, example_data):
        """float (samples,) in -1..1 -> bytes. Raises ValueError for another shape."""
        steps = np.round(np.clip(np.asarray(example_data), -1.0, 1.0) * _STEPS)
        return super().encode_example(steps.astype(np.int16))

    def decode_example(self, tfexample_data):
        """bytes -> float32 (samples,)."""
        steps = tf.io.decode_raw(tf.io.decode_compressed(tfexample_data, compression_type="ZLIB"), tf.int16)
        return tf.ensure_shape(tf.cast(steps, tf.float32) / _STEPS, self.shape)

    def decode_example_np(self, example_data):
        """bytes -> float32 (samples,), without TensorFlow."""
        return np.frombuffer(zlib.decompress(example_data), np.int16).astype(np.float32) / _STEPS

    @classmethod
    def from_json_content(cls, value):
        """The feature that `to_json_content` tells of."""
        return cls(samples=value["samples"])

    def to_json_content(self):
        """What `features.json` keeps."""
        return {"samples": self._samples}
