"""A latent vector -> a picture, by dense layers, with its likelihood."""

import math

import keras
from keras import ops

from mmgen_tf.losses.likelihood import make_likelihood
from mmgen_tf.registry import register


@register
class MLPImageDecoder(keras.layers.Layer):
    """p(picture | z) by dense ReLU layers.

    Every decoder here is such a distribution: `log_prob(z, x)` scores a value, `draw(z, noise)` makes one.

    Args:
        latent_dim: length of z.
        height, width, channels: of the picture.
        hidden_dims: widths of the hidden layers.
        likelihood: "bernoulli", "gaussian" or "laplace".
        scale: of the Gaussian or Laplace likelihood.

    Input: `z (batch, latent_dim)`. Output: the likelihood's parameters `(batch, height, width, channels)`, float32.
    """

    def __init__(
        self, latent_dim=64, height=28, width=28, channels=1, hidden_dims=(512, 512), likelihood="bernoulli",
        scale=None, **kwargs,
    ):  # fmt: skip
        super().__init__(**kwargs)
        self.latent_dim, self.hidden_dims = latent_dim, tuple(hidden_dims)
        self.height, self.width, self.channels = height, width, channels
        self.likelihood, self.scale = likelihood, scale
        self.distribution = make_likelihood(likelihood, scale)
        dense = keras.layers.Dense
        self.hidden = [dense(dim, activation="relu", name=f"hidden_{i}") for i, dim in enumerate(self.hidden_dims)]
        self.to_image = dense(math.prod((height, width, channels)), dtype="float32", name="to_image")

    def build(self, *shapes):
        for layer, dim in zip((*self.hidden, self.to_image), (self.latent_dim, *self.hidden_dims)):
            layer.build((None, dim))
        self.built = True

    def call(self, z):
        for layer in self.hidden:
            z = layer(z)
        return ops.reshape(self.to_image(z), (-1, self.height, self.width, self.channels))

    def log_prob(self, z, x, noise=None):
        """log p(x | z) in nats, `(batch,)`; x in the likelihood's range."""
        return self.distribution.log_prob(self(z), x)

    def draw(self, z, noise, temperature=0.0):
        """The mean picture given z, `(batch, height, width, channels)`."""
        return self.distribution.mean(self(z))

    def get_config(self):
        names = ("latent_dim", "height", "width", "channels", "hidden_dims", "likelihood", "scale")
        return {name: getattr(self, name) for name in names}
