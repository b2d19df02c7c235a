"""The processors, encoders and decoders that every variant on cdsprites shares."""

from mmgen_tf.layers.gaussian_encoder import GaussianEncoder
from mmgen_tf.modalities.image.conv_image_decoder import ConvImageDecoder
from mmgen_tf.modalities.image.conv_image_encoder import ConvImageEncoder
from mmgen_tf.modalities.image.image_processor import ImageProcessor
from mmgen_tf.modalities.text.text_decoder import TextDecoder
from mmgen_tf.modalities.text.text_encoder import TextEncoder
from mmgen_tf.modalities.text.text_processor import TextProcessor

PICTURE = {"height": 64, "width": 64, "channels": 3}


def cdsprites_parts(columns, latent_dim, settings):
    """dict of processors, encoders and decoders, each keyed by image and text.

    Args:
        columns: of the training split; their sentences give the vocabulary.
        latent_dim: width that encoders give and decoders read.
        settings: of a recipe, with `filters`, `hidden_dim` and the Laplace `scale` of pixels in 0..1.
    """
    text = TextProcessor.adapted(columns["text"])
    words, length = len(text.modality.vocabulary), text.modality.shape[0]
    filters, hidden = tuple(settings["filters"]), settings["hidden_dim"]
    decoder = ConvImageDecoder(
        latent_dim, **PICTURE, filters=filters[::-1], likelihood="laplace", scale=settings["scale"]
    )
    return {
        "processors": {"image": ImageProcessor(**PICTURE, range=(0, 1)), "text": text},
        "encoders": {
            "image": GaussianEncoder(ConvImageEncoder(**PICTURE, filters=filters, output_dim=hidden), latent_dim),
            "text": GaussianEncoder(TextEncoder(words, output_dim=64, embedding_dim=32), latent_dim),
        },
        "decoders": {
            "image": decoder,
            "text": TextDecoder(words, length, latent_dim, embedding_dim=16, hidden_dim=64, word_dropout=0.5),
        },
    }
