"""cgan_emoji: a caption becomes a colour picture in one of six drawing styles, by a residual GAN with self-attention.

Command:   mmgen train cgan_emoji --out runs/cgan_emoji
Hardware:  2 CPU cores
Wall time: an hour and a half, beside other work
Seed:      0
Result:    r_precision 0.423 (1 of 100 captions, known concepts in an unseen style; real pictures 0.877), 0.313 of
           concepts never seen (real pictures 0.389), Fréchet distance on VGG16 34, 5.2 times the floor (metrics.json)
"""

from mmgen_tf.layers.differentiable_augmentation import DifferentiableAugmentation
from mmgen_tf.modalities.text.text_encoder import TextEncoder
from mmgen_tf.models.gan.conditional_gan import ConditionalGAN
from mmgen_tf.models.gan.residual_discriminator import ResidualDiscriminator
from mmgen_tf.models.gan.residual_generator import ResidualGenerator
from mmgen_tf.training import Recipe
from mmgen_tf.training.emoji_recipe import SIDE, emoji_processors, with_glove
from mmgen_tf.training.recipe_steps import adversaries_with_cosine

CONDITION = 128


def build_model(columns, settings):
    """The wiring: what goes in, what comes out, which part does what."""
    processors = emoji_processors(columns)
    return ConditionalGAN(
        processors,
        text_encoder=with_glove(
            TextEncoder, processors["text"], trainable_embedding=True, output_dim=CONDITION, unit_scale=True
        ),
        generator=ResidualGenerator(
            noise_dim=16, condition_dim=CONDITION, text_dim=256, **SIDE, filters=settings["maker_filters"], attention=2
        ),
        discriminator=ResidualDiscriminator(
            condition_dim=CONDITION, **SIDE, filters=settings["judge_filters"], attention=2
        ),
        mismatch_weight=settings["mismatch_weight"],
        augmentation=DifferentiableAugmentation(fill=1.0),
        condition_dropout=settings["condition_dropout"],
        reconstruction_weight=settings["reconstruction_weight"],
        perceptual_weight=settings["perceptual_weight"],
        seed=settings["seed"],
    )


recipe = Recipe(
    name="cgan_emoji",
    dataset="emoji",
    settings={
        "seed": 0, "batch_size": 32, "epochs": 20, "learning_rate": 8e-4, "maker_filters": (96, 96, 64, 32, 16),
        "judge_filters": (16, 32, 64, 96), "mismatch_weight": 0.5, "condition_dropout": 0.1,
        "reconstruction_weight": 20.0, "perceptual_weight": 20.0, "r1_weight": 0.0, "ema_decay": 0.999,
    },
    build_model=build_model,
    compile_model=adversaries_with_cosine(adversarial="hinge"),
)  # fmt: skip
