"""Divergences between Gaussians, per row, in nats."""

import math

from keras import ops

LOG_TWO_PI = math.log(2.0 * math.pi)


def gaussian_kl(mean, log_variance):
    """KL(N(mean, exp(log_variance)) || N(0, 1)), summed over the last axis (Kingma & Welling 2014, appendix B)."""
    return 0.5 * ops.sum(ops.square(mean) + ops.exp(log_variance) - 1.0 - log_variance, axis=-1)


def gaussian_log_density(z, mean, log_variance):
    """log N(z; mean, exp(log_variance)), summed over the last axis."""
    terms = LOG_TWO_PI + log_variance + ops.square(z - mean) * ops.exp(-log_variance)
    return -0.5 * ops.sum(terms, axis=-1)
