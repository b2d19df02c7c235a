"""Precision, recall, density and coverage of generated features."""

import keras
import numpy as np

from mmgen_tf.metrics.feature_metric import FeatureMetric

BLOCK_VALUES = 2**22  # of a block of the distance matrix: 32 MB
TIE = 1e-12  # relative: far above float64's rounding of a squared distance, far below any difference that matters


@keras.saving.register_keras_serializable("mmgen_tf")
class PRDC(FeatureMetric):
    """Fidelity and diversity of generated examples, told from balls around features up to their k-th neighbour.

    - precision: share of generated rows inside some real row's ball (Kynkäänniemi et al. 2019, eq. 1-2), in [0, 1]
    - recall: share of real rows inside some generated row's ball, in [0, 1]
    - density: mean number of real balls around a generated row, over k (Naeem et al. 2020), 1 if equal in law
    - coverage: share of real rows whose ball holds a generated row (Naeem et al. 2020), in [0, 1]

    Higher is better. As in the `prdc` package of the second paper a ball does not hold its border, and a row is not its
    own neighbour. All distances are computed, a block of rows at a time: memory grows with the features only.
    For evaluation loops: it does not run inside a `tf.function`.

    Args:
        k: which neighbour's distance is the radius.
        feature_extractor: callable from a batch of examples to features (n, width), or None if `update_state` is given
            features.
        name: the metric's name.

    Raises:
        ValueError: for `k` below 1.

    References:
        Kynkäänniemi et al. 2019, "Improved Precision and Recall Metric for Assessing Generative Models".
        Naeem et al. 2020, "Reliable Fidelity and Diversity Metrics for Generative Models".
    """

    def __init__(self, k=5, feature_extractor=None, name="prdc"):
        super().__init__(feature_extractor=feature_extractor, name=name)
        if k < 1:
            raise ValueError(f"PRDC expected k of at least 1; received {k}.")
        self.k = k

    def result(self):
        """Dict of floats: precision, recall, density, coverage; ValueError with k rows or fewer on either side."""
        real, generated = (self.collected(side, at_least=self.k + 1) for side in ("real", "generated"))
        center = real.mean(axis=0)
        real, generated = real - center, generated - center
        real_radii, generated_radii = _squared_radii(real, self.k), _squared_radii(generated, self.k)
        balls_around = np.zeros(len(generated), "int64")
        recalled = covered = 0
        for rows, distances in _distance_blocks(real, generated):
            inside_real = distances < real_radii[rows, None]
            balls_around += np.count_nonzero(inside_real, axis=0)
            covered += np.count_nonzero(inside_real.any(axis=1))
            recalled += np.count_nonzero((distances < generated_radii).any(axis=1))
        return {
            "precision": float(np.mean(balls_around > 0)),
            "recall": float(recalled / len(real)),
            "density": float(np.mean(balls_around) / self.k),
            "coverage": float(covered / len(real)),
        }

    def get_config(self):
        """The constructor's arguments."""
        return {**super().get_config(), "k": self.k}


def _distance_blocks(x, y):
    """Yields (slice of x's rows, squared distances (rows, len(y))), a block at a time."""
    x_squared, y_squared = np.sum(x * x, axis=1), np.sum(y * y, axis=1)
    step = max(1, BLOCK_VALUES // len(y))
    for start in range(0, len(x), step):
        rows = slice(start, start + step)
        distances = (-2 * x[rows]) @ y.T
        distances += x_squared[rows, None]
        distances += y_squared
        yield rows, distances


def _squared_radii(x, k):
    """Squared distance (n,) of each row to its k-th neighbour, less what rounding could make of an equal distance."""
    radii = np.empty(len(x))
    for rows, distances in _distance_blocks(x, x):
        radii[rows] = np.partition(distances, k, axis=1)[:, k]
    return radii - TIE * (np.abs(radii) + np.sum(x * x, axis=1))
