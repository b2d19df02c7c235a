"""A picture and a condition -> a logit, by dense layers."""

import math

import keras
from keras import ops

from mmgen_tf.registry import register


@register
class MLPDiscriminator(keras.layers.Layer):
    """Dense discriminator: picture and condition joined, leaky ReLU and dropout (Mirza & Osindero 2014, section 4.1).

    Its features are what the picture brings to the first layer; the condition's part is added by `score`, which equals
    a layer over both joined. See `ProjectionDiscriminator` for the two stages.

    Args:
        condition_dim: length of the condition.
        height, width, channels: of the picture.
        hidden_dims: widths of the hidden layers.
        dropout: rate after each hidden layer.
        slope: of the leaky ReLU.
        seed: of the dropout.

    Input: `image (batch, height, width, channels)`, `condition (batch, condition_dim)`. Output: logits `(batch,)`.
    """

    def __init__(
        self, condition_dim=200, height=28, width=28, channels=1, hidden_dims=(1024, 512, 256), dropout=0.3,
        slope=0.2, seed=0, **kwargs,
    ):  # fmt: skip
        super().__init__(**kwargs)
        self.condition_dim, self.hidden_dims, self.dropout = condition_dim, tuple(hidden_dims), dropout
        self.height, self.width, self.channels, self.slope, self.seed = height, width, channels, slope, seed
        layers = keras.layers
        self.from_image = layers.Dense(self.hidden_dims[0], use_bias=False, name="from_image")
        self.from_condition = layers.Dense(self.hidden_dims[0], name="from_condition")
        self.hidden = [layers.Dense(dim, name=f"hidden_{i + 1}") for i, dim in enumerate(self.hidden_dims[1:])]
        self.drop = [layers.Dropout(dropout, seed=seed + i, name=f"drop_{i}") for i in range(len(self.hidden_dims))]
        self.linear = layers.Dense(1, dtype="float32", name="linear")

    def build(self, *shapes, **named_shapes):
        self.from_image.build((None, math.prod((self.height, self.width, self.channels))))
        self.from_condition.build((None, self.condition_dim))
        for layer, dim in zip((*self.hidden, self.linear), self.hidden_dims):
            layer.build((None, dim))
        self.built = True

    def features(self, image, training=False):
        """The picture's part of the first layer, `(batch, hidden_dims[0])`."""
        return self.from_image(ops.reshape(image, (-1, self.height * self.width * self.channels)))

    def score(self, features, condition, training=False):
        """Logits `(batch,)` of features beside a condition."""
        x = self._activated(features + self.from_condition(condition), 0, training)
        for number, layer in enumerate(self.hidden, 1):
            x = self._activated(layer(x), number, training)
        return self.linear(x)[:, 0]

    def _activated(self, x, number, training):
        return self.drop[number](ops.leaky_relu(x, self.slope), training=training)

    def call(self, image, condition, training=False):
        return self.score(self.features(image, training), condition, training)

    def get_config(self):
        names = ("condition_dim", "height", "width", "channels", "hidden_dims", "dropout", "slope", "seed")
        return {name: getattr(self, name) for name in names}
