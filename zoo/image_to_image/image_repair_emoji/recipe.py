"""image_repair_emoji: emoji with holes, in grey, or of half and a quarter of the size are made whole.

Command:   mmgen train image_repair_emoji --out runs/image_repair_emoji
Hardware:  2 CPU cores
Wall time: an hour, beside other work
Seed:      0
Result:    lpips_ratio_to_mean_fill 0.493, of colours to grey 0.695, of 2x to bicubic 0.766, of 4x to bicubic 0.834, on
           concepts never seen (metrics.json)
"""

from mmgen_tf.layers.picture_damage import TASKS
from mmgen_tf.layers.random_affine import RandomAffine
from mmgen_tf.modalities.image.image_processor import ImageProcessor
from mmgen_tf.modalities.label.label_processor import LabelProcessor
from mmgen_tf.modalities.text.text_encoder import TextEncoder
from mmgen_tf.models.gan.image_repair_gan import ImageRepairGAN
from mmgen_tf.models.gan.patch_discriminator import PatchDiscriminator
from mmgen_tf.models.gan.unet_generator import UNetGenerator
from mmgen_tf.training import Recipe
from mmgen_tf.training.emoji_recipe import SIDE, emoji_processors, with_glove
from mmgen_tf.training.recipe_steps import adversaries_with_cosine

CONDITION = 64
SIZE = {"height": 64, "width": 64}
SEEN = 4 + len(TASKS)  # damaged picture, mask, which task


def build_model(columns, settings):
    """The wiring: what goes in, what comes out, which part does what."""
    processors = emoji_processors(columns)
    return ImageRepairGAN(
        processors
        | {
            "damaged": ImageProcessor("damaged", **SIDE),
            "mask": ImageProcessor("mask", **SIZE, channels=1, range=(0, 1)),
            "task": LabelProcessor("task", TASKS),
        },
        generator=UNetGenerator(
            **SIZE,
            input_channels=SEEN + 4,
            channels=4,
            condition_dim=CONDITION,
            filters=settings["filters"],
            refine_filters=settings["refine_filters"],
            modulate=True,
        ),
        discriminator=PatchDiscriminator(**SIZE, input_channels=SEEN + 3, filters=(24, 48, 96)),
        text_encoder=with_glove(TextEncoder, processors["text"], trainable_embedding=True, output_dim=CONDITION),
        l1_weight=settings["l1_weight"],
        feature_weight=settings["feature_weight"],
        perceptual_weight=settings["perceptual_weight"],
        symmetric=True,
        hole_share=settings["hole_share"],
        condition_dropout=settings["condition_dropout"],
        augmentation=RandomAffine(rotation=0, zoom=0, shift=0, mirror=0.5),
        seed=settings["seed"],
    )


recipe = Recipe(
    name="image_repair_emoji",
    dataset="emoji",
    settings={
        "seed": 0, "batch_size": 32, "epochs": 20, "learning_rate": 6e-4, "filters": (24, 48, 96, 128),
        "refine_filters": (16,), "hole_share": 0.4, "condition_dropout": 0.1, "l1_weight": 50.0, "feature_weight": 10.0,
        "perceptual_weight": 20.0, "r1_weight": 0.0, "ema_decay": 0.999,
    },
    build_model=build_model,
    compile_model=adversaries_with_cosine(adversarial="hinge"),
)  # fmt: skip
