"""mmvae_plus_polydigits: five pictures of a digit over photographs, any from any, by a mixture with private parts.

Command:   mmgen train mmvae_plus_polydigits --out runs/mmvae_plus_polydigits
Hardware:  2 CPU cores
Wall time: 12 minutes, beside other work
Seed:      0
Result:    coherence_1 to coherence_4 0.899, 0.899, 0.898, 0.898, joint_coherence 0.794 (metrics.json)
"""

from mmgen_tf.models.vae.mmvae_plus import MMVAEPlus
from mmgen_tf.training.polydigits_recipe import polydigits_recipe

recipe = polydigits_recipe("mmvae_plus_polydigits", MMVAEPlus, private_dim=32, family="normal")
