"""mmvae_plus_cdsprites_level_1: sprites and sentences that state their shape, either from the other, or both.

Command:   mmgen train mmvae_plus_cdsprites_level_1 --out runs/mmvae_plus_cdsprites_level_1
Hardware:  2 CPU cores
Wall time: not trained yet
Seed:      0
Result:    none yet
"""

from mmgen_tf.models.vae.mmvae_plus import MMVAEPlus
from mmgen_tf.training import Recipe
from mmgen_tf.training.cdsprites_parts import cdsprites_parts
from mmgen_tf.training.recipe_steps import adam_with_cosine, fit_latent_mixture


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


recipe = Recipe(
    name="mmvae_plus_cdsprites_level_1",
    dataset="cdsprites/level_1",
    settings={
        "seed": 0, "batch_size": 128, "epochs": 5, "learning_rate": 1e-3, "shared_dim": 16, "private_dim": 16,
        "beta": 1.0, "text_weight": 50.0, "latent_temperature": 0.7, "filters": (16, 32, 64, 64), "hidden_dim": 256,
        "scale": 0.2, "ema_decay": 0.999, "components": 10,
    },
    build_model=build_model,
    compile_model=adam_with_cosine(),
    finish_model=fit_latent_mixture,
)  # fmt: skip
