"""Batch normalisation whose scale and shift a condition decides."""

import keras


class ConditionalBatchNormalization(keras.layers.Layer):
    """`y = (1 + scale(c)) normalise(x) + shift(c)`, over the whole global batch (de Vries et al. 2017; in generators,
    Miyato & Koyama 2018, section 4).

    Args:
        filters: channels of the map.
        condition_dim: length of the condition.

    Input: `x (batch, height, width, filters)`, `condition (batch, condition_dim)`. Output: as x.

    Reference: de Vries, Strub, Mary, Larochelle, Pietquin & Courville, Modulating Early Visual Processing by Language,
    NeurIPS 2017.
    """

    def __init__(self, filters, condition_dim, **kwargs):
        super().__init__(**kwargs)
        self.filters, self.condition_dim = filters, condition_dim
        self.norm = keras.layers.BatchNormalization(center=False, scale=False, synchronized=True, name="norm")
        self.scale = keras.layers.Dense(filters, use_bias=False, name="scale")
        self.shift = keras.layers.Dense(filters, use_bias=False, name="shift")

    def build(self, *shapes, **named_shapes):
        self.norm.build((None, None, None, self.filters))
        self.scale.build((None, self.condition_dim))
        self.shift.build((None, self.condition_dim))
        self.built = True

    def call(self, x, condition, training=False):
        scale, shift = self.scale(condition)[:, None, None], self.shift(condition)[:, None, None]
        return (1.0 + scale) * self.norm(x, training=training) + shift
