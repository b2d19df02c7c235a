"""mopoe_polydigits: five pictures of a digit over photographs, any from any, by a mixture of products.

Command:   mmgen train mopoe_polydigits --out runs/mopoe_polydigits
Hardware:  2 CPU cores
Wall time: 9 minutes, beside other work
Seed:      0
Result:    coherence_1 to coherence_4 0.840, 0.928, 0.951, 0.962, joint_coherence 0.692 (metrics.json)
"""

from mmgen_tf.models.vae.mopoe import MoPoE
from mmgen_tf.training.polydigits_recipe import polydigits_recipe

recipe = polydigits_recipe("mopoe_polydigits", MoPoE)
