"""Noise and a condition -> a picture, by residual blocks."""

import keras
from keras import ops

from mmgen_tf.layers.self_attention import SelfAttention
from mmgen_tf.models.gan.residual_blocks import UpBlock
from mmgen_tf.registry import register


@register
class ResidualGenerator(keras.layers.Layer):
    """Residual blocks that double the picture's side, under conditional batch normalisation by noise and condition
    together, with self-attention between two of them (SAGAN, Zhang et al. 2019; conditioning as in Brock et al. 2019).

    Args:
        noise_dim, condition_dim: lengths of the two input vectors.
        height, width, channels: of the picture; height and width are multiples of two to the number of blocks.
        filters: channels of the first map, then of what each block gives.
        attention: after how many blocks every place looks at every other; 0 for never.
        text_dim: what the condition is projected to before it joins the noise.

    Input: `noise (batch, noise_dim)`, `condition (batch, condition_dim)`.
    Output: `(batch, height, width, channels)` in (-1, 1).
    """

    def __init__(
        self, noise_dim=64, condition_dim=128, height=64, width=64, channels=3, filters=(128, 128, 96, 64, 32),
        attention=3, text_dim=64, **kwargs,
    ):  # fmt: skip
        super().__init__(**kwargs)
        self.noise_dim, self.condition_dim, self.text_dim = noise_dim, condition_dim, text_dim
        self.height, self.width, self.channels = height, width, channels
        self.filters, self.attention = tuple(filters), attention
        blocks, layers = len(self.filters) - 1, keras.layers
        if blocks < 1 or height % 2**blocks or width % 2**blocks:
            raise ValueError(
                f"height and width must be multiples of 2 to the number of blocks, {2**blocks}; received {height} x "
                f"{width}."
            )
        if not 0 <= attention <= blocks:
            raise ValueError(f"attention must lie between 0 and the number of blocks {blocks}; received {attention}.")
        self.start = (height // 2**blocks, width // 2**blocks, self.filters[0])
        seen = noise_dim + text_dim
        self.project_text = layers.Dense(text_dim, activation="leaky_relu", name="project_text")
        self.dense = layers.Dense(self.start[0] * self.start[1] * self.start[2], name="dense")
        self.blocks = [
            UpBlock(a, b, seen, name=f"block_{i}") for i, (a, b) in enumerate(zip(self.filters, self.filters[1:]))
        ]
        self.self_attention = SelfAttention(self.filters[attention], name="self_attention") if attention else None
        self.norm = layers.BatchNormalization(synchronized=True, name="norm")
        self.to_image = layers.Conv2D(channels, 3, padding="same", dtype="float32", name="to_image")

    def build(self, *shapes, **named_shapes):
        self.project_text.build((None, self.condition_dim))
        self.dense.build((None, self.noise_dim + self.text_dim))
        for block in self.blocks:
            block.build()
        if self.attention:
            side = [length * 2**self.attention for length in self.start[:2]]
            self.self_attention.build((None, *side, self.filters[self.attention]))
        self.norm.build((None, self.height, self.width, self.filters[-1]))
        self.to_image.build((None, self.height, self.width, self.filters[-1]))
        self.built = True

    def call(self, noise, condition, training=False):
        seen = ops.concatenate([noise, self.project_text(condition)], axis=-1)
        x = ops.reshape(self.dense(seen), (-1, *self.start))
        for number, block in enumerate(self.blocks, 1):
            x = block(x, seen, training=training)
            x = self.self_attention(x, training=training) if number == self.attention else x
        return ops.tanh(self.to_image(ops.relu(self.norm(x, training=training))))

    def get_config(self):
        names = (
            "noise_dim", "condition_dim", "height", "width", "channels", "filters", "attention", "text_dim",
        )  # fmt: skip
        return {name: getattr(self, name) for name in names}
