"""fusion_gated_vqa: questions about shapes, answered by gated attention fusion.

Command:   mmgen train fusion_gated_vqa --out runs/fusion_gated_vqa
Hardware:  2 CPU cores
Wall time: 3 minutes
Seed:      0
Result:    vqa_accuracy 0.8906, 0.636 without the picture (metrics.json)
"""

from mmgen_tf.fusion.gated_fusion import GatedFusion
from mmgen_tf.training.fusion_recipe import WIDTH, fusion_recipe


def make_fusion(widths, lengths):
    """The block: the only thing in which the table's classifiers differ."""
    return GatedFusion(widths, WIDTH, hidden_dim=WIDTH)


recipe = fusion_recipe("fusion_gated_vqa", make_fusion)
