"""cgan_mlp_digits: a sentence -> a 28x28 handwritten digit, by two dense networks, noise 100 and text 200.

Command:   mmgen train cgan_mlp_digits --out runs/cgan_mlp_digits
Hardware:  2 CPU cores
Wall time: 22 minutes, beside other work
Seed:      0
Result:    digit_accuracy 0.978, strict_accuracy 0.752, coverage 0.357 on the test split (metrics.json)
"""

from mmgen_tf.fused_adam import FusedAdam
from mmgen_tf.modalities.image.image_processor import ImageProcessor
from mmgen_tf.modalities.text.text_encoder import TextEncoder
from mmgen_tf.modalities.text.text_processor import TextProcessor
from mmgen_tf.models.gan.conditional_gan import ConditionalGAN
from mmgen_tf.models.gan.mlp_discriminator import MLPDiscriminator
from mmgen_tf.models.gan.mlp_generator import MLPGenerator
from mmgen_tf.training import LearningRateSchedule, Recipe, cosine_decay


def build_model(columns, settings):
    """The wiring: what goes in, what comes out, which part does what."""
    text = TextProcessor.adapted(columns["text"])
    return ConditionalGAN(
        processors={"image": ImageProcessor(range=(-1, 1)), "text": text},
        text_encoder=TextEncoder(len(text.modality.vocabulary), output_dim=200, unit_scale=True),
        generator=MLPGenerator(noise_dim=100, condition_dim=200, hidden_dims=(256, 512, 1024)),
        discriminator=MLPDiscriminator(condition_dim=200, hidden_dims=(1024, 512, 256), dropout=0.3),
        mismatch_weight=settings["mismatch_weight"],
        seed=settings["seed"],
    )


def compile_model(model, settings, steps):
    """How it learns."""
    adam = {"beta_1": 0.0, "beta_2": 0.99}
    model.compile(
        optimizer=FusedAdam(settings["learning_rate"], **adam),
        discriminator_optimizer=FusedAdam(settings["discriminator_learning_rate"], **adam),
        adversarial="non_saturating",
        r1_weight=settings["r1_weight"],
        penalty_interval=4,
        ema_decay=settings["ema_decay"],
        jit_compile=settings["jit_compile"],
    )
    return [LearningRateSchedule(cosine_decay(steps, floor=0.05))]


recipe = Recipe(
    name="cgan_mlp_digits",
    dataset="digits",
    settings={
        "seed": 0, "batch_size": 128, "epochs": 28, "learning_rate": 2e-4, "discriminator_learning_rate": 4e-4,
        "mismatch_weight": 1.0, "r1_weight": 5.0, "ema_decay": 0.999, "jit_compile": False,
    },
    build_model=build_model,
    compile_model=compile_model,
)  # fmt: skip
