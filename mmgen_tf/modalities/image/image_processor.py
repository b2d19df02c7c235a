"""uint8 pictures <-> float tensors."""

import numpy as np
import tensorflow as tf

from mmgen_tf.modalities.processor import Processor
from mmgen_tf.modality import Modality
from mmgen_tf.registry import register


@register
class ImageProcessor(Processor):
    """uint8 pictures in 0..255 <-> float32 tensors in `range`.

    Args:
        name: the modality's name.
        height, width: in pixels.
        channels: 1 (grey) or 3 (RGB).
        range: `(low, high)` of the tensor, e.g. (-1, 1) for a tanh generator, (0, 1) for a Bernoulli decoder.
    """

    def __init__(self, name="image", height=28, width=28, channels=1, range=(-1.0, 1.0)):
        self.modality = Modality(name, "image", (height, width, channels), "float32", range=tuple(range))
        self.raw_spec = tf.TensorSpec((height, width, channels), tf.uint8)

    def stack(self, values):
        """uint8 pictures -> uint8 `(n, height, width, channels)`; grey ones may lack the last axis.

        Raises:
            ValueError: for another dtype or shape, or NaN.
        """
        shape = self.modality.shape
        expected = f"uint8 pictures of shape {shape}, values 0..255"
        pictures = [np.asarray(value) for value in values] if not isinstance(values, np.ndarray) else values
        if isinstance(pictures, np.ndarray) and pictures.dtype != object:
            shapes, dtypes = {pictures.shape[1:]}, {pictures.dtype}
        else:
            shapes, dtypes = {p.shape for p in pictures}, {p.dtype for p in pictures}
        if dtypes - {np.dtype("uint8")}:
            kinds = ", ".join(sorted(map(str, dtypes)))
            problem = "not a uint8 picture"
            if any(np.issubdtype(d, np.floating) for d in dtypes):
                bad = any(np.isnan(p).any() for p in pictures if np.issubdtype(np.asarray(p).dtype, np.floating))
                problem = (
                    "holds NaN" if bad else "a float picture; scale it to 0..255 and convert with .astype('uint8')"
                )
            self.refuse(problem, expected, f"dtype {kinds}")
        if shape[-1] == 1:
            shapes = {s + (1,) if len(s) == 2 else s for s in shapes}
        if shapes - {shape}:
            self.refuse("wrong shape", expected, f"shape {', '.join(str(s) for s in sorted(shapes, key=str))}")
        return np.reshape(np.asarray(pictures), (-1, *shape))

    def preprocess(self, raw):
        low, high = self.modality.range
        return tf.cast(raw, tf.float32) * ((high - low) / 255.0) + low

    def postprocess(self, tensor):
        low, high = self.modality.range
        unit = tf.clip_by_value((tf.cast(tensor, tf.float32) - low) / (high - low), 0.0, 1.0)
        return tf.cast(tf.round(unit * 255.0), tf.uint8)

    def get_config(self):
        height, width, channels = self.modality.shape
        return {
            "name": self.modality.name,
            "height": height,
            "width": width,
            "channels": channels,
            "range": list(self.modality.range),
        }
