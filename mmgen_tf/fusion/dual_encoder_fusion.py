"""Dual-encoder fusion: each modality a unit vector in one space, compared place by place."""

import keras
from keras import ops

from mmgen_tf.fusion.fusion_block import FusionBlock
from mmgen_tf.registry import register


@register
class DualEncoderFusion(FusionBlock):
    """Each modality's mean becomes a unit vector in one space, as in a dual encoder (Radford et al. 2021). What they
    share and where they differ is read from the vectors, their products and their distances, pair by pair (Conneau
    et al. 2017, section 3.1).

    Args:
        widths: dict of modality name -> length of its vectors, two modalities at least.
        output_dim: length of the vector.
        shared_dim: of the space.

    Raises:
        ValueError: for fewer than two modalities.

    Reference: Radford, Kim, Hallacy et al., Learning Transferable Visual Models from Natural Language Supervision, ICML
    2021. Conneau, Kiela, Schwenk, Barrault & Bordes, Supervised Learning of Universal Sentence Representations from
    Natural Language Inference Data, EMNLP 2017.
    """

    def __init__(self, widths, output_dim=128, shared_dim=128, **kwargs):
        super().__init__(widths, output_dim, **kwargs)
        if len(self.widths) < 2:
            raise ValueError(f"DualEncoderFusion compares two modalities at least; received {list(self.widths)}.")
        self.shared_dim = shared_dim
        self.towers = self.dense_each(shared_dim, "tower")
        self.joint = keras.layers.Dense(output_dim, activation="relu", name="joint")

    def build(self, *shapes):
        self.build_each(self.towers)
        count = len(self.widths)
        self.joint.build((None, self.shared_dim * (count + count * (count - 1))))
        self.built = True

    def call(self, tokens, there, training=False):
        here = ops.unstack(self.presence(there)[..., None], axis=1)
        means = self.means(tokens, there)
        units = [ops.normalize(self.towers[name](means[name]), axis=-1) for name in self.widths]
        units = [unit * ops.cast(mask, unit.dtype) for unit, mask in zip(units, here)]
        seen = list(units)
        for i, one in enumerate(units):
            for other in units[i + 1 :]:
                seen += [one * other, ops.abs(one - other)]
        scale = self.shared_dim**0.5  # unit vectors have small entries
        return self.joint(ops.concatenate(seen, axis=-1) * scale)

    def get_config(self):
        return super().get_config() | {"shared_dim": self.shared_dim}
