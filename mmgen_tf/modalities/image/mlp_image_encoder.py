"""A picture -> one vector, by dense layers."""

import math

import keras
from keras import ops

from mmgen_tf.registry import register


@register
class MLPImageEncoder(keras.layers.Layer):
    """Dense ReLU layers over the flat picture.

    Args:
        height, width, channels: of the picture.
        hidden_dims: widths of the layers; the last is the output's.

    Input: float `(batch, height, width, channels)`. Output: float `(batch, hidden_dims[-1])`.
    """

    def __init__(self, height=28, width=28, channels=1, hidden_dims=(512, 512), **kwargs):
        super().__init__(**kwargs)
        self.height, self.width, self.channels, self.hidden_dims = height, width, channels, tuple(hidden_dims)
        self.output_dim = self.hidden_dims[-1]
        self.hidden = [
            keras.layers.Dense(dim, activation="relu", name=f"hidden_{i}") for i, dim in enumerate(self.hidden_dims)
        ]

    def build(self, *shapes):
        self.flat = math.prod((self.height, self.width, self.channels))
        for layer, dim in zip(self.hidden, (self.flat, *self.hidden_dims)):
            layer.build((None, dim))
        self.built = True

    def call(self, images):
        x = ops.reshape(images, (-1, self.flat))
        for layer in self.hidden:
            x = layer(x)
        return x

    def get_config(self):
        return {name: getattr(self, name) for name in ("height", "width", "channels", "hidden_dims")}
