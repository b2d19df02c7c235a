"""Kernel distance between two sets of features (KID)."""

import keras
import numpy as np

from mmgen_tf.metrics.feature_metric import FeatureMetric

BLOCK_VALUES = 2**22  # of a block of the kernel matrix: 32 MB


@keras.saving.register_keras_serializable("mmgen_tf")
class KernelDistance(FeatureMetric):
    """Unbiased squared maximum mean discrepancy with a cubic kernel; lower is better, 0 or a little below at best.

    mean k(x, x') + mean k(y, y') - 2 mean k(x, y) over pairs of different rows, with k(a, b) = (a.b / width + 1)^3
    (Binkowski et al. 2018). It is "KID" only with the Inception features of the paper. Unlike the
    Fréchet distance it is unbiased, hence the choice with few rows; being unbiased, it may be negative.

    For evaluation loops: it does not run inside a `tf.function`.

    Args:
        feature_extractor: callable from a batch of examples to features (n, width), or None if `update_state` is given
            features.
        subsets: number of random subsets to average over, or None to use all pairs at once.
        subset_size: rows that a subset takes of each side, without replacement; unused if `subsets` is None.
        seed: int, of the draw of subsets; `result()` draws the same ones each time.
        name: the metric's name.

    Raises:
        ValueError: for `subsets` below 1 or `subset_size` below 2.

    Reference:
        Binkowski et al. 2018, "Demystifying MMD GANs", https://arxiv.org/abs/1801.01401
    """

    def __init__(self, feature_extractor=None, subsets=None, subset_size=1000, seed=0, name="kernel_distance"):
        super().__init__(feature_extractor=feature_extractor, name=name)
        if (subsets is not None and subsets < 1) or subset_size < 2:
            raise ValueError(
                f"KernelDistance expected subsets of at least 1 and a subset_size of at least 2; "
                f"received {subsets} and {subset_size}."
            )
        self.subsets = subsets
        self.subset_size = subset_size
        self.seed = seed

    def result(self):
        """The squared discrepancy, a float; ValueError with fewer rows than a subset (or than two) on either side."""
        at_least = 2 if self.subsets is None else self.subset_size
        real, generated = self.collected("real", at_least), self.collected("generated", at_least)
        if self.subsets is None:
            return _squared_mmd(real, generated)
        draw = np.random.default_rng(self.seed)
        pairs = ((self._subset(draw, real), self._subset(draw, generated)) for _ in range(self.subsets))
        return float(np.mean([_squared_mmd(x, y) for x, y in pairs]))

    def get_config(self):
        """The constructor's arguments."""
        own = {"subsets": self.subsets, "subset_size": self.subset_size, "seed": self.seed}
        return {**super().get_config(), **own}

    def _subset(self, draw, rows):
        return rows[draw.choice(len(rows), self.subset_size, replace=False)]


def _squared_mmd(x, y):
    """Unbiased squared discrepancy of x (m, width) and y (n, width), a float."""
    m, n = len(x), len(y)
    within_x = (_kernel_sum(x, x) - _cubic(np.sum(x * x, axis=1), x.shape[1]).sum()) / (m * (m - 1))
    within_y = (_kernel_sum(y, y) - _cubic(np.sum(y * y, axis=1), y.shape[1]).sum()) / (n * (n - 1))
    return float(within_x + within_y - 2 * _kernel_sum(x, y) / (m * n))


def _kernel_sum(x, y):
    """Sum of the kernel over all pairs, a block of rows at a time."""
    step = max(1, BLOCK_VALUES // len(y))
    return sum(_cubic(x[start : start + step] @ y.T, x.shape[1]).sum() for start in range(0, len(x), step))


def _cubic(products, width):
    base = products / width + 1
    return base * base * base
