"""Randomness as a value."""

import numpy as np
import pytest
import tensorflow as tf

from mmgen_tf.noise import Noise

DRAWS = ("normal", "uniform", "gumbel")


@pytest.mark.parametrize("draw", DRAWS)
def test_a_seed_is_a_stream(draw):
    one, same, other = (getattr(Noise(seed), draw) for seed in (3, 3, 4))
    first, second = one((5, 2)), one((5, 2))
    np.testing.assert_array_equal(first, same((5, 2)))
    np.testing.assert_array_equal(second, same((5, 2)))
    assert not np.isclose(first, second).any() and not np.isclose(first, other((5, 2))).any()


def test_distributions():
    count = 20_000
    normal, uniform, gumbel = (getattr(Noise(0), draw)((count,)).numpy() for draw in DRAWS)
    assert abs(normal.mean()) < 0.03 and abs(normal.std() - 1) < 0.03
    assert uniform.min() >= 0 and uniform.max() < 1 and abs(uniform.mean() - 0.5) < 0.01
    assert np.isfinite(gumbel).all() and abs(gumbel.mean() - 0.5772) < 0.05


def test_gumbel_samples_categories_by_their_probability():
    probability = np.array([0.6, 0.3, 0.1])
    drawn = tf.argmax(tf.math.log(tf.constant(probability, tf.float32)) + Noise(0).gumbel((20_000, 3)), axis=1)
    np.testing.assert_allclose(np.bincount(drawn) / 20_000, probability, atol=0.015)


@pytest.mark.parametrize("draw", DRAWS)
def test_replicas_share_out_the_draws_of_the_global_batch(draw):
    whole = getattr(Noise(7), draw)((5, 3))
    rows = tf.constant([[i, 5] for i in range(5)])
    parts = [getattr(Noise(7, part), draw)((len(part), 3)) for part in (rows[:3], rows[3:])]
    np.testing.assert_array_equal(tf.concat(parts, axis=0), whole)


def test_a_draw_without_rows_is_the_same_on_every_replica():
    rows = tf.constant([[4, 5]])
    np.testing.assert_array_equal(Noise(7, rows).normal(()), Noise(7).normal(()))


def test_a_replica_without_rows_draws_nothing():
    assert Noise(7, tf.zeros((0, 2), tf.int32)).normal((0, 3)).shape == (0, 3)


@pytest.mark.parametrize("seed", [0, -1, 2**31 - 1, tf.constant([2**32 - 1, 5], tf.uint32), tf.constant([1, 2])])
def test_any_seed_will_do(seed):
    assert Noise(seed).seed.dtype == tf.int32 and np.isfinite(Noise(seed).normal((2, 2))).all()


def test_graph_equals_eager():
    drawn = tf.function(lambda seed: Noise(seed).normal((3,)))(tf.constant([1, 2]))
    np.testing.assert_array_equal(drawn, Noise(tf.constant([1, 2])).normal((3,)))
