"""A feature network with a projection onto the unit sphere on top."""

import keras
from keras import ops

from mmgen_tf.registry import register


@register
class UnitEncoder(keras.layers.Layer):
    """A linear projection of the features of an injected network, divided by its length (Radford et al. 2021).

    Args:
        network: layer with `output_dim`, from the modality's tensor to `(batch, output_dim)`.
        output_dim: length of the vectors.

    Input: what `network` takes. Output: float32 `(batch, output_dim)`, of length 1.
    """

    def __init__(self, network, output_dim=128, **kwargs):
        super().__init__(**kwargs)
        self.network, self.output_dim = network, output_dim
        self.projection = keras.layers.Dense(output_dim, use_bias=False, dtype="float32", name="projection")

    def build(self, *shapes):
        self.network.build()
        self.projection.build((None, self.network.output_dim))
        self.built = True

    def call(self, values, training=False):  # Keras hands `training` down to a network that asks for it
        return ops.normalize(self.projection(self.network(values)), axis=-1)

    def get_config(self):
        return {"network": self.network, "output_dim": self.output_dim}
