"""The inception score against its definition; limits, graphs, bad input."""

import numpy as np
import pytest
import tensorflow as tf
from scipy import stats

from mmgen_tf.metrics import InceptionScore


def test_equals_the_definition():
    p = np.random.default_rng(0).dirichlet(np.ones(5), 40)
    metric = InceptionScore(5)
    for part in (slice(0, 30), slice(30, 40)):
        metric.update_state(p[part])
    expected = np.exp(np.mean([stats.entropy(row, p.mean(0)) for row in p]))
    np.testing.assert_allclose(float(metric.result()), expected, rtol=1e-12)


def test_from_one_to_the_number_of_classes():
    sure, unsure = InceptionScore(4), InceptionScore(4)
    sure.update_state(np.eye(4))
    unsure.update_state(np.full((8, 4), 0.25))
    np.testing.assert_allclose([float(sure.result()), float(unsure.result())], [4.0, 1.0])


def test_in_a_graph_from_its_config_and_weighted():
    metric = InceptionScore.from_config(InceptionScore(2, name="score").get_config())
    update = tf.function(metric.update_state)
    update(tf.constant([[1.0, 0.0], [0.0, 1.0], [0.5, 0.5]]), sample_weight=tf.constant([1.0, 1.0, 0.0]))
    assert metric.name == "score"
    np.testing.assert_allclose(float(metric.result()), 2.0)


def test_bad_input():
    with pytest.raises(ValueError, match="at least one class; received 0"):
        InceptionScore(0)
    with pytest.raises(ValueError, match=r"\(n, 3\); received \(2, 2\)"):
        InceptionScore(3).update_state(np.full((2, 2), 0.5))
    with pytest.raises(ValueError, match="sum to 1; received sums from 2 to 2"):
        InceptionScore(2).update_state(np.ones((1, 2)))
