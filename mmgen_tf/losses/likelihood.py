"""Likelihoods of pictures given a decoder's output, by name: log p(x | z) per row, in nats, and the value to show."""

import difflib
import math

from keras import ops

MULTIPLIED = 120  # factors of at most 2, so that their product stays below float32's 2^128


class Bernoulli:
    """Pixels in 0..1 as (relaxed) coin flips; the decoder gives logits."""

    range = (0.0, 1.0)

    @staticmethod
    def log_prob(logits, x):
        return _sum_rows(x * logits) - softplus_sum(logits)

    @staticmethod
    def mean(logits):
        return ops.sigmoid(logits)


class Gaussian:
    """Pixels with Gaussian noise of standard deviation `scale`; the decoder gives means."""

    range = None

    def __init__(self, scale=1.0):
        self.scale = _positive(scale)

    def log_prob(self, mean, x):
        constant = 0.5 * math.log(2.0 * math.pi) + math.log(self.scale)
        return _sum_rows(-0.5 * ops.square((x - mean) / self.scale) - constant)

    @staticmethod
    def mean(mean):
        return mean


class Laplace(Gaussian):
    """Pixels with Laplace noise of `scale`; the decoder gives medians."""

    def log_prob(self, mean, x):
        return _sum_rows(-ops.abs(x - mean) / self.scale - math.log(2.0 * self.scale))


LIKELIHOODS = {"bernoulli": Bernoulli, "gaussian": Gaussian, "laplace": Laplace}


def make_likelihood(name, scale=None):
    """The likelihood of that name.

    Raises:
        ValueError: for an unknown name (the near ones are given), a scale <= 0, or a scale where there is none.
    """
    if name not in LIKELIHOODS:
        near = difflib.get_close_matches(str(name), LIKELIHOODS, n=1) or sorted(LIKELIHOODS)
        raise ValueError(f"Unknown likelihood {name!r}; did you mean {' or '.join(near)}?")
    if name == "bernoulli":
        if scale is not None:
            raise ValueError(f"A Bernoulli likelihood has no scale; received {scale}.")
        return Bernoulli()
    return LIKELIHOODS[name](1.0 if scale is None else scale)


@ops.custom_gradient
def softplus_sum(logits):
    """Sum of log(1 + e^l) over each row, `(batch,)`, with max(l, 0) taken out: what is left of 1 + e^-|l| lies between
    1 and 2, so that a hundred of them are multiplied before one logarithm, the dearest step of a likelihood, is taken.
    """
    flat = ops.cast(ops.reshape(logits, (-1, math.prod(logits.shape[1:]))), "float32")
    together = max(n for n in range(1, MULTIPLIED + 1) if flat.shape[1] % n == 0)
    factors = ops.reshape(1.0 + ops.exp(-ops.abs(flat)), (-1, flat.shape[1] // together, together))
    total = ops.sum(ops.log(ops.prod(factors, axis=-1)), axis=-1) + ops.sum(ops.relu(flat), axis=-1)

    def gradient(*args, upstream=None):
        upstream = args[0] if upstream is None else upstream
        rows = ops.reshape(upstream, (-1,) + (1,) * (len(logits.shape) - 1))
        return ops.cast(rows, logits.dtype) * ops.sigmoid(logits)

    return total, gradient


def _positive(scale):
    if not scale > 0:
        raise ValueError(f"A likelihood's scale must be positive; received {scale}.")
    return float(scale)


def _sum_rows(terms):
    terms = ops.cast(terms, "float32")
    return ops.sum(terms, axis=tuple(range(1, len(terms.shape))))
