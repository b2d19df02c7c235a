"""jmvae_binary_digits: binarised handwritten digits and their class, either from the other, or both from nothing.

Command:   mmgen train jmvae_binary_digits --out runs/jmvae_binary_digits
Hardware:  2 CPU cores
Wall time: not trained yet
Seed:      0
Result:    none yet
"""

from mmgen_tf.layers.gaussian_encoder import GaussianEncoder
from mmgen_tf.layers.joined_networks import JoinedNetworks
from mmgen_tf.layers.random_binarization import RandomBinarization
from mmgen_tf.modalities.image.image_processor import ImageProcessor
from mmgen_tf.modalities.image.mlp_image_decoder import MLPImageDecoder
from mmgen_tf.modalities.image.mlp_image_encoder import MLPImageEncoder
from mmgen_tf.modalities.label.label_decoder import LabelDecoder
from mmgen_tf.modalities.label.label_encoder import LabelEncoder
from mmgen_tf.modalities.label.label_processor import LabelProcessor
from mmgen_tf.models.vae.jmvae import JMVAE
from mmgen_tf.training import Recipe
from mmgen_tf.training.recipe_steps import adam_with_cosine

LATENT = 64


def build_model(columns, settings):
    """The wiring: what goes in, what comes out, which part does what."""
    return JMVAE(
        processors={
            "image": ImageProcessor(range=(0, 1)),
            "label": LabelProcessor(classes=[str(digit) for digit in range(10)]),
        },
        encoders={
            "image": GaussianEncoder(MLPImageEncoder(hidden_dims=(512, 512)), LATENT),
            "label": GaussianEncoder(LabelEncoder(10, hidden_dims=(512, 512)), LATENT),
        },
        decoders={
            "image": MLPImageDecoder(LATENT, hidden_dims=(512, 512), likelihood="bernoulli"),
            "label": LabelDecoder(10, LATENT, hidden_dims=(512, 512)),
        },
        joint_encoder=GaussianEncoder(
            JoinedNetworks(
                {"image": MLPImageEncoder(hidden_dims=(512,)), "label": LabelEncoder(10, hidden_dims=(512,))}, 512
            ),
            LATENT,
        ),
        alpha=settings["alpha"],
        warmup_steps=settings["warmup_steps"],
        augmentation={"image": RandomBinarization()},
        seed=settings["seed"],
    )


recipe = Recipe(
    name="jmvae_binary_digits",
    dataset="digits",
    protocol="binary_digits",
    settings={
        "seed": 0, "batch_size": 128, "epochs": 80, "learning_rate": 1e-3, "alpha": 0.1, "warmup_steps": 9000,
        "ema_decay": 0.999,
    },
    build_model=build_model,
    compile_model=adam_with_cosine(warmup_steps=500),
)  # fmt: skip
