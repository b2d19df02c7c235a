"""Likelihoods and divergences against scipy's densities."""

import numpy as np
import pytest
import tensorflow as tf
from scipy import stats

from mmgen_tf.losses.divergence import gaussian_kl, gaussian_log_density
from mmgen_tf.losses.likelihood import make_likelihood

RANDOM = np.random.default_rng(0)
PARAMETERS, VALUES = RANDOM.normal(size=(2, 3, 2, 2, 1)).astype("float32")


def summed(terms):
    return terms.reshape(3, -1).sum(1)


def test_bernoulli():
    x = (VALUES > 0).astype("float32")
    expected = summed(stats.bernoulli.logpmf(x, 1 / (1 + np.exp(-PARAMETERS))))
    np.testing.assert_allclose(make_likelihood("bernoulli").log_prob(PARAMETERS, x), expected, rtol=1e-5)


@pytest.mark.parametrize("count", [1, 127, 784])
def test_bernoulli_of_any_size_and_any_logit(count):
    logits = np.concatenate(
        [RANDOM.normal(scale=4.0, size=(3, count)), np.full((1, count), 90.0), np.full((1, count), -1e4)]
    )
    x = (RANDOM.random(logits.shape) > 0.5).astype("float32")
    expected = (x * logits - np.logaddexp(0.0, logits)).sum(1)
    with tf.GradientTape() as tape:
        given = tf.Variable(logits, dtype="float32")
        rows = make_likelihood("bernoulli").log_prob(given, x)
    np.testing.assert_allclose(rows, expected, rtol=1e-5, atol=1e-4)
    np.testing.assert_allclose(tape.gradient(rows, given), x - 1 / (1 + np.exp(-logits.clip(-700, 700))), atol=1e-6)


@pytest.mark.parametrize(("name", "density"), [("gaussian", stats.norm), ("laplace", stats.laplace)])
def test_scaled(name, density):
    expected = summed(density.logpdf(VALUES, PARAMETERS, 0.75))
    np.testing.assert_allclose(make_likelihood(name, 0.75).log_prob(PARAMETERS, VALUES), expected, rtol=1e-5)


@pytest.mark.parametrize("scale", [0.0, -1.0, float("nan")])
def test_scale_must_be_positive(scale):
    with pytest.raises(ValueError, match="positive; received"):
        make_likelihood("laplace", scale)


def test_errors_name_what_there_is():
    with pytest.raises(ValueError, match="did you mean gaussian"):
        make_likelihood("gausian")
    with pytest.raises(ValueError, match="has no scale"):
        make_likelihood("bernoulli", 0.5)


def test_kl_and_density():
    mean, log_variance = PARAMETERS.reshape(3, 4), VALUES.reshape(3, 4)
    z = RANDOM.normal(size=(3, 4)).astype("float32")
    expected = stats.norm.logpdf(z, mean, np.exp(0.5 * log_variance)).sum(1)
    np.testing.assert_allclose(gaussian_log_density(z, mean, log_variance), expected, rtol=1e-5)
    draws = mean[None] + np.exp(0.5 * log_variance) * RANDOM.normal(size=(200_000, 3, 4))
    sampled = stats.norm.logpdf(draws, mean, np.exp(0.5 * log_variance)) - stats.norm.logpdf(draws)
    np.testing.assert_allclose(gaussian_kl(mean, log_variance), sampled.sum(-1).mean(0), rtol=0.02)
