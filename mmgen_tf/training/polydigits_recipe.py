"""The recipe of the variants on polydigits, which differ in the kind of model alone."""

from mmgen_tf.data.builders.polydigits.digit_composer import MODALITIES
from mmgen_tf.data.missing import with_missing
from mmgen_tf.layers.gaussian_encoder import GaussianEncoder
from mmgen_tf.modalities.image.conv_image_decoder import ConvImageDecoder
from mmgen_tf.modalities.image.conv_image_encoder import ConvImageEncoder
from mmgen_tf.modalities.image.image_processor import ImageProcessor
from mmgen_tf.training.recipe import Recipe
from mmgen_tf.training.recipe_steps import adam_with_cosine, fit_latent_mixture

PICTURE = {"height": 28, "width": 28, "channels": 3}


def polydigits_parts(latent_dim, settings):
    """dict of processors, encoders and decoders, each keyed by the five modalities.

    Args:
        latent_dim: width that encoders give and decoders read.
        settings: of a recipe, with `encoder_filters`, `batch_normalization` (of encoders), `hidden_dim`,
            `decoder_filters` and the Laplace `scale` of pixels in 0..1.
    """
    reading = {
        "filters": tuple(settings["encoder_filters"]),
        "output_dim": settings["hidden_dim"],
        "batch_normalization": settings["batch_normalization"],
    }
    drawing = {"filters": tuple(settings["decoder_filters"]), "likelihood": "laplace", "scale": settings["scale"]}
    return {
        "processors": {name: ImageProcessor(name, **PICTURE, range=(0, 1)) for name in MODALITIES},
        "encoders": {name: GaussianEncoder(ConvImageEncoder(**PICTURE, **reading), latent_dim) for name in MODALITIES},
        "decoders": {name: ConvImageDecoder(latent_dim, **PICTURE, **drawing) for name in MODALITIES},
    }


def hide_some(columns, settings):
    """A recipe's `choose_columns`: marks the share `missing_ratio` of all pictures as missing, always the same ones."""
    return with_missing(columns, MODALITIES, settings["missing_ratio"], settings["seed"])


def polydigits_recipe(name, model_class, epochs=10, beta=2.5, missing_ratio=0.0, **own):
    """A variant on polydigits.

    Args:
        name: the variant's.
        model_class: a kind of `MultimodalVAE`.
        epochs: of training.
        beta: weight of the divergence.
        missing_ratio: share of the training pictures that are missing.
        **own: what only this kind of model takes; settings of the recipe too.
    """

    def build_model(columns, settings):
        """The wiring: what goes in, what comes out, which part does what."""
        return model_class(
            **polydigits_parts(settings["latent_dim"], settings),
            beta=settings["beta"],
            latent_temperature=settings["latent_temperature"],
            sampler_as_prior=settings["sampler_as_prior"],
            num_candidates=settings["num_candidates"],
            seed=settings["seed"],
            **{key: settings[key] for key in own},
        )

    return Recipe(
        name=name,
        dataset="polydigits",
        settings={
            "seed": 0, "batch_size": 128, "epochs": epochs, "learning_rate": 1e-3, "latent_dim": 64, "beta": beta,
            "encoder_filters": (32, 64, 64), "batch_normalization": True, "hidden_dim": 256,
            "decoder_filters": (32, 16), "scale": 0.75, "ema_decay": 0.999,
            "components": 120, "covariance": "diagonal", "latent_rows": 20_000,
            "latent_temperature": 0.25, "sampler_as_prior": True, "num_candidates": 1, **own,
            **({"missing_ratio": missing_ratio} if missing_ratio else {}),
        },
        build_model=build_model,
        compile_model=adam_with_cosine(),
        finish_model=fit_latent_mixture,
        choose_columns=hide_some if missing_ratio else None,
    )  # fmt: skip
