"""Inception score: are drawn examples clear, each for itself, and varied together?"""

import keras
import numpy as np

from mmgen_tf.metrics.row_mean import RowMean


@keras.saving.register_keras_serializable("mmgen_tf")
class InceptionScore(RowMean):
    """exp of the mean divergence KL(p(y | x) || p(y)), from 1 to the number of classes, higher is better.

    p(y | x) is what a classifier says of each drawn example, p(y) the mean of that over all of them (Salimans et al.
    2016, section 4). A figure belongs to its classifier: it is *the* inception score only with the paper's. Runs in
    graph mode; the paper's splits are a matter of the evaluation loop.

    Args:
        classes: number of classes.
        name: the metric's name.
        dtype: of the accumulators and of the result, `"float64"` if None.

    Raises:
        ValueError: for less than one class.

    Reference: Salimans, Goodfellow, Zaremba, Cheung, Radford & Chen, Improved Techniques for Training GANs, NIPS 2016.
    """

    def __init__(self, classes, name="inception_score", dtype=None):
        if classes < 1:
            raise ValueError(f"InceptionScore expected at least one class; received {classes}.")
        super().__init__(shape=(classes + 1,), name=name, dtype=dtype)
        self.classes = classes

    def update_state(self, probabilities, sample_weight=None):
        """Adds examples.

        Args:
            probabilities: float `(n, classes)`, each row summing to 1.
            sample_weight: weights `(n,)`, or None.

        Raises:
            ValueError: for another number of classes, or, outside graphs, rows that do not sum to 1.
        """
        p = keras.ops.cast(probabilities, self.dtype)
        if len(p.shape) != 2 or p.shape[1] != self.classes:
            raise ValueError(f"InceptionScore expected probabilities (n, {self.classes}); received {tuple(p.shape)}.")
        if not keras.ops.is_tensor(probabilities) and not np.allclose(np.sum(probabilities, axis=1), 1.0, atol=1e-3):
            raise ValueError(
                f"InceptionScore expected rows that sum to 1; received sums from {np.sum(probabilities, 1).min():.3g} "
                f"to {np.sum(probabilities, 1).max():.3g}."
            )
        logarithms = keras.ops.log(keras.ops.where(p > 0, p, keras.ops.ones_like(p)))
        negative_entropy = keras.ops.sum(p * logarithms, axis=1, keepdims=True)
        self.add_rows(keras.ops.concatenate([p, negative_entropy], axis=1), sample_weight)

    def result(self):
        """The score, a scalar: exp(H(y) - H(y | x))."""
        means = super().result()
        p, negative_entropy = means[:-1], means[-1]
        logarithms = keras.ops.log(keras.ops.where(p > 0, p, keras.ops.ones_like(p)))
        return keras.ops.exp(negative_entropy - keras.ops.sum(p * logarithms))

    def get_config(self):
        """The constructor's arguments."""
        return {**super().get_config(), "classes": self.classes}
