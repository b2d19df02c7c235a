"""Divergences and densities against closed forms and SciPy."""

import numpy as np
from scipy import stats

from mmgen_tf.losses.divergence import (
    gaussian_kl,
    gaussian_kl_between,
    gaussian_log_density,
    laplace_log_density,
)  # fmt: skip

random = np.random.default_rng(0)
MEAN, LOG_VARIANCE, OTHER, OTHER_LOG_VARIANCE, Z = random.normal(size=(5, 3, 4)).astype("float32")


def test_divergence_between_two_gaussians():
    expected = gaussian_kl(MEAN, LOG_VARIANCE)
    np.testing.assert_allclose(gaussian_kl_between(MEAN, LOG_VARIANCE, 0.0 * MEAN, 0.0 * MEAN), expected, rtol=1e-5)
    np.testing.assert_allclose(gaussian_kl_between(MEAN, LOG_VARIANCE, MEAN, LOG_VARIANCE), np.zeros(3), atol=1e-6)
    draws = MEAN + np.exp(0.5 * LOG_VARIANCE) * random.normal(size=(200_000, 3, 4)).astype("float32")
    sampled = gaussian_log_density(draws, MEAN, LOG_VARIANCE) - gaussian_log_density(draws, OTHER, OTHER_LOG_VARIANCE)
    found = gaussian_kl_between(MEAN, LOG_VARIANCE, OTHER, OTHER_LOG_VARIANCE)
    np.testing.assert_allclose(np.mean(sampled, axis=0), found, rtol=0.02)


def test_densities():
    deviation = np.exp(0.5 * LOG_VARIANCE)
    expected = stats.norm(MEAN, deviation).logpdf(Z).sum(-1)
    np.testing.assert_allclose(gaussian_log_density(Z, MEAN, LOG_VARIANCE), expected, rtol=1e-5)
    expected = stats.laplace(MEAN, deviation / np.sqrt(2)).logpdf(Z).sum(-1)
    np.testing.assert_allclose(laplace_log_density(Z, MEAN, LOG_VARIANCE), expected, rtol=1e-5)
