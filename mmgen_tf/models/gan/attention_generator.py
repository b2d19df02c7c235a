"""Noise, a sentence and its words -> pictures of growing size, by residual blocks that look at the words."""

import keras
from keras import ops

from mmgen_tf.layers.word_attention import WordAttention
from mmgen_tf.models.gan.residual_blocks import UpBlock
from mmgen_tf.registry import register


@register
class AttentionGenerator(keras.layers.Layer):
    """The generator of AttnGAN (Xu et al. 2018, section 3.1): a first map from noise and sentence alone, then stages,
    each of which doubles the side after every place has looked at the words. Blocks are residual, under conditional
    batch normalisation by noise and sentence.

    Args:
        noise_dim, condition_dim: lengths of noise and sentence vector.
        word_dim: length of a word vector.
        side, channels: of the largest picture, which is square; the side is a multiple of 2 to the number of blocks.
        filters: channels of the first map, then of what each block gives.
        stages: how many of the last blocks look at the words; each gives a picture, and so does what they begin from.
        text_dim: what the sentence is projected to before it joins the noise.

    Input: `noise (batch, noise_dim)`, `condition (batch, condition_dim)`, `words (batch, words, word_dim)`,
    `there (batch, words, 1)`; `sizes`, None or how many pictures are drawn, the smallest first.
    Output: list of `stages + 1` or `sizes` pictures `(batch, side / 2^k, side / 2^k, channels)` in (-1, 1), the largest
    last, and the weights of the last stage, `(batch, side / 2, side / 2, words)`, None where only the first picture is
    drawn.
    """

    def __init__(
        self, noise_dim=64, condition_dim=128, word_dim=128, side=64, channels=3, filters=(128, 128, 96, 64, 32),
        stages=2, text_dim=64, **kwargs,
    ):  # fmt: skip
        super().__init__(**kwargs)
        self.noise_dim, self.condition_dim, self.word_dim, self.text_dim = noise_dim, condition_dim, word_dim, text_dim
        self.side, self.channels, self.filters, self.stages = side, channels, tuple(filters), stages
        blocks, layers = len(self.filters) - 1, keras.layers
        if blocks < 1 or side % 2**blocks:
            raise ValueError(f"side must be a multiple of 2 to the number of blocks, {2**blocks}; received {side}.")
        if not 1 <= stages < blocks:
            raise ValueError(f"stages must lie between 1 and {blocks - 1}; received {stages}.")
        self.start, seen = side // 2**blocks, noise_dim + text_dim
        self.first_stage = blocks - stages  # the number of the first block that looks at words
        self.project_text = layers.Dense(text_dim, activation="leaky_relu", name="project_text")
        self.dense = layers.Dense(self.start**2 * self.filters[0], name="dense")
        self.blocks, self.attentions, self.norms, self.to_image = [], [], [], []
        for i, (a, b) in enumerate(zip(self.filters, self.filters[1:])):
            looks = i >= self.first_stage
            self.blocks.append(UpBlock(2 * a if looks else a, b, seen, name=f"block_{i}"))
            if looks:
                self.attentions.append(WordAttention(a, word_dim, name=f"attention_{i}"))
            if i >= self.first_stage - 1:
                self.norms.append(layers.BatchNormalization(synchronized=True, name=f"norm_{i}"))
                convolution = layers.Conv2D(channels, 3, padding="same", dtype="float32", name=f"to_image_{i}")
                self.to_image.append(convolution)

    def build(self, *shapes, **named_shapes):
        self.project_text.build((None, self.condition_dim))
        self.dense.build((None, self.noise_dim + self.text_dim))
        for part in (*self.blocks, *self.attentions):
            part.build()
        for norm, layer, width in zip(self.norms, self.to_image, self.filters[self.first_stage :]):
            norm.build((None, None, None, width))
            layer.build((None, None, None, width))
        self.built = True

    def drawing(self, sizes):
        """The layers that the first `sizes` pictures come from."""
        blocks, stages = self.first_stage - 1 + sizes, sizes - 1
        first = [self.project_text, self.dense]
        return first + self.blocks[:blocks] + self.attentions[:stages] + self.norms[:sizes] + self.to_image[:sizes]

    def call(self, noise, condition, words, there, training=False, sizes=None):
        seen = ops.concatenate([noise, self.project_text(condition)], axis=-1)
        x = ops.reshape(self.dense(seen), (-1, self.start, self.start, self.filters[0]))
        pictures, weights = [], None
        for i, block in enumerate(self.blocks[: self.first_stage - 1 + (sizes or self.stages + 1)]):
            if i >= self.first_stage:
                contexts, weights = self.attentions[i - self.first_stage](x, words, there)
                x = ops.concatenate([x, contexts], axis=-1)
            x = block(x, seen, training=training)
            if i >= self.first_stage - 1:
                stage = i - self.first_stage + 1
                shown = ops.relu(self.norms[stage](x, training=training))
                pictures.append(ops.tanh(self.to_image[stage](shown)))
        return pictures, weights

    def get_config(self):
        names = (
            "noise_dim", "condition_dim", "word_dim", "side", "channels", "filters", "stages", "text_dim",
        )  # fmt: skip
        return {name: getattr(self, name) for name in names}
