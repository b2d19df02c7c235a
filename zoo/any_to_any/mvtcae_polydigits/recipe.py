"""mvtcae_polydigits: five pictures of a digit over photographs, any from any, by a total correlation bound.

Command:   mmgen train mvtcae_polydigits --out runs/mvtcae_polydigits
Hardware:  2 CPU cores
Wall time: 10 minutes
Seed:      0
Result:    coherence_1 to coherence_4 0.724, 0.832, 0.867, 0.882, joint_coherence 0.672 (metrics.json)
"""

from mmgen_tf.models.vae.mvtcae import MVTCAE
from mmgen_tf.training.polydigits_recipe import polydigits_recipe

recipe = polydigits_recipe("mvtcae_polydigits", MVTCAE, alpha=0.9)
