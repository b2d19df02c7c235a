"""Fréchet distance between two sets of features (FID, and its cousins for sound, video and text)."""

import keras
import numpy as np

from mmgen_tf.metrics.feature_metric import SIDES, FeatureMetric


@keras.saving.register_keras_serializable("mmgen_tf")
class FrechetDistance(FeatureMetric):
    """Squared Fréchet distance between Gaussians fitted to two sets of features; in [0, inf), lower is better.

    |m1 - m2|^2 + Tr(C1 + C2 - 2 (C1 C2)^(1/2)) (Heusel et al. 2017, eq. 6). It is "FID" only with the paper's Inception
    features. Biased upwards with few rows: compare equal numbers of them, well above the width.

    Only sums are kept, in float64: memory is of the order of width^2, whatever the number of rows.
    For evaluation loops: it does not run inside a `tf.function`.

    Args:
        feature_extractor: callable from a batch of examples to features (n, width), or None if `update_state` is given
            features.
        name: the metric's name.

    Reference:
        Heusel et al. 2017, "GANs Trained by a Two Time-Scale Update Rule Converge to a Local Nash Equilibrium".
    """

    def __init__(self, feature_extractor=None, name="frechet_distance"):
        super().__init__(feature_extractor=feature_extractor, name=name)

    def reset_state(self):
        """Forgets every example."""
        super().reset_state()
        self._moments = {side: None for side in SIDES}

    def add_features(self, side, rows):
        """Merges the rows' count, mean and scatter into those so far (Chan et al. 1983), free of cancellation."""
        if not len(rows):
            return
        mean = rows.mean(axis=0)
        scatter = (rows - mean).T @ (rows - mean)
        if self._moments[side] is None:
            self._moments[side] = (len(rows), mean, scatter)
            return
        old_count, old_mean, old_scatter = self._moments[side]
        count, step = old_count + len(rows), mean - old_mean
        scatter += old_scatter + np.outer(step, step) * (old_count * len(rows) / count)
        self._moments[side] = (count, old_mean + step * (len(rows) / count), scatter)

    def result(self):
        """The squared distance, a float; ValueError with fewer than two rows on either side."""
        (mean1, factor1), (mean2, factor2) = (self._mean_and_factor(side) for side in SIDES)
        trace = np.sum(factor1**2) + np.sum(factor2**2) - 2 * np.linalg.norm(factor1.T @ factor2, "nuc")
        return float(max(np.sum((mean1 - mean2) ** 2) + trace, 0.0))

    def _mean_and_factor(self, side):
        """The mean (width,), and F (width, width) with F F^T the unbiased covariance.

        With C1 = F1 F1^T and C2 = F2 F2^T, the eigenvalues of (C1 C2)^(1/2) are the singular values of F1^T F2, so that
        its trace is their sum; no square root of a nearly singular product has to be taken.
        """
        count, mean, scatter = self._moments[side] or (0, None, None)
        self.check_rows(side, count, at_least=2)
        values, vectors = np.linalg.eigh(scatter / (count - 1))
        return mean, vectors * np.sqrt(np.maximum(values, 0.0))
