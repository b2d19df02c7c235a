"""Pictures of a model, one file a picture. Each function returns a matplotlib `Figure`: save it with `savefig`."""

from mmgen_tf.plots.attention_maps import attention_maps
from mmgen_tf.plots.attention_sheet import attention_sheet
from mmgen_tf.plots.conditional_grid import conditional_grid
from mmgen_tf.plots.latent_map import latent_map
from mmgen_tf.plots.latent_traversal import latent_interpolation, latent_traversal

__all__ = [
    "attention_maps",
    "attention_sheet",
    "conditional_grid",
    "latent_interpolation",
    "latent_map",
    "latent_traversal",
]
