"""Imports every class that a preset's config may name, so that each is registered."""

from mmgen_tf.layers.gaussian_encoder import GaussianEncoder  # noqa: F401
from mmgen_tf.layers.random_affine import RandomAffine  # noqa: F401
from mmgen_tf.modalities.audio.audio_processor import AudioProcessor  # noqa: F401
from mmgen_tf.modalities.image.image_encoder import ImageEncoder  # noqa: F401
from mmgen_tf.modalities.image.image_processor import ImageProcessor  # noqa: F401
from mmgen_tf.modalities.image.mlp_image_decoder import MLPImageDecoder  # noqa: F401
from mmgen_tf.modalities.image.mlp_image_encoder import MLPImageEncoder  # noqa: F401
from mmgen_tf.modalities.label.label_processor import LabelProcessor  # noqa: F401
from mmgen_tf.modalities.text.text_decoder import TextDecoder  # noqa: F401
from mmgen_tf.modalities.text.text_encoder import TextEncoder  # noqa: F401
from mmgen_tf.modalities.text.text_processor import TextProcessor  # noqa: F401
from mmgen_tf.models.classifier.image_classifier import ImageClassifier  # noqa: F401
from mmgen_tf.models.gan.conditional_gan import ConditionalGAN  # noqa: F401
from mmgen_tf.models.gan.dcgan_generator import DCGANGenerator  # noqa: F401
from mmgen_tf.models.gan.mlp_discriminator import MLPDiscriminator  # noqa: F401
from mmgen_tf.models.gan.mlp_generator import MLPGenerator  # noqa: F401
from mmgen_tf.models.gan.projection_discriminator import ProjectionDiscriminator  # noqa: F401
from mmgen_tf.models.vae.mvae import MVAE  # noqa: F401
