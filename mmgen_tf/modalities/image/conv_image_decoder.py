"""A latent vector -> a picture, by transposed convolutions, with its likelihood."""

import keras
from keras import ops

from mmgen_tf.losses.likelihood import make_likelihood
from mmgen_tf.registry import register


@register
class ConvImageDecoder(keras.layers.Layer):
    """p(picture | z): a dense layer, then 4x4 transposed convolutions with stride 2 and ReLU (Radford et al. 2016,
    without batch normalisation); the last one gives the likelihood's parameters.

    Also for other maps of numbers, a log-mel spectrogram `(frames, bins, 1)` say.

    Args:
        latent_dim: length of z.
        height, width, channels: of the picture; both must be divisible by 2 as often as there are filters.
        filters: channels before each transposed convolution.
        likelihood: "bernoulli", "gaussian" or "laplace".
        scale: of the Gaussian or Laplace likelihood.

    Input: `z (batch, latent_dim)`. Output: the likelihood's parameters `(batch, height, width, channels)`, float32.

    Raises:
        ValueError: for a height or width that cannot be halved so often.
    """

    def __init__(
        self, latent_dim=64, height=28, width=28, channels=1, filters=(64, 32), likelihood="bernoulli", scale=None,
        **kwargs,
    ):  # fmt: skip
        super().__init__(**kwargs)
        self.latent_dim, self.filters = latent_dim, tuple(filters)
        self.height, self.width, self.channels = height, width, channels
        self.likelihood, self.scale = likelihood, scale
        self.distribution = make_likelihood(likelihood, scale)
        times = 2 ** len(self.filters)
        if height % times or width % times:
            raise ValueError(
                f"{len(self.filters)} halvings need height and width divisible by {times}; received {height}, {width}."
            )
        self.start = (height // times, width // times, self.filters[0])
        layers, widths = keras.layers, (*self.filters[1:], channels)
        self.dense = layers.Dense(self.start[0] * self.start[1] * self.start[2], activation="relu", name="dense")
        self.convolutions = [
            layers.Conv2DTranspose(f, 4, 2, "same", activation="relu", name=f"convolution_{i}")
            for i, f in enumerate(widths[:-1])
        ]
        self.to_image = layers.Conv2DTranspose(channels, 4, 2, "same", name="to_image", dtype="float32")

    def build(self, *shapes):
        self.dense.build((None, self.latent_dim))
        height, width, channels = self.start
        for layer in (*self.convolutions, self.to_image):
            layer.build((None, height, width, channels))
            height, width, channels = 2 * height, 2 * width, layer.filters
        self.built = True

    def call(self, z):
        x = ops.reshape(self.dense(z), (-1, *self.start))
        for layer in (*self.convolutions, self.to_image):
            x = layer(x)
        return x

    def log_prob(self, z, x, noise=None):
        """log p(x | z) in nats, `(batch,)`; x in the likelihood's range."""
        return self.distribution.log_prob(self(z), x)

    def draw(self, z, noise, temperature=0.0):
        """The mean picture given z, `(batch, height, width, channels)`."""
        return self.distribution.mean(self(z))

    def get_config(self):
        names = ("latent_dim", "height", "width", "channels", "filters", "likelihood", "scale")
        return {name: getattr(self, name) for name in names}
