"""What the distances between two sets of features share: extracting, checking and collecting the features."""

import keras
import numpy as np
import tensorflow as tf

SIDES = ("real", "generated")


class FeatureMetric(keras.metrics.Metric):
    """Base of metrics that compare features of real and of generated examples, float64 throughout.

    Features are kept in Python: for evaluation loops, not for `compile(metrics=...)` or inside a `tf.function`.

    Args:
        feature_extractor: callable from a batch of examples to features (n, width), or None if `update_state` is given
            features. A serializable callable without weights survives `get_config`.
        name: the metric's name.

    Raises:
        ValueError: for a feature extractor that cannot be called.
    """

    def __init__(self, feature_extractor=None, name=None):
        super().__init__(name=name, dtype="float64")
        if feature_extractor is not None and not callable(feature_extractor):
            raise ValueError(f"{type(self).__name__} expected a callable or None; received {feature_extractor!r}.")
        self.feature_extractor = feature_extractor
        self.reset_state()

    def reset_state(self):
        """Forgets every example."""
        self._width = None
        self._features = {side: [] for side in SIDES}

    def update_state(self, real=None, generated=None):
        """Adds a batch of real examples, of generated ones, or of both; the two need not have equally many rows.

        Args:
            real: what `feature_extractor` takes, or numeric features (n, width) without one, or None.
            generated: the same, (m, width).

        Raises:
            ValueError: for features of another rank or width, or not finite; then nothing of the call is added.
            RuntimeError: inside a `tf.function`.
        """
        if not tf.executing_eagerly():
            raise RuntimeError(f"{type(self).__name__} collects features in Python: call it outside of tf.function.")
        given = {side: batch for side, batch in zip(SIDES, (real, generated), strict=True) if batch is not None}
        features = {side: self._extract(side, batch) for side, batch in given.items()}
        width = self._check_width({side: rows.shape for side, rows in features.items()})
        for side, rows in features.items():
            self.add_features(side, rows)
        self._width = width

    def add_features(self, side, rows):
        """Keeps checked float64 `rows` (n, width) of `side`, "real" or "generated"; a subclass may only sum them up."""
        self._features[side].append(rows)

    def collected(self, side, at_least):
        """All features of `side` so far, float64 (rows, width); ValueError unless `at_least` rows are there."""
        rows = np.concatenate(self._features[side]) if self._features[side] else np.zeros((0, 0))
        self._features[side] = [rows] if len(rows) else []
        self.check_rows(side, len(rows), at_least)
        return rows

    def check_rows(self, side, rows, at_least):
        """Raises ValueError unless there are `at_least` rows of `side`."""
        if rows < at_least:
            raise ValueError(f"{type(self).__name__} expected at least {at_least} {side} rows; received {rows}.")

    def get_config(self):
        """The constructor's arguments; ValueError if the extractor has weights, which no config can hold."""
        if getattr(self.feature_extractor, "weights", None):
            raise ValueError(
                f"{type(self).__name__} expected a feature extractor without weights, since a config would lose them; "
                f"received {self.feature_extractor!r}. Construct the metric with it instead."
            )
        return {"feature_extractor": keras.saving.serialize_keras_object(self.feature_extractor), "name": self.name}

    @classmethod
    def from_config(cls, config):
        """The metric that `get_config` described, without any examples."""
        extractor = keras.saving.deserialize_keras_object(config.get("feature_extractor"))
        return cls(**{**config, "feature_extractor": extractor})

    def _extract(self, side, batch):
        features = batch if self.feature_extractor is None else self.feature_extractor(batch)
        features = keras.ops.convert_to_numpy(features)
        if features.ndim != 2 or features.shape[1] == 0:
            raise ValueError(
                f"{type(self).__name__} expected {side} features of shape (n, width); received {features.shape}."
            )
        features = features.astype("float64")
        if not np.isfinite(features).all():
            broken = int((~np.isfinite(features)).any(axis=1).sum())
            raise ValueError(
                f"{type(self).__name__} expected finite {side} features; received NaN or infinity in {broken} of "
                f"{len(features)} rows."
            )
        return features

    def _check_width(self, shapes):
        widths = {shape[1] for shape in shapes.values()} | ({self._width} - {None})
        if len(widths) > 1:
            received = ", ".join(f"{side} {shape}" for side, shape in shapes.items())
            before = f" after features of shape (n, {self._width})" if self._width else ""
            raise ValueError(f"{type(self).__name__} expected features of one width; received {received}{before}.")
        return widths.pop() if widths else None
