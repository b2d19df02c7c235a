"""Gated attention fusion: each row decides how much it listens to which modality."""

import keras
from keras import ops

from mmgen_tf.fusion.fusion_block import FusionBlock
from mmgen_tf.registry import register

ABSENT = -1e9


@register
class GatedFusion(FusionBlock):
    """A modality's tokens are pooled by attention, then modalities are weighted by a softmax gate that sees them all:
    a gated multimodal unit (Arevalo et al. 2017, eq. 1-4; its softmax form for any number of modalities). Each is asked
    with all others in sight: `h_m = tanh(W_m [x_1 ... x_M])`, for products of what two of them say do not fit a sum.

    Args:
        widths: dict of modality name -> length of its vectors.
        output_dim: length of the vector.
        hidden_dim: width in which tokens are scored.

    Output: the vector. `gates` gives the weights of the modalities, which sum to 1 over those that are there.

    Reference: Arevalo, Solorio, Montes-y-Gomez & Gonzalez, Gated Multimodal Units for Information Fusion, ICLR workshop
    2017.
    """

    def __init__(self, widths, output_dim=128, hidden_dim=128, **kwargs):
        super().__init__(widths, output_dim, **kwargs)
        self.hidden_dim = hidden_dim
        self.key = self.dense_each(hidden_dim, "key", activation="tanh")
        self.score = {name: keras.layers.Dense(1, name=f"score_{name}") for name in self.widths}
        self.value = self.dense_each(output_dim, "value", activation="relu")
        self.proposal = {
            name: keras.layers.Dense(output_dim, activation="tanh", name=f"proposal_{name}") for name in self.widths
        }
        self.gate = keras.layers.Dense(len(self.widths), name="gate")

    def build(self, *shapes):
        self.build_each(self.key)
        self.build_each(self.value)
        for layer in self.score.values():
            layer.build((None, None, self.hidden_dim))
        joined = (None, len(self.widths) * self.output_dim)
        for layer in (*self.proposal.values(), self.gate):
            layer.build(joined)
        self.built = True

    def call(self, tokens, there, training=False):
        return self._fused(tokens, there)[0]

    def gates(self, tokens, there):
        """The weights of the modalities, float32 `(batch, modalities)`, in sorted order."""
        return self._fused(tokens, there)[1]

    def _fused(self, tokens, there):
        pooled = [self.pooled(name, values, there[name]) for name, values in self.blanked(tokens, there).items()]
        joined = ops.concatenate(pooled, axis=-1)
        proposals = ops.stack([self.proposal[name](joined) for name in self.widths], axis=1)
        logits = ops.cast(self.gate(joined), "float32")
        gates = ops.softmax(ops.where(self.presence(there) > 0, logits, ABSENT), axis=-1)
        return ops.sum(ops.cast(gates, proposals.dtype)[..., None] * proposals, axis=1), gates

    def pooled(self, name, values, there):
        """A modality's tokens as one vector `(batch, output_dim)`, weighted by a softmax over those that are there."""
        scores = ops.cast(self.score[name](self.key[name](values)), "float32")
        weights = ops.softmax(ops.where(there > 0, scores, ABSENT), axis=1) * ops.cast(there, "float32")
        values = self.value[name](values)
        return ops.sum(ops.cast(weights, values.dtype) * values, axis=1)

    def get_config(self):
        return super().get_config() | {"hidden_dim": self.hidden_dim}
