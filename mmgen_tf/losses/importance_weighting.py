"""Bounds from K importance weights, and gradients of them that keep their signal as K grows."""

import difflib

import tensorflow as tf
from keras import ops

ESTIMATORS = ("iwae", "dreg")


def check_estimator(name, num_samples):
    """Raises ValueError for an unknown estimator (with the near names) or fewer than one sample."""
    if name not in ESTIMATORS:
        near = difflib.get_close_matches(str(name), ESTIMATORS, n=1) or ESTIMATORS
        raise ValueError(f"Unknown estimator {name!r}; did you mean {' or '.join(near)}?")
    if num_samples < 1:
        raise ValueError(f"num_samples (K) must be at least 1; received {num_samples}.")


class GradientTap:
    """An identity whose gradient is multiplied by `weights`, which may be set after it was called.

    The doubly reparameterised estimator multiplies the gradient of each sample by its normalised importance weight,
    which is only known when the sample has been decoded (Tucker et al. 2019, eq. 8).
    """

    def __init__(self):
        self.weights = None

    def __call__(self, z):
        @tf.custom_gradient
        def identity(value):
            return tf.identity(value), lambda gradient: gradient * self.weights

        return identity(z)


def importance_bound(log_weights, tap=None):
    """A per-row bound `(batch,)` from log-weights `(batch, K)`.

    Without `tap` the importance-weighted bound (Burda et al. 2016, eq. 8). With the `GradientTap` that the samples went
    through, the doubly reparameterised surrogate: `sum_k w_k log w_k`, weights held fixed; densities of q must then
    have been taken with their parameters held fixed.
    """
    if tap is None:
        return ops.logsumexp(log_weights, axis=1) - ops.log(ops.cast(ops.shape(log_weights)[1], "float32"))
    weights = ops.stop_gradient(ops.softmax(log_weights, axis=1))
    tap.weights = weights[..., None]
    return ops.sum(weights * log_weights, axis=1)
