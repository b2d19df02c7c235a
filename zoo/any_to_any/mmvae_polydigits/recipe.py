"""mmvae_polydigits: five pictures of a digit over photographs, any from any, by a mixture of experts.

Command:   mmgen train mmvae_polydigits --out runs/mmvae_polydigits
Hardware:  2 CPU cores
Wall time: 12 minutes, beside other work
Seed:      0
Result:    coherence_1 to coherence_4 0.900, 0.898, 0.897, 0.895, joint_coherence 0.719
           (metrics.json)
"""

from mmgen_tf.models.vae.mmvae import MMVAE
from mmgen_tf.training.polydigits_recipe import polydigits_recipe

recipe = polydigits_recipe("mmvae_polydigits", MMVAE, beta=1.0, family="normal")
