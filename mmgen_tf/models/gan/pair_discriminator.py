"""Several values -> one logit: whether they belong together, and are real."""

import keras
from keras import ops

from mmgen_tf.registry import register


@register
class PairDiscriminator(keras.layers.Layer):
    """A network for each value, their features joined, a hidden layer and a logit (as the discriminators on pairs of
    Dumoulin et al. 2017 and Donahue et al. 2017).

    Args:
        networks: dict of name -> layer with `output_dim`, from the value to `(batch, output_dim)`.
        hidden_dim: width of the hidden layer.

    Input: dict of values. Output: logits `(batch,)`.

    Reference: Dumoulin, Belghazi, Poole, Mastropietro, Lamb, Arjovsky & Courville, Adversarially Learned Inference,
    ICLR 2017.
    """

    def __init__(self, networks, hidden_dim=256, **kwargs):
        super().__init__(**kwargs)
        self.networks, self.hidden_dim = dict(sorted(networks.items())), hidden_dim
        self.hidden = keras.layers.Dense(hidden_dim, name="hidden")
        self.linear = keras.layers.Dense(1, dtype="float32", name="linear")

    def build(self, *shapes, **named_shapes):
        for network in self.networks.values():
            network.build()
        self.hidden.build((None, sum(network.output_dim for network in self.networks.values())))
        self.linear.build((None, self.hidden_dim))
        self.built = True

    def features(self, values):
        """dict of name -> features `(batch, output_dim)` of each value."""
        return {name: self.feature(name, values[name]) for name in self.networks}

    def feature(self, name, value):
        """Features `(batch, output_dim)` of the value of that name."""
        return ops.leaky_relu(self.networks[name](value), 0.2)

    def score(self, features):
        """Logits `(batch,)` of features."""
        joined = ops.concatenate([features[name] for name in self.networks], axis=-1)
        return self.linear(ops.leaky_relu(self.hidden(joined), 0.2))[:, 0]

    def call(self, values, training=False):
        return self.score(self.features(values))

    def get_config(self):
        return {"networks": self.networks, "hidden_dim": self.hidden_dim}
