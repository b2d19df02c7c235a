"""A picture and a condition -> a logit, by residual blocks and an inner product."""

from functools import partial

import keras
from keras import ops

from mmgen_tf.layers.self_attention import SelfAttention
from mmgen_tf.layers.spectral_normalized import SpectralNormalized
from mmgen_tf.models.gan.residual_blocks import DownBlock
from mmgen_tf.registry import register


@register
class ResidualDiscriminator(keras.layers.Layer):
    """Residual blocks that halve the picture's side, spectrally normalised throughout (Miyato et al. 2018), with
    self-attention between two of them (Zhang et al. 2019), under the projection head of Miyato & Koyama 2018, eq. 3.

    Two stages, as every discriminator here: `features(image)`, then `score(features, condition)`.

    Args:
        condition_dim: length of the condition.
        height, width, channels: of the picture.
        filters: channels of what each block gives.
        attention: after how many blocks every place looks at every other; 0 for never.

    Input: `image (batch, height, width, channels)`, `condition (batch, condition_dim)`. Output: logits `(batch,)`.
    """

    def __init__(
        self, condition_dim=128, height=64, width=64, channels=3, filters=(32, 64, 128, 128), attention=1, **kwargs
    ):  # fmt: skip
        super().__init__(**kwargs)
        self.condition_dim, self.height, self.width, self.channels = condition_dim, height, width, channels
        self.filters, self.attention = tuple(filters), attention
        if not 0 <= attention <= len(self.filters):
            raise ValueError(
                f"attention must lie between 0 and the number of blocks {len(self.filters)}; received {attention}."
            )
        dense, widths = keras.layers.Dense, (channels, *self.filters)
        self.blocks = [
            DownBlock(a, b, first=not i, name=f"block_{i}") for i, (a, b) in enumerate(zip(widths, widths[1:]))
        ]
        self.self_attention = (
            SelfAttention(
                self.filters[attention - 1], partial(SpectralNormalized, use_bias=False), name="self_attention"
            )
            if attention
            else None
        )
        self.linear = SpectralNormalized(dense(1, use_bias=False, dtype="float32", name="linear"))
        self.projection = SpectralNormalized(dense(self.filters[-1], use_bias=False, name="projection"))

    def build(self, *shapes, **named_shapes):
        height, width = self.height, self.width
        for number, block in enumerate(self.blocks, 1):
            block.build()
            height, width = height // 2, width // 2
            if number == self.attention:
                self.self_attention.build((None, height, width, block.output_filters))
        self.linear.build((None, self.filters[-1]))
        self.projection.build((None, self.condition_dim))
        self.built = True

    def features(self, image, training=False):
        """phi(x): `(batch, filters[-1])`, each feature summed over the map."""
        x = image
        for number, block in enumerate(self.blocks, 1):
            x = block(x, training=training)
            x = self.self_attention(x, training=training) if number == self.attention else x
        return ops.sum(ops.relu(x), axis=(1, 2))

    def score(self, features, condition, training=False):
        """Logits `(batch,)` of features beside a condition."""
        match = features * self.projection(condition, training=training)
        return self.linear(features, training=training)[:, 0] + ops.sum(ops.cast(match, "float32"), axis=-1)

    def call(self, image, condition, training=False):
        return self.score(self.features(image, training), condition, training)

    def get_config(self):
        names = ("condition_dim", "height", "width", "channels", "filters", "attention")
        return {name: getattr(self, name) for name in names}
