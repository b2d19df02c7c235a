"""fusion_late_concatenate_vqa: questions about shapes, answered by late fusion.

Command:   mmgen train fusion_late_concatenate_vqa --out runs/fusion_late_concatenate_vqa
Hardware:  2 CPU cores
Wall time: 2 minutes
Seed:      0
Result:    vqa_accuracy 0.8708, 0.667 without the picture (metrics.json)
"""

from mmgen_tf.fusion.late_fusion import LateFusion
from mmgen_tf.training.fusion_recipe import WIDTH, fusion_recipe


def make_fusion(widths, lengths):
    """The block: the only thing in which the table's classifiers differ."""
    return LateFusion(widths, WIDTH, mode="concatenate", hidden_dim=WIDTH)


recipe = fusion_recipe("fusion_late_concatenate_vqa", make_fusion)
