"""Recipes, callbacks and strategies: how a model is trained."""

from mmgen_tf.training.callbacks import (
    GeneratorFirst,
    GrowingPictures,
    LearningRateSchedule,
    Resume,
    SampleSheet,
    StopOnNonFinite,
    cosine_decay,
)
from mmgen_tf.training.recipe import Recipe, load_recipe
from mmgen_tf.training.strategy import make_strategy
from mmgen_tf.training.train import TrainingInterrupted, train

__all__ = [
    "GeneratorFirst", "GrowingPictures", "LearningRateSchedule", "Recipe", "Resume", "SampleSheet", "StopOnNonFinite",
    "TrainingInterrupted", "cosine_decay", "load_recipe", "make_strategy", "train",
]  # fmt: skip
