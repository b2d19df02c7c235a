"""Bounds from importance weights, and doubly reparameterised gradients."""

import numpy as np
import pytest
import tensorflow as tf

from mmgen_tf.losses.importance_weighting import GradientTap, check_estimator, importance_bound


def test_the_bound_is_log_of_the_mean_weight():
    log_weights = np.float32([[0.0, 1.0, -2.0], [3.0, 3.0, 3.0]])
    np.testing.assert_allclose(importance_bound(log_weights), np.log(np.exp(log_weights).mean(1)), rtol=1e-6)


def test_doubly_reparameterised_gradient_by_hand():
    """d/dmean of sum_k w_k^2 (d log w_k / dz_k), with log w = -z^2 - (-(z - mean)^2) and the density's mean held."""
    noise, mean = np.float32([[0.5, -1.0, 2.0]]), tf.constant([[0.3]])
    with tf.GradientTape() as tape:
        tape.watch(mean)
        tap = GradientTap()
        z = tap((mean + noise)[..., None])[..., 0]
        log_weights = -tf.square(z) + tf.square(z - tf.stop_gradient(mean))
        bound = importance_bound(log_weights, tap)
    values = 0.3 + noise
    weights = np.exp(-(values**2) + noise**2)
    weights /= weights.sum()
    expected = np.sum(weights**2 * (-2 * values + 2 * noise))
    np.testing.assert_allclose(tape.gradient(bound, mean), [[expected]], rtol=1e-5)


def test_bad_settings_are_refused():
    with pytest.raises(ValueError, match="Unknown estimator 'dregs'; did you mean dreg"):
        check_estimator("dregs", 1)
    with pytest.raises(ValueError, match="num_samples .K. must be at least 1; received 0"):
        check_estimator("iwae", 0)
