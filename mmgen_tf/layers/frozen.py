"""Layers whose weights a loss passes through without teaching them."""

import contextlib

import keras
from keras import ops


@contextlib.contextmanager
def frozen(*layers):
    """Within it the layers compute as ever, and no gradient reaches their weights; it still reaches their inputs."""
    weights = [weight for layer in layers for weight in layer.variables]
    with keras.StatelessScope(state_mapping=[(weight, ops.stop_gradient(weight.value)) for weight in weights]):
        yield
