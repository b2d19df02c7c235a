"""fusion_late_sum_vqa: questions about shapes, answered by late fusion.

Command:   mmgen train fusion_late_sum_vqa --out runs/fusion_late_sum_vqa
Hardware:  2 CPU cores
Wall time: 2 minutes
Seed:      0
Result:    vqa_accuracy 0.8707, 0.669 without the picture (metrics.json)
"""

from mmgen_tf.fusion.late_fusion import LateFusion
from mmgen_tf.training.fusion_recipe import WIDTH, fusion_recipe


def make_fusion(widths, lengths):
    """The block: the only thing in which the table's classifiers differ."""
    return LateFusion(widths, WIDTH, mode="sum", hidden_dim=WIDTH)


recipe = fusion_recipe("fusion_late_sum_vqa", make_fusion)
