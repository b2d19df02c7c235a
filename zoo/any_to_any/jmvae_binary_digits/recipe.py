"""jmvae_binary_digits: binarised handwritten digits and their class, either from the other, or both from nothing.

Command:   mmgen train jmvae_binary_digits --out runs/jmvae_binary_digits
Hardware:  2 CPU cores
Wall time: not trained yet
Seed:      0
Result:    none yet
"""

import keras

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
from mmgen_tf.training import LearningRateSchedule, Recipe, cosine_decay

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


def compile_model(model, settings, steps):
    """How it learns."""
    model.compile(
        optimizer=keras.optimizers.Adam(settings["learning_rate"]),
        ema_decay=settings["ema_decay"],
        jit_compile=settings["jit_compile"],
    )
    return [LearningRateSchedule(cosine_decay(steps, warmup_steps=500, floor=0.02))]


recipe = Recipe(
    name="jmvae_binary_digits",
    dataset="digits",
    protocol="binary_digits",
    settings={
        "seed": 0, "batch_size": 128, "epochs": 80, "learning_rate": 1e-3, "alpha": 0.1, "warmup_steps": 9000,
        "ema_decay": 0.999, "jit_compile": False,
    },
    build_model=build_model,
    compile_model=compile_model,
)  # fmt: skip
