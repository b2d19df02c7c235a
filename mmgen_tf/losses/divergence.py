"""Densities of latent vectors and divergences between them, per row, in nats."""

import math

from keras import ops

LOG_TWO_PI = math.log(2.0 * math.pi)


def gaussian_kl(mean, log_variance):
    """KL(N(mean, exp(log_variance)) || N(0, 1)), summed over the last axis (Kingma & Welling 2014, appendix B)."""
    return 0.5 * ops.sum(ops.square(mean) + ops.exp(log_variance) - 1.0 - log_variance, axis=-1)


def gaussian_kl_between(mean, log_variance, other_mean, other_log_variance):
    """KL(N(mean, exp(log_variance)) || N(other_mean, exp(other_log_variance))), summed over the last axis."""
    ratio = log_variance - other_log_variance
    distance = ops.square(mean - other_mean) * ops.exp(-other_log_variance)
    return 0.5 * ops.sum(ops.exp(ratio) + distance - 1.0 - ratio, axis=-1)


def gaussian_log_density(z, mean, log_variance):
    """log N(z; mean, exp(log_variance)), summed over the last axis."""
    terms = LOG_TWO_PI + log_variance + ops.square(z - mean) * ops.exp(-log_variance)
    return -0.5 * ops.sum(terms, axis=-1)


def laplace_log_density(z, mean, log_variance):
    """log Laplace(z; mean, scale) with the variance `exp(log_variance) = 2 scale ** 2`, summed over the last axis."""
    log_scale = 0.5 * (log_variance - math.log(2.0))
    return -ops.sum(ops.abs(z - mean) * ops.exp(-log_scale) + log_scale + math.log(2.0), axis=-1)
