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
        dropout: rate before each layer, while training.
        seed: of the dropout.

    Input: float `(batch, height, width, channels)`. Output: float `(batch, hidden_dims[-1])`.
    """

    def __init__(self, height=28, width=28, channels=1, hidden_dims=(512, 512), dropout=0.0, seed=0, **kwargs):
        super().__init__(**kwargs)
        self.height, self.width, self.channels, self.hidden_dims = height, width, channels, tuple(hidden_dims)
        self.output_dim, self.dropout, self.seed = self.hidden_dims[-1], dropout, seed
        self.hidden = [
            keras.layers.Dense(dim, activation="relu", name=f"hidden_{i}") for i, dim in enumerate(self.hidden_dims)
        ]

        self.drop = [keras.layers.Dropout(dropout, seed=seed + i, name=f"drop_{i}") for i in range(len(self.hidden))]

    def build(self, *shapes):
        self.flat = math.prod((self.height, self.width, self.channels))
        for layer, dim in zip(self.hidden, (self.flat, *self.hidden_dims)):
            layer.build((None, dim))
        self.built = True

    def call(self, images, training=False):
        x = ops.reshape(images, (-1, self.flat))
        for layer, drop in zip(self.hidden, self.drop):
            x = layer(drop(x, training=training))
        return x

    def get_config(self):
        return {name: getattr(self, name) for name in ("height", "width", "channels", "hidden_dims", "dropout", "seed")}
