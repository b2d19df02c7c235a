"""A feature network with a Gaussian on top."""

import keras
from keras import ops

from mmgen_tf.registry import register


@register
class GaussianEncoder(keras.layers.Layer):
    """q(z | x) = N(mean, exp(log_variance)), diagonal, from the features of an injected network.

    Args:
        network: layer with `output_dim`, from the modality's tensor to `(batch, output_dim)`.
        latent_dim: length of z.

    Input: what `network` takes. Output: `(mean, log_variance)`, each float32 `(batch, latent_dim)`.
    """

    def __init__(self, network, latent_dim=64, **kwargs):
        super().__init__(**kwargs)
        self.network, self.latent_dim = network, latent_dim
        self.mean = keras.layers.Dense(latent_dim, dtype="float32", name="mean")
        self.log_variance = keras.layers.Dense(latent_dim, dtype="float32", name="log_variance")

    def build(self, *shapes):
        self.network.build()
        self.mean.build((None, self.network.output_dim))
        self.log_variance.build((None, self.network.output_dim))
        self.built = True

    def call(self, values, training=False):
        features = ops.relu(self.network(values))
        return self.mean(features), self.log_variance(features)

    def get_config(self):
        return {"network": self.network, "latent_dim": self.latent_dim}
