"""Several modalities -> one vector, by one network that sees them all."""

import keras
from keras import ops

from mmgen_tf.registry import register


@register
class JoinedNetworks(keras.layers.Layer):
    """A network for each modality, their vectors joined, and a dense layer over all.

    Under a `GaussianEncoder` it is a joint encoder q(z | x_1 .. x_n).

    Args:
        networks: dict of modality name -> layer with `output_dim`, from the modality's tensor to a vector.
        output_dim: width of the dense layer.

    Input: dict of tensors, the named modalities among them. Output: `(batch, output_dim)`.
    """

    def __init__(self, networks, output_dim=256, **kwargs):
        super().__init__(**kwargs)
        self.networks = dict(sorted(networks.items()))
        self.output_dim = output_dim
        self.dense = keras.layers.Dense(output_dim, activation="relu", name="dense")

    def build(self, *shapes, **named_shapes):
        for network in self.networks.values():
            network.build()
        self.dense.build((None, sum(network.output_dim for network in self.networks.values())))
        self.built = True

    def call(self, values):
        return self.dense(
            ops.concatenate([ops.relu(net(values[name])) for name, net in self.networks.items()], axis=-1)
        )

    def get_config(self):
        return {"networks": self.networks, "output_dim": self.output_dim}
