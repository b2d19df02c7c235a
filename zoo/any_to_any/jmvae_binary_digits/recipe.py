"""jmvae_binary_digits: binarised handwritten digits and their class, either from the other, or both from nothing.

Command:   mmgen train jmvae_binary_digits --out runs/jmvae_binary_digits
Hardware:  2 CPU cores
Wall time: 22 minutes, beside other work
Seed:      0
Result:    joint_log_likelihood -86.16 (K=1000), image_to_label_accuracy 0.973 (metrics.json)
"""

from mmgen_tf.layers.gaussian_encoder import GaussianEncoder
from mmgen_tf.layers.joined_networks import JoinedNetworks
from mmgen_tf.models.vae.jmvae import JMVAE
from mmgen_tf.training.binary_digits_recipe import LATENT, binary_digits_recipe, networks


def make(settings, **parts):
    sees_both = JoinedNetworks(networks(hidden_dims=(512,)), 512)
    return JMVAE(**parts, joint_encoder=GaussianEncoder(sees_both, LATENT), alpha=settings["alpha"])


recipe = binary_digits_recipe("jmvae_binary_digits", make, alpha=0.1)
