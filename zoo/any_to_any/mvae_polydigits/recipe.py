"""mvae_polydigits: five pictures of a digit over photographs, any from any, by a product of experts.

Command:   mmgen train mvae_polydigits --out runs/mvae_polydigits
Hardware:  2 CPU cores
Wall time: 22 minutes, beside other work
Seed:      0
Result:    coherence_1 to coherence_4 0.629, 0.750, 0.796, 0.818, joint_coherence 0.662
           (metrics.json)
"""

from mmgen_tf.models.vae.mvae import MVAE
from mmgen_tf.training.polydigits_recipe import polydigits_recipe

recipe = polydigits_recipe("mvae_polydigits", MVAE, beta=1.0, random_subsets=1)
