"""mopoe_polydigits_half_missing: as mopoe_polydigits, from training data half of which is missing.

Command:   mmgen train mopoe_polydigits_half_missing --out runs/mopoe_polydigits_half_missing
Hardware:  2 CPU cores
Wall time: 14 minutes, beside other work
Seed:      0
Result:    coherence_half_missing 0.820, coherence_1 to coherence_4 0.731, 0.822, 0.856, 0.871 (metrics.json)
"""

from mmgen_tf.models.vae.mopoe import MoPoE
from mmgen_tf.training.polydigits_recipe import polydigits_recipe

recipe = polydigits_recipe("mopoe_polydigits_half_missing", MoPoE, epochs=12, missing_ratio=0.5)
