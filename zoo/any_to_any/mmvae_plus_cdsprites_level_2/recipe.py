"""mmvae_plus_cdsprites_level_2: sprites and sentences that state shape and size, either from the other, or both.

Command:   mmgen train mmvae_plus_cdsprites_level_2 --out runs/mmvae_plus_cdsprites_level_2
Hardware:  2 CPU cores
Wall time: not trained yet
Seed:      0
Result:    none yet
"""

import keras

from mmgen_tf.layers.latent_mixture import LatentMixture
from mmgen_tf.models.vae.mmvae_plus import MMVAEPlus
from mmgen_tf.training import LearningRateSchedule, Recipe, cosine_decay
from mmgen_tf.training.cdsprites_parts import cdsprites_parts


def build_model(columns, settings):
    """The wiring: what goes in, what comes out, which part does what."""
    width = settings["shared_dim"] + settings["private_dim"]
    return MMVAEPlus(
        **cdsprites_parts(columns, width, settings),
        private_dim=settings["private_dim"],
        weights={"text": settings["text_weight"]},
        family="normal",
        beta=settings["beta"],
        latent_temperature=settings["latent_temperature"],
        seed=settings["seed"],
    )


def compile_model(model, settings, steps):
    """How it learns."""
    model.compile(optimizer=keras.optimizers.Adam(settings["learning_rate"]), ema_decay=settings["ema_decay"])
    return [LearningRateSchedule(cosine_decay(steps, warmup_steps=200, floor=0.02))]


def finish_model(model, columns, settings):
    """The shared part is drawn from a mixture fitted to that of the data."""
    model.fit_latent_sampler(LatentMixture(settings["shared_dim"], settings["components"]), columns, steps=50)


recipe = Recipe(
    name="mmvae_plus_cdsprites_level_2",
    dataset="cdsprites/level_2",
    settings={
        "seed": 0, "batch_size": 128, "epochs": 6, "learning_rate": 1e-3, "shared_dim": 16, "private_dim": 16,
        "beta": 1.0, "text_weight": 50.0, "latent_temperature": 0.7, "filters": (16, 32, 64, 64), "hidden_dim": 256,
        "scale": 0.2, "ema_decay": 0.999, "components": 20,
    },
    build_model=build_model,
    compile_model=compile_model,
    finish_model=finish_model,
)  # fmt: skip
