"""mvae_polydigits: five pictures of a digit over photographs, any from any, by a product of experts.

Command:   mmgen train mvae_polydigits --out runs/mvae_polydigits
Hardware:  2 CPU cores
Wall time: not trained yet
Seed:      0
Result:    none yet
"""

import keras

from mmgen_tf.models.vae.mvae import MVAE
from mmgen_tf.training import LearningRateSchedule, Recipe, cosine_decay
from mmgen_tf.training.polydigits_parts import polydigits_parts


def build_model(columns, settings):
    """The wiring: what goes in, what comes out, which part does what."""
    return MVAE(
        **polydigits_parts(settings["latent_dim"], settings),
        beta=settings["beta"],
        warmup_steps=settings["warmup_steps"],
        random_subsets=settings["random_subsets"],
        seed=settings["seed"],
    )


def compile_model(model, settings, steps):
    """How it learns."""
    model.compile(
        optimizer=keras.optimizers.Adam(settings["learning_rate"]), ema_decay=settings["ema_decay"],
        jit_compile=settings["jit_compile"],
    )  # fmt: skip
    return [LearningRateSchedule(cosine_decay(steps, warmup_steps=200, floor=0.02))]


recipe = Recipe(
    name="mvae_polydigits",
    dataset="polydigits",
    settings={
        "seed": 0, "batch_size": 256, "epochs": 12, "learning_rate": 1e-3, "latent_dim": 64, "beta": 1.0,
        "warmup_steps": 0, "filters": (16, 32), "hidden_dim": 256, "scale": 0.75, "ema_decay": 0.999,
        "jit_compile": False,
        "random_subsets": 1,
    },
    build_model=build_model,
    compile_model=compile_model,
)  # fmt: skip
