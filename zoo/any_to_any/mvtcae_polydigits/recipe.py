"""mvtcae_polydigits: five pictures of a digit over photographs, any from any, by a total correlation bound.

Command:   mmgen train mvtcae_polydigits --out runs/mvtcae_polydigits
Hardware:  2 CPU cores
Wall time: not trained yet
Seed:      0
Result:    none yet
"""

from mmgen_tf.models.vae.mvtcae import MVTCAE
from mmgen_tf.training import Recipe
from mmgen_tf.training.polydigits_parts import polydigits_parts
from mmgen_tf.training.recipe_steps import adam_with_cosine, fit_latent_mixture


def build_model(columns, settings):
    """The wiring: what goes in, what comes out, which part does what."""
    return MVTCAE(
        **polydigits_parts(settings["latent_dim"], settings),
        beta=settings["beta"],
        warmup_steps=settings["warmup_steps"],
        alpha=settings["alpha"],
        latent_temperature=settings["latent_temperature"],
        seed=settings["seed"],
    )


recipe = Recipe(
    name="mvtcae_polydigits",
    dataset="polydigits",
    settings={
        "seed": 0, "batch_size": 128, "epochs": 12, "learning_rate": 1e-3, "latent_dim": 64, "beta": 2.5,
        "warmup_steps": 0, "filters": (16, 32), "hidden_dim": 256, "scale": 0.75, "ema_decay": 0.999, "components": 20,
        "latent_temperature": 1.0, "alpha": 0.9,
    },
    build_model=build_model,
    compile_model=adam_with_cosine(),
    finish_model=fit_latent_mixture,
)  # fmt: skip
