"""What many recipes do alike: how a model learns, and what is fitted to it afterwards."""

from mmgen_tf.fused_adam import FusedAdam
from mmgen_tf.layers.latent_mixture import LatentMixture
from mmgen_tf.training.callbacks import GeneratorFirst, GrowingPictures, LearningRateSchedule, cosine_decay


def adam_with_cosine(warmup_steps=200, floor=0.02, **options):
    """A recipe's `compile_model`: Adam (Kingma & Ba 2015) under a cosine schedule, and an average of the weights.

    It reads `learning_rate` and `ema_decay` of the settings, and `jit_compile` where there is one.

    Args:
        warmup_steps, floor: of `cosine_decay`.
        **options: of the model's `compile`.
    """

    def compile_model(model, settings, steps):
        model.compile(
            optimizer=FusedAdam(settings["learning_rate"]),
            ema_decay=settings["ema_decay"],
            jit_compile=settings.get("jit_compile", False),
            **options,
        )
        return [LearningRateSchedule(cosine_decay(steps, warmup_steps=warmup_steps, floor=floor))]

    return compile_model


def adversaries_with_cosine(floor=0.05, **options):
    """A recipe's `compile_model` for an `AdversarialModel`: both players learn alike, by Adam under one schedule.

    It reads `learning_rate`, `r1_weight` and `ema_decay` of the settings, and where they are `growing`, epochs of each
    picture size but the largest, and `generator_first`, epochs before the discriminators begin.

    Args:
        floor: of `cosine_decay`.
        **options: of the model's `compile`.
    """

    def compile_model(model, settings, steps):
        adam = {"learning_rate": settings["learning_rate"], "beta_1": 0.5, "beta_2": 0.99}
        model.compile(
            optimizer=FusedAdam(**adam),
            discriminator_optimizer=FusedAdam(**adam),
            r1_weight=settings["r1_weight"],
            ema_decay=settings["ema_decay"],
            **options,
        )
        phases = {"growing": GrowingPictures, "generator_first": GeneratorFirst}
        phases = [phase(settings[name]) for name, phase in phases.items() if settings.get(name)]
        return [LearningRateSchedule(cosine_decay(steps, floor=floor)), *phases]

    return compile_model


def fit_latent_mixture(model, columns, settings):
    """A recipe's `finish_model`: a mixture of Gaussians is fitted to the data's latents, to draw from it from nothing.

    It reads `components` of the settings, and `covariance` and `latent_rows` where they are.
    """
    mixture = LatentMixture(model.sampled_dim, settings["components"], settings.get("covariance", "full"))
    model.fit_latent_sampler(mixture, columns, limit=settings.get("latent_rows", 10_000), steps=50)
