"""mopoe_digits4: four ways to say a digit (written, signed, spoken, a word), any from any, or all from nothing.

Command:   mmgen train mopoe_digits4 --out runs/mopoe_digits4 --data-dir DATA
Hardware:  2 CPU cores
Wall time: 12 to 25 minutes
Seed:      0
Result:    worst_direction_accuracy 0.913 (image to sign), joint_coherence 0.880 (metrics.json)
"""

from mmgen_tf.layers.gaussian_encoder import GaussianEncoder
from mmgen_tf.layers.random_affine import RandomAffine
from mmgen_tf.modalities.audio.log_mel_processor import LogMelProcessor
from mmgen_tf.modalities.image.conv_image_decoder import ConvImageDecoder
from mmgen_tf.modalities.image.conv_image_encoder import ConvImageEncoder
from mmgen_tf.modalities.image.image_processor import ImageProcessor
from mmgen_tf.modalities.text.text_decoder import TextDecoder
from mmgen_tf.modalities.text.text_encoder import TextEncoder
from mmgen_tf.modalities.text.text_processor import TextProcessor
from mmgen_tf.models.vae.mopoe import MoPoE
from mmgen_tf.training import Recipe
from mmgen_tf.training.recipe_steps import adam_with_cosine, fit_latent_mixture

MAPS = {  # height, width, channels of what convolutions read and write: the sound is a log-mel spectrogram
    "image": {"height": 28, "width": 28, "channels": 1},
    "sign": {"height": 32, "width": 32, "channels": 3},
    "audio": {"height": 64, "width": 40, "channels": 1},
}
FILTERS = {"image": (16, 32), "sign": (16, 32, 64), "audio": (16, 32, 64)}


def build_model(columns, settings):
    """The wiring: what goes in, what comes out, which part does what."""
    text = TextProcessor.adapted(columns["text"])
    words, length = len(text.modality.vocabulary), text.modality.shape[0]
    latent = settings["latent_dim"]
    dropout = dict.fromkeys(MAPS, settings["dropout"]) | {"sign": settings["sign_dropout"]}
    networks = {
        name: ConvImageEncoder(
            **MAPS[name], filters=FILTERS[name], output_dim=128, dropout=dropout[name], batch_normalization=True
        )
        for name in MAPS
    }
    networks["text"] = TextEncoder(words, output_dim=64, embedding_dim=16)
    decoders = {
        name: ConvImageDecoder(
            latent, **MAPS[name], filters=FILTERS[name][::-1], likelihood="laplace", scale=settings["scale"]
        )
        for name in MAPS
    }
    decoders["text"] = TextDecoder(words, length, latent, embedding_dim=8, hidden_dim=64, word_dropout=0.0)
    return MoPoE(
        processors={
            "image": ImageProcessor(**MAPS["image"], range=(0, 1)),
            "sign": ImageProcessor("sign", **MAPS["sign"], range=(0, 1)),
            "audio": LogMelProcessor(),
            "text": text,
        },
        encoders={name: GaussianEncoder(network, latent) for name, network in networks.items()},
        decoders=decoders,
        draws=settings["draws"],
        cross_weights=dict.fromkeys(MAPS, settings["cross_weight"]),  # everything tells the word
        weights={"text": settings["text_weight"], "image": settings["image_weight"], "sign": settings["sign_weight"]},
        beta=settings["beta"],
        latent_temperature=settings["latent_temperature"],
        sampler_as_prior=settings["sampler_as_prior"],
        through="text",
        augmentation={
            "sign": RandomAffine(rotation=15, zoom=0.15, shift=2), "audio": RandomAffine(rotation=0, zoom=0.05,
            shift=2),
        },
        seed=settings["seed"],
    )  # fmt: skip


recipe = Recipe(
    name="mopoe_digits4",
    dataset="digits4",
    settings={
        "seed": 0, "batch_size": 64, "epochs": 45, "learning_rate": 1e-3, "beta": 1.0, "scale": 0.15, "latent_dim": 48,
        "draws": 1, "cross_weight": 0.0, "dropout": 0.2, "sign_dropout": 0.4, "text_weight": 400.0,
        "image_weight": 1.0, "sign_weight": 10.0,
        "latent_temperature": 0.25, "ema_decay": 0.999, "components": 200, "latent_rows": 20000,
        "sampler_as_prior": True,
    },
    build_model=build_model,
    compile_model=adam_with_cosine(),
    finish_model=fit_latent_mixture,
)  # fmt: skip
