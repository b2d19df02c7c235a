"""Small random rotations, zooms, shifts and mirror images of pictures, for training."""

import math

import keras
import tensorflow as tf

from mmgen_tf.registry import register


@register
class RandomAffine(keras.layers.Layer):
    """Moves each picture of a batch by its own random affine map, bilinear, edges repeated.

    Args:
        rotation: in degrees, drawn from (-rotation, rotation).
        zoom: relative, drawn from (1 - zoom, 1 + zoom).
        shift: in pixels, drawn from (-shift, shift) in both directions.
        mirror: the share of pictures whose left and right change places.

    Input: `images (batch, height, width, channels)`, a `Noise`. Output: the same shape.
    """

    def __init__(self, rotation=10.0, zoom=0.1, shift=2.0, mirror=0.0, **kwargs):
        super().__init__(**{"dtype": "float32", **kwargs})
        self.rotation, self.zoom, self.shift, self.mirror = rotation, zoom, shift, mirror

    def build(self, *shapes):
        self.built = True

    def call(self, images, noise):
        height, width = images.shape[1:3]
        draws = 2.0 * noise.uniform((tf.shape(images)[0], 4)) - 1.0
        angle = draws[:, 0] * (self.rotation * math.pi / 180.0)
        scale = 1.0 + draws[:, 1] * self.zoom
        a, b = tf.cos(angle) / scale, tf.sin(angle) / scale
        centre_x, centre_y = (width - 1) / 2.0, (height - 1) / 2.0
        offset_x = centre_x - a * centre_x - b * centre_y + draws[:, 2] * self.shift
        offset_y = centre_y + b * centre_x - a * centre_y + draws[:, 3] * self.shift
        nothing, side = tf.zeros_like(a), tf.ones_like(a)
        if self.mirror:
            mirrored = noise.uniform((tf.shape(images)[0], 1))[:, 0] < self.mirror
            side = tf.where(mirrored, -side, side)
            offset_x += tf.where(mirrored, a * (width - 1), nothing)
            offset_y -= tf.where(mirrored, b * (width - 1), nothing)
        maps = tf.stack([side * a, b, offset_x, -side * b, a, offset_y, nothing, nothing], axis=1)
        return tf.raw_ops.ImageProjectiveTransformV3(
            images=images, transforms=maps, output_shape=(height, width), interpolation="BILINEAR",
            fill_mode="NEAREST", fill_value=0.0,
        )  # fmt: skip

    def get_config(self):
        return {name: getattr(self, name) for name in ("rotation", "zoom", "shift", "mirror")}
