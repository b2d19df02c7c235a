"""The recipe of the variants on cdsprites, which differ in the level of the task alone."""

from mmgen_tf.layers.gaussian_encoder import GaussianEncoder
from mmgen_tf.modalities.image.conv_image_decoder import ConvImageDecoder
from mmgen_tf.modalities.image.conv_image_encoder import ConvImageEncoder
from mmgen_tf.modalities.image.image_processor import ImageProcessor
from mmgen_tf.modalities.text.text_decoder import TextDecoder
from mmgen_tf.modalities.text.text_encoder import TextEncoder
from mmgen_tf.modalities.text.text_processor import TextProcessor
from mmgen_tf.models.vae.mvae import MVAE
from mmgen_tf.training.recipe import Recipe
from mmgen_tf.training.recipe_steps import adam_with_cosine, fit_latent_mixture

PICTURE = {"height": 64, "width": 64, "channels": 3}


def build_model(columns, settings):
    """The wiring: what goes in, what comes out, which part does what. The sentences give the vocabulary."""
    text, latent = TextProcessor.adapted(columns["text"]), settings["latent_dim"]
    words, length = len(text.modality.vocabulary), text.modality.shape[0]
    filters, hidden = tuple(settings["filters"]), settings["hidden_dim"]
    picture_encoder = ConvImageEncoder(**PICTURE, filters=filters, output_dim=hidden, batch_normalization=True)
    picture_decoder = ConvImageDecoder(
        latent, **PICTURE, filters=filters[::-1], likelihood="gaussian", scale=settings["scale"]
    )
    return MVAE(
        processors={"image": ImageProcessor(**PICTURE, range=(0, 1)), "text": text},
        encoders={
            "image": GaussianEncoder(picture_encoder, latent),
            "text": GaussianEncoder(TextEncoder(words, output_dim=64, embedding_dim=32), latent),
        },
        decoders={
            "image": picture_decoder,
            "text": TextDecoder(words, length, latent, embedding_dim=16, hidden_dim=64, word_dropout=0.5),
        },
        weights={"text": settings["text_weight"]},
        beta=settings["beta"],
        cross_weights={"text": settings["text_cross_weight"]},
        latent_temperature=settings["latent_temperature"],
        sampler_as_prior=settings["sampler_as_prior"],
        num_candidates=settings["num_candidates"],
        seed=settings["seed"],
    )


def cdsprites_recipe(level, epochs, components=60):
    """`mvae_cdsprites_level_<level>`.

    Args:
        level: 1 to 5, how much the sentences state.
        epochs: of training.
        components: of the mixture fitted to the latents: several for each thing that a sentence can say.
    """
    return Recipe(
        name=f"mvae_cdsprites_level_{level}",
        dataset=f"cdsprites/level_{level}",
        settings={
            "seed": 0, "batch_size": 128, "epochs": epochs, "learning_rate": 1e-3, "latent_dim": 24, "beta": 1.0,
            "text_weight": 100.0, "text_cross_weight": 1.0, "latent_temperature": 0.5, "filters": (16, 32, 64, 64),
            "hidden_dim": 256, "scale": 0.1, "ema_decay": 0.999, "components": components,
            "sampler_as_prior": True, "num_candidates": 4,
        },
        build_model=build_model,
        compile_model=adam_with_cosine(),
        finish_model=fit_latent_mixture,
    )  # fmt: skip
