"""Vectors of regions that a processor has made, as they are."""

import keras
from keras import ops

from mmgen_tf.registry import register


@register
class GivenRegions(keras.layers.Layer):
    """The encoder of what a `BackboneImageProcessor` gives: normalised to mean 0 and variance 1 a vector, some of them
    left out while training.

    Args:
        output_dim: length of the vectors.
        dropout: share of the numbers that are left out while training.

    Input: float `(batch, regions, output_dim)`. Output: float `(batch, output_dim)`, their mean. `regions` gives each.
    """

    def __init__(self, output_dim, dropout=0.0, **kwargs):
        super().__init__(**kwargs)
        self.output_dim, self.dropout = output_dim, dropout
        self.norm, self.drop = keras.layers.LayerNormalization(name="norm"), keras.layers.Dropout(dropout)

    def build(self, *shapes):
        self.norm.build((None, None, self.output_dim))
        self.built = True

    def regions(self, vectors, training=False):
        """`(batch, regions, output_dim)`."""
        return self.drop(self.norm(vectors), training=training)

    def call(self, vectors, training=False):
        return ops.mean(self.regions(vectors, training), axis=1)

    def get_config(self):
        return {"output_dim": self.output_dim, "dropout": self.dropout}
