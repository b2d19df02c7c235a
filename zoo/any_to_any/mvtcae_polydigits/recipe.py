"""mvtcae_polydigits: five pictures of a digit over photographs, any from any, by a total correlation bound.

Command:   mmgen train mvtcae_polydigits --out runs/mvtcae_polydigits
Hardware:  2 CPU cores
Wall time: 10 minutes, beside other work
Seed:      0
Result:    coherence_1 to coherence_4 0.777, 0.906, 0.933, 0.944, joint_coherence 0.796 (metrics.json)
"""

from mmgen_tf.models.vae.mvtcae import MVTCAE
from mmgen_tf.training.polydigits_recipe import polydigits_recipe

recipe = polydigits_recipe("mvtcae_polydigits", MVTCAE, alpha=0.9)
