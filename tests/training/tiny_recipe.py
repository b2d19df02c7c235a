"""tiny: a recipe of seconds, with everything in it that a resumed training must find again."""

import keras
from tiny_models import dcgan, mlp_gan

from mmgen_tf.training import LearningRateSchedule, Recipe, cosine_decay


def build_model(columns, settings):
    """The article's pair with dropout, or the convolutional one with batch normalisation."""
    return {"mlp": mlp_gan, "dcgan": dcgan}[settings["pair"]](seed=settings["seed"])


def compile_model(model, settings, steps):
    """Two optimizers of one sort, an average of weights, a schedule."""
    optimizer = {"adam": keras.optimizers.Adam, "sgd": keras.optimizers.SGD}[settings["optimizer"]]
    rate = settings["learning_rate"]
    model.compile(optimizer(rate), optimizer(2 * rate), ema_decay=0.9, r1_weight=1.0, penalty_interval=3)
    return [LearningRateSchedule(cosine_decay(steps, warmup_steps=2, floor=0.1))]


recipe = Recipe(
    name="tiny",
    dataset="tiny",
    settings={"seed": 3, "batch_size": 4, "epochs": 3, "learning_rate": 0.01, "pair": "mlp", "optimizer": "adam"},
    build_model=build_model,
    compile_model=compile_model,
)
