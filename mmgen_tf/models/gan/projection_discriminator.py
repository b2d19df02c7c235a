"""A picture and a condition -> a logit, by convolutions and an inner product."""

import keras
from keras import ops

from mmgen_tf.registry import register


@register
class ProjectionDiscriminator(keras.layers.Layer):
    """DCGAN's convolutions (Radford et al. 2016) under the projection head of Miyato & Koyama 2018, eq. 3:
    `logit = linear(phi(x)) + <V c, phi(x)>`.

    A discriminator here has two stages, so that one picture can be scored beside several conditions at little cost:
    `features(image)`, then `score(features, condition)`.

    Args:
        condition_dim: length of the condition.
        height, width, channels: of the picture.
        filters: channels of the first layer; the second has twice as many.
        feature_dim: length of phi(x).

    Input: `image (batch, height, width, channels)`, `condition (batch, condition_dim)`. Output: logits `(batch,)`.
    """

    def __init__(self, condition_dim=128, height=28, width=28, channels=1, filters=64, feature_dim=256, **kwargs):
        super().__init__(**kwargs)
        self.condition_dim, self.height, self.width, self.channels = condition_dim, height, width, channels
        self.filters, self.feature_dim = filters, feature_dim
        layers = keras.layers
        self.convolutions = [
            layers.Conv2D(filters, 4, 2, "same", name="convolution_0"),
            layers.Conv2D(filters * 2, 4, 2, "same", name="convolution_1"),
        ]
        self.dense = layers.Dense(feature_dim, name="dense")
        self.linear = layers.Dense(1, dtype="float32", name="linear")
        self.projection = layers.Dense(feature_dim, use_bias=False, name="projection")

    def build(self, *shapes, **named_shapes):
        h, w, f = -(-self.height // 2), -(-self.width // 2), self.filters
        self.convolutions[0].build((None, self.height, self.width, self.channels))
        self.convolutions[1].build((None, h, w, f))
        self.dense.build((None, -(-h // 2) * -(-w // 2) * 2 * f))
        self.linear.build((None, self.feature_dim))
        self.projection.build((None, self.condition_dim))
        self.built = True

    def features(self, image, training=False):
        """phi(x): `(batch, feature_dim)`."""
        x = image
        for convolution in self.convolutions:
            x = ops.leaky_relu(convolution(x), 0.2)
        return ops.leaky_relu(self.dense(ops.reshape(x, (-1, self.dense.kernel.shape[0]))), 0.2)

    def score(self, features, condition, training=False):
        """Logits `(batch,)` of features beside a condition."""
        match = ops.sum(ops.cast(features * self.projection(condition), "float32"), axis=-1)
        return self.linear(features)[:, 0] + match / self.feature_dim**0.5

    def call(self, image, condition, training=False):
        return self.score(self.features(image, training), condition, training)

    def get_config(self):
        names = ("condition_dim", "height", "width", "channels", "filters", "feature_dim")
        return {name: getattr(self, name) for name in names}
