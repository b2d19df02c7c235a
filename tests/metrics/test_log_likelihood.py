import keras
import numpy as np
import pytest
import tensorflow as tf
from scipy.stats import norm

from mmgen_tf.metrics import LogLikelihood, importance_weighted


def test_mean_in_any_batches_and_in_float64():
    rows = np.random.default_rng(0).normal(-90, 10, 1001)
    whole, streamed = LogLikelihood(), LogLikelihood()
    whole.update_state(rows)
    for start, stop in ((0, 7), (7, 7), (7, 1000), (1000, 1001)):
        streamed.update_state(rows[start:stop])
    assert float(whole.result()) == pytest.approx(rows.mean(), rel=1e-14)
    assert float(streamed.result()) == pytest.approx(rows.mean(), rel=1e-14)


def test_a_row_of_weight_zero_is_not_read():
    metric = LogLikelihood()
    metric.update_state([-1.0, np.nan, -3.0], sample_weight=[1, 0, 3])
    assert float(metric.result()) == -2.5
    metric.update_state([-np.inf])
    assert float(metric.result()) == -np.inf


def test_graph_mode():
    metric = LogLikelihood()
    step = tf.function(metric.update_state, input_signature=[tf.TensorSpec((None,))])
    step(tf.constant([-1.0, -2.0]))
    step(tf.constant([-6.0]))
    assert float(metric.result()) == -3


def test_errors_and_config():
    with pytest.raises(ValueError, match=r"received float32 of shape \(1, 2\)"):
        LogLikelihood().update_state([[0.0, 1.0]])
    with pytest.raises(ValueError, match="received int32"):
        LogLikelihood().update_state([0, 1])
    with pytest.raises(TypeError):  # what compile(metrics=...) would pass
        LogLikelihood().update_state([0.0], [1.0])
    metric = keras.saving.deserialize_keras_object(keras.saving.serialize_keras_object(LogLikelihood(name="nats")))
    assert metric.get_config() == {"name": "nats", "dtype": "float64"}


def test_importance_weighted_tends_to_an_analytical_gaussian():
    """h ~ N(0, 1), x | h ~ N(h, 1), hence x ~ N(0, 2); the proposal is wider than the posterior N(x/2, 1/2)."""
    x = np.array([-1.0, 0.0, 2.5])
    h = np.random.default_rng(1).normal(x / 2, 1.0, (100_000, 3))
    log_weights = norm.logpdf(h) + norm.logpdf(x, h) - norm.logpdf(h, x / 2, 1.0)
    estimate = importance_weighted(log_weights, axis=0)
    np.testing.assert_allclose(estimate, norm.logpdf(x, 0, np.sqrt(2)), atol=0.01)
    np.testing.assert_allclose(importance_weighted(log_weights.T, axis=-1), estimate, rtol=1e-12)


def test_importance_weighted_is_exact_with_the_posterior_and_stable():
    x, h = 1.5, np.linspace(-2, 2, 5)
    exact = norm.logpdf(h) + norm.logpdf(x, h) - norm.logpdf(h, x / 2, np.sqrt(0.5))
    assert float(importance_weighted(exact)) == pytest.approx(norm.logpdf(x, 0, np.sqrt(2)))
    shifts = np.array([-1e5, 0.0, 1e5])
    np.testing.assert_allclose(importance_weighted(exact[:, None] + shifts), exact[0] + shifts, rtol=1e-12)
    with_zero = importance_weighted(np.array([[0.0, -np.inf], [-np.inf, -np.inf]]))
    np.testing.assert_allclose(with_zero, [-np.log(2), -np.inf])


def test_importance_weighted_in_graph_mode_with_unknown_samples():
    step = tf.function(importance_weighted, input_signature=[tf.TensorSpec((None, 2))])
    np.testing.assert_allclose(step(tf.constant([[1.0, 2.0]] * 4)), [1, 2], rtol=1e-6)


@pytest.mark.parametrize(
    "log_weights", [np.zeros((0, 3), "float32"), np.zeros((2, 3), "int32"), np.zeros((), "float32")]
)
def test_importance_weighted_errors(log_weights):
    with pytest.raises(ValueError, match="at least one sample along axis 0; received"):
        importance_weighted(log_weights)
