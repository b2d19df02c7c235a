"""joint_gan_digits: a handwritten digit and a sentence about it, born together from noise.

Command:   mmgen train joint_gan_digits --out runs/joint_gan_digits
Hardware:  2 CPU cores
Wall time: 14 minutes, beside other work
Seed:      0
Result:    pair_agreement 0.958, each digit in 9.2% to 12.0% of 10,000 pictures (metrics.json). Words are drawn at
           temperature 0.9: at 1 the pairs agree in 0.93, at 0.8 in 0.97, and the commonest digit is in 12.3%.
"""

from mmgen_tf.layers.dense_network import DenseNetwork
from mmgen_tf.modalities.image.image_processor import ImageProcessor
from mmgen_tf.modalities.text.conv_text_encoder import ConvTextEncoder
from mmgen_tf.modalities.text.text_decoder import TextDecoder
from mmgen_tf.modalities.text.text_processor import TextProcessor
from mmgen_tf.models.gan.dcgan_generator import DCGANGenerator
from mmgen_tf.models.gan.joint_gan import JointGAN
from mmgen_tf.models.gan.pair_discriminator import PairDiscriminator
from mmgen_tf.models.gan.projection_discriminator import ProjectionDiscriminator
from mmgen_tf.training import Recipe
from mmgen_tf.training.recipe_steps import adversaries_with_cosine

NOISE, SHARED = 64, 128


def build_model(columns, settings):
    """The wiring: what goes in, what comes out, which part does what."""
    text = TextProcessor.adapted(columns["text"])
    words, length = len(text.modality.vocabulary), text.modality.shape[0]
    return JointGAN(
        processors={"image": ImageProcessor(range=(-1, 1)), "text": text},
        trunk=DenseNetwork(NOISE, (256,), SHARED),
        text_generator=TextDecoder(words, length, SHARED, embedding_dim=32, hidden_dim=128),
        text_encoder=ConvTextEncoder(words, output_dim=128, unit_scale=True),
        image_generator=DCGANGenerator(noise_dim=64, condition_dim=128, filters=32),
        discriminator=ProjectionDiscriminator(condition_dim=128, filters=64, feature_dim=256),
        text_discriminator=PairDiscriminator({"text": ConvTextEncoder(words, output_dim=128)}, hidden_dim=256),
        mismatch_weight=settings["mismatch_weight"],
        text_temperature=settings["text_temperature"],
        draw_temperature=settings["draw_temperature"],
        seed=settings["seed"],
    )


recipe = Recipe(
    name="joint_gan_digits",
    dataset="digits",
    settings={
        "seed": 0, "batch_size": 64, "epochs": 12, "learning_rate": 4e-4, "mismatch_weight": 1.0, "r1_weight": 1.0,
        "text_temperature": 1.0, "draw_temperature": 0.9, "ema_decay": 0.999,
    },
    build_model=build_model,
    compile_model=adversaries_with_cosine(adversarial="non_saturating", penalty_interval=8),
)  # fmt: skip
