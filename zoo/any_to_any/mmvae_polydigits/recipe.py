"""mmvae_polydigits: five pictures of a digit over photographs, any from any, by a mixture of experts.

Command:   mmgen train mmvae_polydigits --out runs/mmvae_polydigits
Hardware:  2 CPU cores
Wall time: not trained yet
Seed:      0
Result:    none yet
"""

from mmgen_tf.models.vae.mmvae import MMVAE
from mmgen_tf.training.polydigits_recipe import polydigits_recipe

recipe = polydigits_recipe("mmvae_polydigits", MMVAE, beta=1.0, family="normal")
