"""A linear probe: how well a linear classifier tells the classes from latents."""

import keras
import numpy as np

from mmgen_tf.metrics.labelled_features import LabelledFeatures

GRADIENT, NEWTON_STEPS, INNER_STEPS = 1e-8, 100, 250


@keras.saving.register_keras_serializable("mmgen_tf")
class LinearProbe(LabelledFeatures):
    """Accuracy of a multinomial logistic regression from latents to classes, in [0, 1], higher is better.

    It is fitted on one part of the examples and scored on another. Features are standardised by the fitted part's mean
    and deviation. What is minimised, by Newton's method in float64, is scikit-learn's `LogisticRegression(C=1 /
    penalty)` objective:

        sum_n -log p(class_n | features_n) + penalty / 2 ||weights||^2        (the biases are free)

    Args:
        penalty: above 0, so that classes which a plane parts have a solution too.
        name: the metric's name.

    Example::

        probe = LinearProbe()
        probe.update_state(fitted=(train_latents, train_digits), scored=(test_latents, test_digits))
        probe.result()                                                       # 0.93

    Raises:
        ValueError: for a penalty that is not above 0.

    Reference:
        Alain & Bengio 2017, "Understanding Intermediate Layers Using Linear Classifier Probes".
        Shi et al. 2019, section 4.3, for latents of multimodal VAEs.
    """

    def __init__(self, penalty=1.0, name="linear_probe"):
        super().__init__(("fitted", "scored"), name=name)
        if not penalty > 0:
            raise ValueError(f"LinearProbe expected a penalty above 0; received {penalty}.")
        self.penalty = penalty

    def update_state(self, fitted=None, scored=None):
        """Adds a batch to either part, or to both.

        Args:
            fitted: `(features, classes)`: finite numbers (n, width) and integer class ids (n,), or None.
            scored: the same, of examples that the classifier is not fitted on.

        Raises:
            ValueError: see `LabelledFeatures.add`.
        """
        for side, pair in zip(self.sides, (fitted, scored)):
            if pair is not None:
                self.add(side, *pair)

    def result(self):
        """The accuracy on the scored part, a float; ValueError without two fitted classes and one scored row."""
        features, classes = self.collected("fitted", at_least=2)
        scored, expected = self.collected("scored", at_least=1)
        names, numbers = np.unique(classes, return_inverse=True)
        if len(names) < 2:
            raise ValueError(f"LinearProbe expected at least 2 classes in the fitted part; received {names.tolist()}.")
        mean, deviation = features.mean(axis=0), features.std(axis=0)
        deviation = np.where(deviation > 1e-12 * np.abs(mean), deviation, 1.0)
        weights = logistic_regression(
            _with_bias((features - mean) / deviation), np.eye(len(names))[numbers], self.penalty
        )
        predicted = names[(_with_bias((scored - mean) / deviation) @ weights).argmax(axis=1)]
        return float(np.mean(predicted == expected))

    def get_config(self):
        """The constructor's arguments."""
        return {"penalty": self.penalty, "name": self.name}


def logistic_regression(rows, targets, penalty):
    """Weights (width, classes) of the penalised multinomial logistic regression, by Newton's method.

    Each Newton step is solved by conjugate gradients (Nocedal & Wright 2006, algorithm 7.1) and halved until it helps.

    Args:
        rows: float64 (n, width), whose last column is 1 and whose weights are not penalised.
        targets: one-hot float64 (n, classes).
        penalty: see `LinearProbe`.
    """
    decay = np.full((rows.shape[1], 1), penalty / len(rows))
    decay[-1] = 0.0
    weights = np.zeros((rows.shape[1], targets.shape[1]))
    loss, chances = _loss(rows, targets, decay, weights)
    for _ in range(NEWTON_STEPS):
        gradient = rows.T @ (chances - targets) / len(rows) + decay * weights
        if np.abs(gradient).max() < GRADIENT:
            break

        def curvature(direction, chances=chances):
            moved = chances * (rows @ direction)
            moved -= chances * moved.sum(axis=1, keepdims=True)
            return rows.T @ moved / len(rows) + decay * direction

        step, size = _conjugate_gradients(curvature, gradient), 1.0
        better, new_chances = _loss(rows, targets, decay, weights - step)
        while better > loss and size > 1e-6:
            size /= 2.0
            better, new_chances = _loss(rows, targets, decay, weights - size * step)
        if better > loss:
            break
        weights, loss, chances = weights - size * step, better, new_chances
    return weights


def _with_bias(rows):
    return np.concatenate([rows, np.ones((len(rows), 1))], axis=1)


def _loss(rows, targets, decay, weights):
    """The objective over n, and the classes' probabilities (n, classes)."""
    logits = rows @ weights
    logits -= logits.max(axis=1, keepdims=True)
    totals = np.log(np.exp(logits).sum(axis=1, keepdims=True))
    cross_entropy = np.mean(totals[:, 0] - (targets * logits).sum(axis=1))
    return cross_entropy + 0.5 * np.sum(decay * weights**2), np.exp(logits - totals)


def _conjugate_gradients(apply, wanted):
    """An x with `apply(x)` near `wanted`, nearer the smaller `wanted` is, so that Newton's method converges fast."""
    x, residual = np.zeros_like(wanted), wanted.copy()
    direction, square = residual.copy(), np.sum(residual**2)
    goal = square * min(0.25, np.sqrt(square))
    for _ in range(INNER_STEPS):
        image = apply(direction)
        bend = np.sum(direction * image)
        if bend <= 0.0:
            break
        x, residual = x + square / bend * direction, residual - square / bend * image
        before, square = square, np.sum(residual**2)
        if square <= goal:
            break
        direction = residual + square / before * direction
    return x
