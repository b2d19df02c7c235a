"""Noise and a condition -> a picture, by dense layers."""

import math

import keras
from keras import ops

from mmgen_tf.registry import register


@register
class MLPGenerator(keras.layers.Layer):
    """Dense generator: noise and condition joined, hidden ReLU layers, tanh (Mirza & Osindero 2014, section 4.1).

    Args:
        noise_dim, condition_dim: lengths of the two input vectors.
        height, width, channels: of the picture.
        hidden_dims: widths of the hidden layers.

    Input: `noise (batch, noise_dim)`, `condition (batch, condition_dim)`.
    Output: `(batch, height, width, channels)` in (-1, 1).
    """

    def __init__(
        self, noise_dim=100, condition_dim=200, height=28, width=28, channels=1, hidden_dims=(256, 512, 1024), **kwargs
    ):  # fmt: skip
        super().__init__(**kwargs)
        self.noise_dim, self.condition_dim, self.hidden_dims = noise_dim, condition_dim, tuple(hidden_dims)
        self.height, self.width, self.channels = height, width, channels
        dense = keras.layers.Dense
        self.hidden = [dense(dim, activation="relu", name=f"hidden_{i}") for i, dim in enumerate(self.hidden_dims)]
        self.to_image = dense(math.prod((height, width, channels)), dtype="float32", name="to_image")

    def build(self, *shapes, **named_shapes):
        widths = (self.noise_dim + self.condition_dim, *self.hidden_dims)
        for layer, dim in zip((*self.hidden, self.to_image), widths):
            layer.build((None, dim))
        self.built = True

    def call(self, noise, condition, training=False):
        x = ops.concatenate([noise, condition], axis=-1)
        for layer in self.hidden:
            x = layer(x)
        return ops.reshape(ops.tanh(self.to_image(x)), (-1, self.height, self.width, self.channels))

    def get_config(self):
        names = ("noise_dim", "condition_dim", "height", "width", "channels", "hidden_dims")
        return {name: getattr(self, name) for name in names}
