"""Words' losses in groups equal those over all logits at once, gradients too."""

import numpy as np
import pytest
import tensorflow as tf

from mmgen_tf.losses import word_losses as module
from mmgen_tf.losses.word_losses import word_losses


def at_once(hidden, kernel, target, smoothing):
    log_probs = tf.nn.log_softmax(tf.matmul(hidden, kernel))
    right = tf.gather(log_probs, target, batch_dims=2)
    loss = -(1.0 - smoothing) * right - smoothing * tf.reduce_mean(log_probs, axis=-1)
    return loss, tf.argmax(log_probs, axis=-1, output_type=tf.int32) == target


@pytest.mark.parametrize("smoothing", [0.0, 0.1])
@pytest.mark.parametrize("held", [1, 11 * 4, 10_000])  # a word a group, four (the last group is not full), all
def test_equals_all_logits_at_once(monkeypatch, held, smoothing):
    monkeypatch.setattr(module, "HELD", held)
    random = np.random.default_rng(0)
    hidden, kernel = (tf.constant(random.normal(size=shape), tf.float32) for shape in ((3, 5, 6), (6, 11)))
    target, weight = (
        tf.constant(random.integers(0, 11, (3, 5)), tf.int32),
        tf.constant(random.random((3, 5)), tf.float32),
    )
    results = []
    for function in (word_losses, at_once):
        with tf.GradientTape() as tape:
            tape.watch((hidden, kernel))
            loss, right = tf.function(function, autograph=False)(hidden, kernel, target, smoothing)
            total = tf.reduce_sum(loss * weight)
        results.append((loss, right, *tape.gradient(total, (hidden, kernel))))
    for ours, theirs in zip(*results, strict=True):
        np.testing.assert_allclose(ours, theirs, atol=2e-6)


def test_half_precision_sums_in_float32():
    hidden, kernel = tf.ones((1, 4000, 2), tf.float16), tf.ones((2, 3), tf.float16)
    with tf.GradientTape() as tape:
        tape.watch(kernel)
        loss, _ = word_losses(hidden, kernel, tf.zeros((1, 4000), tf.int32))
        total = tf.reduce_sum(loss)
    assert loss.dtype == tf.float32
    np.testing.assert_allclose(tape.gradient(total, kernel), [[-2667, 1333, 1333]] * 2, rtol=1e-3)
