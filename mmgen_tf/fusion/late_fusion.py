"""Late fusion: each modality is understood alone; only the results meet."""

import keras
from keras import ops

from mmgen_tf.fusion.fusion_block import FusionBlock
from mmgen_tf.registry import register

MODES = ("concatenate", "sum", "outer_product")


@register
class LateFusion(FusionBlock):
    """The mean of a modality's tokens passes a dense layer of its own; the results are concatenated, summed, or
    multiplied out: the outer product of all of them in low rank (Liu et al. 2018, eq. 5-7), which has every product of
    one feature of each modality, at the cost of a few linear maps.

        outer product:  sum over r of prod over m of W_m^r [1, h_m]

    The 1 keeps what fewer modalities say; a missing one counts as zeros, and so only by its 1.

    Args:
        widths: dict of modality name -> length of its vectors.
        output_dim: length of the vector.
        mode: "concatenate", "sum" or "outer_product".
        hidden_dim: length of what each modality contributes.
        rank: of the outer product.

    Raises:
        ValueError: for an unknown mode.

    Reference: Liu, Shen, Lakshminarasimhan, Liang, Zadeh & Morency, Efficient Low-rank Multimodal Fusion with
    Modality-Specific Factors, ACL 2018. Zadeh, Chen, Poria, Cambria & Morency, Tensor Fusion Network for Multimodal
    Sentiment Analysis, EMNLP 2017.
    """

    def __init__(self, widths, output_dim=128, mode="concatenate", hidden_dim=128, rank=4, **kwargs):
        super().__init__(widths, output_dim, **kwargs)
        if mode not in MODES:
            raise ValueError(f"mode must be one of {MODES}; received {mode!r}.")
        self.mode, self.hidden_dim, self.rank = mode, hidden_dim, rank
        self.own = self.dense_each(hidden_dim, "own", activation="relu")
        self.factors = self.dense_each(rank * output_dim, "factors") if mode == "outer_product" else {}
        self.joint = None if self.factors else keras.layers.Dense(output_dim, activation="relu", name="joint")

    def build(self, *shapes):
        self.build_each(self.own)
        for layer in self.factors.values():
            layer.build((None, self.hidden_dim))
        if self.joint is not None:
            parts = len(self.widths) if self.mode == "concatenate" else 1
            self.joint.build((None, parts * self.hidden_dim))
        self.built = True

    def call(self, tokens, there, training=False):
        here = ops.unstack(self.presence(there)[..., None], axis=1)
        means = self.means(tokens, there)
        own = [self.own[name](means[name]) for name in self.widths]
        own = [values * ops.cast(mask, values.dtype) for values, mask in zip(own, here)]
        if self.mode == "concatenate":
            return self.joint(ops.concatenate(own, axis=-1))
        if self.mode == "sum":
            return self.joint(sum(own))
        product = 1.0
        for name, values in zip(self.widths, own):
            product = product * ops.reshape(self.factors[name](values), (-1, self.rank, self.output_dim))
        return ops.sum(product, axis=1)

    def get_config(self):
        return super().get_config() | {name: getattr(self, name) for name in ("mode", "hidden_dim", "rank")}
