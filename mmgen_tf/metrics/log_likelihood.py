"""Mean log-likelihood, and the importance-weighted estimate of it for latent-variable models."""

import keras
from keras import ops

from mmgen_tf.metrics.row_mean import RowMean


def importance_weighted(log_weights, axis=0):
    """Importance-weighted bound on log p(x): log of the mean of K importance weights, computed without overflow.

    log p(x) >= E[log 1/K sum_k w_k] with w_k = p(x, h_k) / q(h_k | x) (Burda et al. 2016, eq. 8); tighter as K grows.

    Args:
        log_weights: log w_k in nats, float, K of them along `axis`; `-inf` is a weight of zero.
        axis: int, the axis of the K samples.

    Returns:
        A tensor in nats of the same dtype, without `axis`.

    Raises:
        ValueError: for weights that are not floats, an axis out of range, or no weights along it.

    Reference:
        Burda et al. 2016, "Importance Weighted Autoencoders", https://arxiv.org/abs/1509.00519
    """
    log_weights = ops.convert_to_tensor(log_weights)
    dtype = keras.backend.standardize_dtype(log_weights.dtype)
    rank = len(log_weights.shape)
    if not keras.backend.is_float_dtype(dtype) or not -rank <= axis < rank or log_weights.shape[axis] == 0:
        raise ValueError(
            f"Expected float log_weights with at least one sample along axis {axis}; "
            f"received {dtype} of shape {tuple(log_weights.shape)}."
        )
    samples = ops.cast(ops.shape(log_weights)[axis], dtype)
    return ops.logsumexp(log_weights, axis=axis) - ops.log(samples)


@keras.saving.register_keras_serializable("mmgen_tf")
class LogLikelihood(RowMean):
    """Mean over rows of a log-likelihood, or of a bound on it, in nats; in (-inf, inf), higher is better.

    Runs in graph mode. It is called with likelihoods only, as `keras.metrics.Mean` is: from `test_step` or a loop, not
    through `compile(metrics=...)`, which passes targets. A row that is NaN or infinite makes the result so.

    Args:
        name: the metric's name.
        dtype: of the accumulators and of the result, `"float64"` if None.

    Example::

        metric = LogLikelihood()
        metric.update_state(importance_weighted(log_weights, axis=0))       # log_weights (K, n)
    """

    def __init__(self, name="log_likelihood", dtype=None):
        super().__init__(name=name, dtype=dtype)

    def update_state(self, log_likelihood, *, sample_weight=None):
        """Adds a batch.

        Args:
            log_likelihood: floats (n,), in nats.
            sample_weight: weights (n,), or None.

        Raises:
            ValueError: for any other shape or dtype.
        """
        log_likelihood = ops.convert_to_tensor(log_likelihood)
        dtype = keras.backend.standardize_dtype(log_likelihood.dtype)
        if len(log_likelihood.shape) != 1 or not keras.backend.is_float_dtype(dtype):
            raise ValueError(
                f"LogLikelihood expected floats of shape (n,); received {dtype} of shape {tuple(log_likelihood.shape)}."
            )
        self.add_rows(log_likelihood, sample_weight)
