"""mvae_polydigits: five pictures of a digit over photographs, any from any, by a product of experts.

Command:   mmgen train mvae_polydigits --out runs/mvae_polydigits
Hardware:  2 CPU cores
Wall time: not trained yet
Seed:      0
Result:    none yet
"""

from mmgen_tf.models.vae.mvae import MVAE
from mmgen_tf.training.polydigits_recipe import polydigits_recipe

recipe = polydigits_recipe("mvae_polydigits", MVAE, beta=1.0, random_subsets=1)
