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
        singles: names of values that are judged alone too, each by a hidden layer of its own on the same features, so
            that what is false about one does not hide whether they agree (Donahue & Simonyan 2019, section 2).

    Input: dict of values. Output: logits `(batch,)`.

    Reference: Dumoulin, Belghazi, Poole, Mastropietro, Lamb, Arjovsky & Courville, Adversarially Learned Inference,
    ICLR 2017. Donahue & Simonyan, Large Scale Adversarial Representation Learning, NeurIPS 2019.
    """

    def __init__(self, networks, hidden_dim=256, singles=(), **kwargs):
        super().__init__(**kwargs)
        self.networks, self.hidden_dim, self.singles = dict(sorted(networks.items())), hidden_dim, sorted(singles)
        if not set(self.singles) <= set(self.networks):
            raise ValueError(f"singles must be among {list(self.networks)}; received {self.singles}.")
        dense = keras.layers.Dense
        self.single_hidden = {name: dense(hidden_dim, name=f"hidden_{name}") for name in self.singles}
        self.single_linear = {name: dense(1, dtype="float32", name=f"linear_{name}") for name in self.singles}
        self.hidden = keras.layers.Dense(hidden_dim, name="hidden")
        self.linear = keras.layers.Dense(1, dtype="float32", name="linear")

    def build(self, *shapes, **named_shapes):
        for network in self.networks.values():
            network.build()
        self.hidden.build((None, sum(network.output_dim for network in self.networks.values())))
        self.linear.build((None, self.hidden_dim))
        for name in self.singles:
            self.single_hidden[name].build((None, self.networks[name].output_dim))
            self.single_linear[name].build((None, self.hidden_dim))
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

    def scores(self, features):
        """List of logits `(batch,)` of features: of all together, then of each of `singles` alone."""
        alone = [self.single_linear[n](ops.leaky_relu(self.single_hidden[n](features[n]), 0.2)) for n in self.singles]
        return [self.score(features), *(logits[:, 0] for logits in alone)]

    def call(self, values, training=False):
        return self.score(self.features(values))

    def get_config(self):
        return {"networks": self.networks, "hidden_dim": self.hidden_dim, "singles": self.singles}
