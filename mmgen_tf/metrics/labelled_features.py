"""What the metrics of features with classes share: checking and collecting them."""

import keras
import numpy as np

from mmgen_tf.metrics.class_ids import class_ids


class LabelledFeatures(keras.metrics.Metric):
    """Base of metrics that collect features of examples with their classes, in Python and in float64.

    For evaluation loops, not for `compile(metrics=...)` or inside a `tf.function`.

    Args:
        sides: names of the sets that are told apart, such as `("fitted", "scored")`.
        name: the metric's name.
    """

    def __init__(self, sides, name=None):
        super().__init__(name=name, dtype="float64")
        self.sides = tuple(sides)
        self.reset_state()

    def reset_state(self):
        """Forgets every example."""
        self._width = None
        self._rows = {side: [] for side in self.sides}

    def add(self, side, features, classes):
        """Keeps a batch of `side`.

        Args:
            side: one of `sides`.
            features: finite numbers (n, width), of the same width in every call.
            classes: integer class ids (n,) of at least 0, or float logits (n, classes).

        Raises:
            ValueError: for other shapes or dtypes, NaN, negative classes, or different numbers of rows; then nothing
                is added.
        """
        who = type(self).__name__
        features = np.asarray(features)
        if features.ndim != 2 or features.shape[1] != (self._width or features.shape[1]) or not features.shape[1]:
            width = self._width or "width"
            raise ValueError(f"{who} expected {side} features of shape (n, {width}); received {features.shape}.")
        features = features.astype("float64")
        if not np.isfinite(features).all():
            raise ValueError(f"{who} expected finite {side} features; received NaN or infinity.")
        classes = keras.ops.convert_to_numpy(class_ids(classes, f"{side} classes"))
        if len(classes) != len(features) or (classes < 0).any():
            raise ValueError(
                f"{who} expected one class of at least 0 for each of {len(features)} {side} rows; "
                f"received {len(classes)} classes, the least {classes.min(initial=0)}."
            )
        self._width = features.shape[1]
        self._rows[side].append((features, classes))

    def collected(self, side, at_least):
        """All of `side` so far: `(features float64 (n, width), classes int64 (n,))`; ValueError if too few."""
        count = sum(len(classes) for _, classes in self._rows[side])
        if count < at_least:
            raise ValueError(f"{type(self).__name__} expected at least {at_least} {side} rows; received {count}.")
        features, classes = zip(*self._rows[side])
        return np.concatenate(features), np.concatenate(classes)
