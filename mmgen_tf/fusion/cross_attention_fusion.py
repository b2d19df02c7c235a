"""Cross-attention fusion: the tokens of each modality look at those of the others."""

import keras
from keras import ops

from mmgen_tf.fusion.fusion_block import FusionBlock
from mmgen_tf.registry import register


@register
class CrossAttentionFusion(FusionBlock):
    """Co-attention (ViLBERT, Lu et al. 2019, section 2.1): in every layer the tokens of a modality query those of all
    others, and pass a feed-forward network of their own; the means of what comes out are concatenated.

    Args:
        widths: dict of modality name -> length of its vectors, two modalities at least.
        output_dim: width of the tokens and of the vector.
        num_layers, num_heads, hidden_dim: of the attention and of the feed-forward networks.

    Raises:
        ValueError: for fewer than two modalities.

    Reference: Lu, Batra, Parikh & Lee, ViLBERT: Pretraining Task-Agnostic Visiolinguistic Representations for
    Vision-and-Language Tasks, NeurIPS 2019.
    """

    def __init__(self, widths, output_dim=128, num_layers=1, num_heads=4, hidden_dim=256, **kwargs):
        super().__init__(widths, output_dim, **kwargs)
        if len(self.widths) < 2:
            raise ValueError(f"CrossAttentionFusion takes two modalities at least; received {list(self.widths)}.")
        self.num_layers, self.num_heads, self.hidden_dim = num_layers, num_heads, hidden_dim
        make, key = keras.layers, output_dim // num_heads
        each = [(i, name) for i in range(num_layers) for name in self.widths]
        self.project = self.dense_each(output_dim, "project")
        self.attention = {
            f"{i}_{n}": make.MultiHeadAttention(num_heads, key, name=f"attention_{i}_{n}") for i, n in each
        }
        self.widen = {f"{i}_{n}": make.Dense(hidden_dim, activation="gelu", name=f"widen_{i}_{n}") for i, n in each}
        self.narrow = {f"{i}_{n}": make.Dense(output_dim, name=f"narrow_{i}_{n}") for i, n in each}
        self.norms = {f"{i}_{n}": make.LayerNormalization(name=f"norm_{i}_{n}") for i, n in each}
        self.joint = make.Dense(output_dim, activation="relu", name="joint")

    def build(self, *shapes):
        self.build_each(self.project)
        shape = (None, None, self.output_dim)
        for layer in self.attention.values():
            layer.build(shape, shape)
        for layers in (self.widen, self.norms):
            for layer in layers.values():
                layer.build(shape)
        for layer in self.narrow.values():
            layer.build((None, None, self.hidden_dim))
        self.joint.build((None, len(self.widths) * self.output_dim))
        self.built = True

    def call(self, tokens, there, training=False):
        x = {name: self.project[name](values) for name, values in self.blanked(tokens, there).items()}
        for i in range(self.num_layers):
            x = {name: self.step(f"{i}_{name}", name, x, there, training) for name in x}
        return self.joint(ops.concatenate(list(self.means(x, there).values()), axis=-1))

    def step(self, key, name, x, there, training):
        """One layer's new tokens of a modality."""
        others = [other for other in x if other != name]
        seen = ops.concatenate([x[other] for other in others], axis=1)
        mask = ops.concatenate([there[other][..., 0] for other in others], axis=1) > 0
        found = self.attention[key](x[name], seen, attention_mask=mask[:, None, :], training=training)
        anything = ops.cast(ops.any(mask, axis=1), found.dtype)[:, None, None]
        x = self.norms[key](x[name] + anything * found)
        return x + self.narrow[key](self.widen[key](x))

    def get_config(self):
        return super().get_config() | {name: getattr(self, name) for name in ("num_layers", "num_heads", "hidden_dim")}
