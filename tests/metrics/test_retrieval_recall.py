"""Recall@k against counting by hand; ties, NaN, weights, configs."""

import numpy as np
import pytest
import tensorflow as tf

from mmgen_tf.metrics import RetrievalRecall


@pytest.mark.parametrize("k", [1, 2, 5, 20])
def test_equals_ranks_counted_by_hand(k):
    random = np.random.default_rng(0)
    similarities, right = random.normal(size=(50, 20)), random.integers(0, 20, 50)
    ranks = [np.argsort(-row).tolist().index(place) for row, place in zip(similarities, right)]
    metric = RetrievalRecall(k)
    for part in (slice(0, 30), slice(30, 50)):
        metric.update_state(similarities[part], right[part])
    assert float(metric.result()) == np.mean(np.array(ranks) < k)


def test_ties_and_nan_count_against():
    metric = RetrievalRecall(2)
    metric.update_state(np.ones((4, 3)), np.zeros(4))
    assert float(metric.result()) == 0
    metric.reset_state()
    metric.update_state([[1.0, 1.0, 0.0], [1.0, np.nan, 0.0], [3.0, 1.0, 0.0]], [0, 0, 0], sample_weight=[1, 1, 2])
    assert float(metric.result()) == 0.75


def test_in_a_graph_and_from_its_config():
    metric = RetrievalRecall.from_config(RetrievalRecall(1, name="r_precision").get_config())
    assert (metric.k, metric.name) == (1, "r_precision")
    update = tf.function(lambda s, r: metric.update_state(s, r), input_signature=[tf.TensorSpec((None, 3)), tf.TensorSpec((None,), tf.int64)])  # fmt: skip # noqa: E501
    update(tf.constant([[0.1, 0.9, 0.5], [0.1, 0.2, 0.9]]), tf.constant([1, 1], tf.int64))
    assert float(metric.result()) == 0.5


def test_bad_arguments():
    with pytest.raises(ValueError, match="k of at least 1; received 0"):
        RetrievalRecall(0)
    with pytest.raises(ValueError, match=r"expected similarities \(n, m\); received \(3,\)"):
        RetrievalRecall().update_state(np.zeros(3), [0])
    with pytest.raises(ValueError, match=r"similarities \(3,\), right \(2,\)"):
        RetrievalRecall().update_state(np.zeros((3, 4)), [0, 1])
