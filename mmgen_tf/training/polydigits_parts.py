"""The processors, encoders and decoders that every variant on polydigits shares."""

from mmgen_tf.data.builders.polydigits.digit_composer import MODALITIES
from mmgen_tf.layers.gaussian_encoder import GaussianEncoder
from mmgen_tf.modalities.image.conv_image_decoder import ConvImageDecoder
from mmgen_tf.modalities.image.conv_image_encoder import ConvImageEncoder
from mmgen_tf.modalities.image.image_processor import ImageProcessor

PICTURE = {"height": 28, "width": 28, "channels": 3}


def polydigits_parts(latent_dim, settings):
    """dict of processors, encoders and decoders, each keyed by the five modalities.

    Args:
        latent_dim: width that encoders give and decoders read.
        settings: of a recipe, with `filters`, `hidden_dim` and the Laplace `scale` of pixels in 0..1.
    """
    filters, scale = tuple(settings["filters"]), settings["scale"]
    return {
        "processors": {name: ImageProcessor(name, **PICTURE, range=(0, 1)) for name in MODALITIES},
        "encoders": {
            name: GaussianEncoder(
                ConvImageEncoder(**PICTURE, filters=filters, output_dim=settings["hidden_dim"]), latent_dim
            )
            for name in MODALITIES
        },
        "decoders": {
            name: ConvImageDecoder(latent_dim, **PICTURE, filters=filters[::-1], likelihood="laplace", scale=scale)
            for name in MODALITIES
        },
    }
