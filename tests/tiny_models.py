"""Models and examples so small that a test can train them many times."""

import numpy as np

from mmgen_tf.layers.gaussian_encoder import GaussianEncoder
from mmgen_tf.layers.random_affine import RandomAffine
from mmgen_tf.modalities.image.image_encoder import ImageEncoder
from mmgen_tf.modalities.image.image_processor import ImageProcessor
from mmgen_tf.modalities.image.mlp_image_decoder import MLPImageDecoder
from mmgen_tf.modalities.image.mlp_image_encoder import MLPImageEncoder
from mmgen_tf.modalities.label.label_processor import LabelProcessor
from mmgen_tf.modalities.text.text_decoder import TextDecoder
from mmgen_tf.modalities.text.text_encoder import TextEncoder
from mmgen_tf.modalities.text.text_processor import TextProcessor
from mmgen_tf.models.classifier.image_classifier import ImageClassifier
from mmgen_tf.models.gan.conditional_gan import ConditionalGAN
from mmgen_tf.models.gan.dcgan_generator import DCGANGenerator
from mmgen_tf.models.gan.mlp_discriminator import MLPDiscriminator
from mmgen_tf.models.gan.mlp_generator import MLPGenerator
from mmgen_tf.models.gan.projection_discriminator import ProjectionDiscriminator
from mmgen_tf.models.vae.mvae import MVAE

WORDS = ("thick", "thin", "one", "two")
SIDE = {"height": 8, "width": 8}


def pictures(count, seed=0):
    """uint8 noise, a different one in each row."""
    return np.random.default_rng(seed).integers(0, 256, (count, 8, 8, 1)).astype("uint8")


def captions(count):
    """Two words each, over and over in all four ways."""
    return [f"{WORDS[i % 2]} {WORDS[2 + i // 2 % 2]}" for i in range(count)]


def captioned_pictures(count=19):
    """Columns for a ConditionalGAN; 19 rows in batches of 4 leave an uneven last batch."""
    return {"image": pictures(count), "text": captions(count)}


def labelled_pictures(count=19):
    """Columns for an ImageClassifier."""
    return {"image": pictures(count), "label": np.arange(count) % 3}


def _gan(generator, discriminator, **kwargs):
    processors = {"image": ImageProcessor(**SIDE), "text": TextProcessor(vocabulary=WORDS, sequence_length=4)}
    encoder = TextEncoder(len(WORDS) + 2, output_dim=8, embedding_dim=4)
    return ConditionalGAN(processors, encoder, generator, discriminator, **{"mismatch_weight": 1.0, **kwargs})


def mlp_gan(dropout=0.3, **kwargs):
    """The article's pair, with one hidden layer."""
    return _gan(
        MLPGenerator(noise_dim=4, condition_dim=8, hidden_dims=(16,), **SIDE),
        MLPDiscriminator(condition_dim=8, hidden_dims=(16,), dropout=dropout, **SIDE),
        **kwargs,
    )


def dcgan(**kwargs):
    """The convolutional pair, with two filters."""
    return _gan(
        DCGANGenerator(noise_dim=4, condition_dim=8, filters=2, text_dim=4, **SIDE),
        ProjectionDiscriminator(condition_dim=8, filters=4, feature_dim=8, **SIDE),
        **kwargs,
    )


def image_classifier(**kwargs):
    """Two stages of two convolutions, and random affine maps."""
    processors = {"image": ImageProcessor(**SIDE), "label": LabelProcessor(classes=("a", "b", "c"))}
    encoder = ImageEncoder(filters=(4, 4), output_dim=8, **SIDE)
    return ImageClassifier(processors, encoder, RandomAffine(), **kwargs)


def mvae(**kwargs):
    """Dense encoders and decoders for pictures and sentences, eight latent numbers."""
    return MVAE(
        processors={
            "image": ImageProcessor(range=(0, 1), **SIDE),
            "text": TextProcessor(vocabulary=WORDS, sequence_length=4),
        },
        encoders={
            "image": GaussianEncoder(MLPImageEncoder(hidden_dims=(16,), **SIDE), 8),
            "text": GaussianEncoder(TextEncoder(len(WORDS) + 2, output_dim=8, embedding_dim=4), 8),
        },
        decoders={
            "image": MLPImageDecoder(8, hidden_dims=(16,), **SIDE),
            "text": TextDecoder(len(WORDS) + 2, 4, 8, embedding_dim=4, hidden_dim=8),
        },
        **{"weights": {"text": 2.0}, **kwargs},
    )
