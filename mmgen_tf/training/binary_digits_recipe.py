"""The recipe of the variants on binarised digits and their classes, which differ in the kind of model alone."""

from mmgen_tf.layers.gaussian_encoder import GaussianEncoder
from mmgen_tf.layers.random_binarization import RandomBinarization
from mmgen_tf.modalities.image.image_processor import ImageProcessor
from mmgen_tf.modalities.image.mlp_image_decoder import MLPImageDecoder
from mmgen_tf.modalities.image.mlp_image_encoder import MLPImageEncoder
from mmgen_tf.modalities.label.label_decoder import LabelDecoder
from mmgen_tf.modalities.label.label_encoder import LabelEncoder
from mmgen_tf.modalities.label.label_processor import LabelProcessor
from mmgen_tf.training.recipe import Recipe
from mmgen_tf.training.recipe_steps import adam_with_cosine

CLASSES = 10
LATENT = 64


def networks(hidden_dims):
    """dict of modality -> dense layers that read it."""
    return {
        "image": MLPImageEncoder(hidden_dims=hidden_dims),
        "label": LabelEncoder(CLASSES, hidden_dims=hidden_dims),
    }


def binary_digits_parts(encoder_dims=(512, 512), decoder_dims=(512, 512)):
    """dict of processors, encoders and decoders, each keyed by image and label; the arguments are of hidden layers."""
    return {
        "processors": {
            "image": ImageProcessor(range=(0, 1)),
            "label": LabelProcessor(classes=[str(digit) for digit in range(CLASSES)]),
        },
        "encoders": {name: GaussianEncoder(network, LATENT) for name, network in networks(encoder_dims).items()},
        "decoders": {
            "image": MLPImageDecoder(LATENT, hidden_dims=decoder_dims, likelihood="bernoulli"),
            "label": LabelDecoder(CLASSES, LATENT, hidden_dims=decoder_dims),
        },
    }


def binary_digits_recipe(name, make, **own):
    """A variant on binarised digits.

    Args:
        name: the variant's.
        make: function of (settings, arguments of any `MultimodalVAE`) giving the model.
        **own: settings of this kind of model alone.
    """

    def build_model(columns, settings):
        """The wiring: what goes in, what comes out, which part does what."""
        return make(
            settings,
            **binary_digits_parts(),
            warmup_steps=settings["warmup_steps"],
            augmentation={"image": RandomBinarization()},
            seed=settings["seed"],
        )

    return Recipe(
        name=name,
        dataset="digits",
        protocol="binary_digits",
        settings={
            "seed": 0, "batch_size": 128, "epochs": 160, "learning_rate": 1e-3, "warmup_steps": 9000,
            "ema_decay": 0.999, **own,
        },
        build_model=build_model,
        compile_model=adam_with_cosine(warmup_steps=500),
    )  # fmt: skip
