"""The families that posteriors and priors of latent vectors come from, by name: how to draw, and how dense it is there.

Both are told by mean and log-variance, so that a model can change its family and keep its encoders.
"""

import difflib
import math

from keras import ops

from mmgen_tf.losses.divergence import gaussian_log_density, laplace_log_density


class Normal:
    """N(mean, exp(log_variance)), diagonal."""

    log_density = staticmethod(gaussian_log_density)

    @staticmethod
    def standard(shape, noise):
        """Draws of mean 0 and variance 1; `shape[0]` is the batch."""
        return noise.normal(shape)


class Laplace:
    """The Laplace distribution of that mean and variance (used by Shi et al. 2019)."""

    log_density = staticmethod(laplace_log_density)

    @staticmethod
    def standard(shape, noise):
        """Draws of mean 0 and variance 1, by the inverse of the distribution function."""
        centred = ops.clip(noise.uniform(shape), 1e-7, 1.0 - 1e-7) - 0.5
        return -ops.sign(centred) * ops.log(1.0 - 2.0 * ops.abs(centred)) / math.sqrt(2.0)


FAMILIES = {"normal": Normal, "laplace": Laplace}


def latent_family(name):
    """The family of that name. Raises ValueError with the near names if there is none."""
    if name not in FAMILIES:
        near = difflib.get_close_matches(str(name), FAMILIES, n=1) or sorted(FAMILIES)
        raise ValueError(f"Unknown latent family {name!r}; did you mean {' or '.join(near)}?")
    return FAMILIES[name]
