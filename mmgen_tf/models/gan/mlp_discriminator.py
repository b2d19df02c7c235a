"""A picture and a condition -> a logit, by dense layers."""

import math

import keras
from keras import ops

from mmgen_tf.registry import register


@register
class MLPDiscriminator(keras.layers.Layer):
    """Dense discriminator: picture and condition joined, leaky ReLU and dropout (Mirza & Osindero 2014, section 4.1).

    Its features are the flat picture itself; see `ProjectionDiscriminator` for the two stages.

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
        self.hidden = [layers.Dense(dim, name=f"hidden_{i}") for i, dim in enumerate(self.hidden_dims)]
        self.drop = [layers.Dropout(dropout, seed=seed + i, name=f"drop_{i}") for i in range(len(self.hidden_dims))]
        self.linear = layers.Dense(1, dtype="float32", name="linear")

    def build(self, *shapes, **named_shapes):
        picture = math.prod((self.height, self.width, self.channels))
        widths = (picture + self.condition_dim, *self.hidden_dims)
        for layer, dim in zip((*self.hidden, self.linear), widths):
            layer.build((None, dim))
        self.built = True

    def features(self, image, training=False):
        """The flat picture `(batch, height * width * channels)`."""
        return ops.reshape(image, (-1, self.height * self.width * self.channels))

    def score(self, features, condition, training=False):
        """Logits `(batch,)` of features beside a condition."""
        x = ops.concatenate([features, condition], axis=-1)
        for layer, drop in zip(self.hidden, self.drop):
            x = drop(ops.leaky_relu(layer(x), self.slope), training=training)
        return self.linear(x)[:, 0]

    def call(self, image, condition, training=False):
        return self.score(self.features(image, training), condition, training)

    def get_config(self):
        names = ("condition_dim", "height", "width", "channels", "hidden_dims", "dropout", "slope", "seed")
        return {name: getattr(self, name) for name in names}
