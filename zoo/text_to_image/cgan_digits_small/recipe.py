"""cgan_digits_small: a sentence -> a handwritten digit, learnt from a hundred pictures of each digit and no more.

Command:   mmgen train cgan_digits_small --out runs/cgan_digits_small
Hardware:  2 CPU cores
Wall time: not trained yet
Seed:      0
Result:    none yet
"""

import numpy as np

from mmgen_tf.evaluation.classification_accuracy import REAL_A_CLASS, first_of_each_class
from mmgen_tf.layers.differentiable_augmentation import DifferentiableAugmentation
from mmgen_tf.modalities.image.image_processor import ImageProcessor
from mmgen_tf.modalities.text.text_encoder import TextEncoder
from mmgen_tf.modalities.text.text_processor import TextProcessor
from mmgen_tf.models.gan.conditional_gan import ConditionalGAN
from mmgen_tf.models.gan.dcgan_generator import DCGANGenerator
from mmgen_tf.models.gan.projection_discriminator import ProjectionDiscriminator
from mmgen_tf.training import Recipe
from mmgen_tf.training.recipe_steps import adversaries_with_cosine


def build_model(columns, settings):
    """The wiring: what goes in, what comes out, which part does what."""
    text = TextProcessor.adapted(columns["text"])
    return ConditionalGAN(
        processors={"image": ImageProcessor(range=(-1, 1)), "text": text},
        text_encoder=TextEncoder(len(text.modality.vocabulary), output_dim=128),
        generator=DCGANGenerator(noise_dim=64, condition_dim=128, filters=24),
        discriminator=ProjectionDiscriminator(condition_dim=128, filters=32, feature_dim=128),
        mismatch_weight=settings["mismatch_weight"],
        augmentation=DifferentiableAugmentation(("translation", "cutout"), fill=-1.0),
        seed=settings["seed"],
    )


def few(columns, settings):
    """The first rows of each digit."""
    rows = first_of_each_class(columns["label"], settings["rows_a_class"])
    return {name: np.asarray(column)[rows] for name, column in columns.items()}


recipe = Recipe(
    name="cgan_digits_small",
    dataset="digits",
    settings={
        "seed": 0, "batch_size": 64, "epochs": 400, "learning_rate": 4e-4, "mismatch_weight": 1.0, "r1_weight": 1.0,
        "ema_decay": 0.999, "rows_a_class": REAL_A_CLASS,
    },
    build_model=build_model,
    compile_model=adversaries_with_cosine(adversarial="non_saturating", penalty_interval=8),
    choose_columns=few,
)  # fmt: skip
