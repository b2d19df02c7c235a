"""FusedAdam is Keras's Adam, in one pass."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from mmgen_tf import FusedAdam
from mmgen_tf.training import make_strategy

SHAPES = ((5, 3), (3,), ())


def after_steps(optimizer, strategy=None, steps=20, dtype="float32"):
    """The weights, and the optimizer's state, after some steps of the same gradients."""
    random = np.random.default_rng(0)
    strategy = strategy or tf.distribute.get_strategy()
    with strategy.scope():
        weights = [keras.Variable(random.normal(size=shape), dtype=dtype) for shape in SHAPES]
        optimizer = optimizer()
        optimizer.build(weights)

    @tf.function
    def step(gradients):
        strategy.run(lambda *given: optimizer.apply([tf.identity(g) for g in given], weights), args=gradients)

    for _ in range(steps):
        step(tuple(tf.constant(random.normal(size=shape), dtype) for shape in SHAPES))
    return [keras.ops.convert_to_numpy(v) for v in (*weights, *optimizer.variables)]


@pytest.mark.parametrize(
    "options",
    [
        {"learning_rate": 0.01},
        {"learning_rate": 0.01, "beta_1": 0.0, "beta_2": 0.99, "epsilon": 1e-3},
        {"learning_rate": 0.01, "weight_decay": 0.1, "global_clipnorm": 0.5},
        {"learning_rate": keras.optimizers.schedules.ExponentialDecay(0.1, 5, 0.5), "amsgrad": True},
        {"learning_rate": 0.01, "use_ema": True, "gradient_accumulation_steps": 3},
    ],
)
def test_it_is_adam(options):
    wanted = after_steps(lambda: keras.optimizers.Adam(**options))
    received = after_steps(lambda: FusedAdam(**options))
    assert len(wanted) == len(received)
    for a, b in zip(wanted, received):
        np.testing.assert_allclose(b, a, rtol=1e-5, atol=1e-6)


def test_in_other_types():
    wanted = after_steps(lambda: keras.optimizers.Adam(0.01), dtype="float64")
    received = after_steps(lambda: FusedAdam(0.01), dtype="float64")
    for a, b in zip(wanted, received):
        np.testing.assert_allclose(b, a, rtol=1e-5, atol=1e-6)


def test_on_two_replicas():
    strategy = make_strategy("mirrored")
    wanted = after_steps(lambda: keras.optimizers.Adam(0.01), strategy)
    received = after_steps(lambda: FusedAdam(0.01), strategy)
    for a, b in zip(wanted, received):
        np.testing.assert_allclose(b, a, rtol=1e-5, atol=1e-6)


def test_sparse_gradients_are_left_to_keras():
    weights = []
    for kind in (keras.optimizers.Adam, FusedAdam):
        embedding = keras.Variable(np.ones((4, 2)))
        optimizer = kind(0.1)
        optimizer.build([embedding])
        optimizer.apply([tf.IndexedSlices(tf.ones((2, 2)), tf.constant([0, 2]), (4, 2))], [embedding])
        weights.append(embedding.numpy())
    np.testing.assert_allclose(*weights)
    assert np.ptp(weights[1]) > 0


def test_config():
    again = keras.optimizers.deserialize(keras.optimizers.serialize(FusedAdam(0.25, beta_1=0.5)))
    assert isinstance(again, FusedAdam)
    assert again.beta_1 == 0.5
    assert float(again.learning_rate) == 0.25
