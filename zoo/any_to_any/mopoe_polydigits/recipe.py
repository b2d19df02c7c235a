"""mopoe_polydigits: five pictures of a digit over photographs, any from any, by a mixture of products.

Command:   mmgen train mopoe_polydigits --out runs/mopoe_polydigits
Hardware:  2 CPU cores
Wall time: not trained yet
Seed:      0
Result:    none yet
"""

from mmgen_tf.models.vae.mopoe import MoPoE
from mmgen_tf.training.polydigits_recipe import polydigits_recipe

recipe = polydigits_recipe("mopoe_polydigits", MoPoE)
