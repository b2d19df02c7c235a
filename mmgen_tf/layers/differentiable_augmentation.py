"""Random changes of pictures that gradients pass through, for discriminators with little data."""

import keras
import tensorflow as tf

from mmgen_tf.registry import register

POLICIES = ("color", "translation", "cutout")


@register
class DifferentiableAugmentation(keras.layers.Layer):
    """DiffAugment (Zhao et al. 2020, section 3.2): real and generated pictures alike are changed before the
    discriminator sees them, so that it cannot learn the few real ones by heart, and the generator is not taught the
    changes.

    Args:
        policy: names among "color" (brightness, saturation, contrast), "translation" (up to an eighth, the gap filled
            with `fill`) and "cutout" (a square of half the side becomes `fill`).
        fill: value that fills gaps, in the pictures' range: their background.

    Input: `pictures (batch, height, width, channels)`, a `Noise`. Output: the same shape.

    Reference: Zhao, Liu, Lin, Zhu & Han, Differentiable Augmentation for Data-Efficient GAN Training, NeurIPS 2020.
    """

    def __init__(self, policy=POLICIES, fill=0.0, **kwargs):
        super().__init__(**kwargs)
        unknown = sorted(set(policy) - set(POLICIES))
        if unknown:
            raise ValueError(f"DifferentiableAugmentation knows the policies {POLICIES}; received {unknown}.")
        self.policy, self.fill = tuple(policy), fill

    def build(self, *shapes):
        self.built = True

    def call(self, pictures, noise):
        rows = tf.shape(pictures)[0]
        if "color" in self.policy:
            draws = (tf.cast(noise.uniform((rows, 1, 1, 1)), pictures.dtype) for _ in range(3))
            brightness, saturation, contrast = draws
            pictures += brightness - 0.5
            grey = tf.reduce_mean(pictures, axis=-1, keepdims=True)
            pictures = grey + (pictures - grey) * 2.0 * saturation
            middle = tf.reduce_mean(pictures, axis=(1, 2, 3), keepdims=True)
            pictures = middle + (pictures - middle) * (0.5 + contrast)
        if "translation" in self.policy:
            pictures = self._translated(pictures, noise)
        if "cutout" in self.policy:
            pictures = self._cut(pictures, noise)
        return pictures

    def _translated(self, pictures, noise):
        """By whole pixels, each axis by a gather of rows: the gradient is a scatter."""
        rows = tf.shape(pictures)[0]
        for axis in (1, 2):
            size = pictures.shape[axis]
            most = max(1, size // 8)
            shift = tf.cast(noise.uniform((rows, 1)) * (2 * most + 1), tf.int32) - most
            padded = tf.pad(pictures, [[0, 0], *([most, most] if a == axis else [0, 0] for a in (1, 2)), [0, 0]],
                            constant_values=tf.cast(self.fill, pictures.dtype))  # fmt: skip
            pictures = tf.gather(padded, tf.range(size)[None] + most + shift, axis=axis, batch_dims=1)
            pictures = tf.ensure_shape(pictures, (None, *padded.shape[1:axis], size, *padded.shape[axis + 1 :]))
        return pictures

    def _cut(self, pictures, noise):
        rows, inside = tf.shape(pictures)[0], None
        for axis in (1, 2):
            size = pictures.shape[axis]
            centre = noise.uniform((rows, 1)) * size
            near = tf.abs(tf.range(size, dtype=tf.float32)[None] + 0.5 - centre) < size / 4
            near = tf.reshape(near, (-1, size, 1, 1) if axis == 1 else (-1, 1, size, 1))
            inside = near if inside is None else inside & near
        return tf.where(inside, tf.cast(self.fill, pictures.dtype), pictures)

    def get_config(self):
        return {"policy": list(self.policy), "fill": self.fill}
