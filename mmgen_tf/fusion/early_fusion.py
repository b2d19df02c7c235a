"""Early fusion: the tokens of all modalities in one sequence, before any layer has told them apart."""

import keras
from keras import ops

from mmgen_tf.fusion.fusion_block import FusionBlock
from mmgen_tf.registry import register


@register
class EarlyFusion(FusionBlock):
    """Tokens are projected to one width, told apart by an embedding of their modality and one of their place,
    concatenated, and read together by a transformer encoder (Vaswani et al. 2017; VisualBERT, Li et al. 2019).

    A first token of its own stands for the whole; it is there even where every modality is missing.

    Args:
        widths: dict of modality name -> length of its vectors.
        output_dim: width of the sequence and of the vector.
        lengths: dict of modality name -> most tokens it has.
        num_layers: of the encoder; 0 only concatenates.
        num_heads, hidden_dim, dropout: of each layer.

    Output: the first token's vector. `sequence` gives all of them.

    Raises:
        ValueError: where `lengths` names other modalities, or more tokens come than it says.

    Reference: Vaswani et al., Attention Is All You Need, NeurIPS 2017. Li, Yatskar, Yin, Hsieh & Chang, VisualBERT: A
    Simple and Performant Baseline for Vision and Language, 2019.
    """

    def __init__(
        self, widths, output_dim=128, lengths=None, num_layers=2, num_heads=4, hidden_dim=256, dropout=0.1, **kwargs
    ):  # fmt: skip
        super().__init__(widths, output_dim, **kwargs)
        if sorted(lengths or {}) != sorted(self.widths):
            raise ValueError(f"EarlyFusion expected lengths of {list(self.widths)}; received {sorted(lengths or {})}.")
        import keras_hub

        self.lengths, self.num_layers, self.num_heads = dict(sorted(lengths.items())), num_layers, num_heads
        self.hidden_dim, self.dropout = hidden_dim, dropout
        self.project = self.dense_each(output_dim, "project")
        self.drop = keras.layers.Dropout(dropout)
        self.blocks = [
            keras_hub.layers.TransformerEncoder(
                hidden_dim, num_heads, dropout=dropout, activation="gelu", normalize_first=True, name=f"block_{i}"
            )
            for i in range(num_layers)
        ]
        self.norm = keras.layers.LayerNormalization(name="norm")

    def build(self, *shapes):
        self.build_each(self.project)
        near = keras.initializers.RandomNormal(stddev=0.02)
        first, places = (1, self.output_dim), {name: (n, self.output_dim) for name, n in self.lengths.items()}
        self.whole = self.add_weight(shape=first, initializer=near, name="whole")
        self.places = {
            name: self.add_weight(shape=shape, initializer=near, name=f"places_{name}")
            for name, shape in places.items()
        }
        self.kinds = {name: self.add_weight(shape=first, initializer=near, name=f"kind_{name}") for name in self.widths}
        for block in self.blocks:
            block.build((None, None, self.output_dim))
        self.norm.build((None, None, self.output_dim))
        self.built = True

    def spans(self):
        """dict of modality -> slice of its tokens in the sequence."""
        spans, start = {}, 1
        for name, length in self.lengths.items():
            spans[name] = slice(start, start + length)
            start += length
        return spans

    def sequence(self, tokens, there, training=False):
        """All tokens together, `(batch, 1 + sum of lengths, output_dim)`, and which are there, bool."""
        parts, masks = [], []
        for name, values in self.blanked(tokens, there).items():
            if (values.shape[1] or 0) > self.lengths[name]:
                raise ValueError(
                    f"EarlyFusion expected at most {self.lengths[name]} tokens of {name!r}; received {values.shape[1]}."
                )
            places = ops.convert_to_tensor(self.places[name])[: ops.shape(values)[1]]
            added = places + ops.convert_to_tensor(self.kinds[name])
            values = self.project[name](values)
            parts.append(values + ops.cast(added, values.dtype))
            masks.append(there[name][..., 0] > 0)
        whole = ops.cast(ops.convert_to_tensor(self.whole), parts[0].dtype)
        parts.insert(0, whole[None] + ops.zeros_like(parts[0][:, :1]))
        masks.insert(0, ops.ones_like(masks[0][:, :1]))
        x, mask = self.drop(ops.concatenate(parts, axis=1), training=training), ops.concatenate(masks, axis=1)
        for block in self.blocks:
            x = block(x, padding_mask=mask, training=training)
        return self.norm(x), mask

    def call(self, tokens, there, training=False):
        return self.sequence(tokens, there, training)[0][:, 0]

    def get_config(self):
        names = ("lengths", "num_layers", "num_heads", "hidden_dim", "dropout")
        return super().get_config() | {name: getattr(self, name) for name in names}
