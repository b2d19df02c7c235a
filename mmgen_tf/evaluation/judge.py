"""A classifier of one modality, run over raw values: what reads the class of a generated picture or sound."""

import numpy as np
import tensorflow as tf

BATCH = 500


class Judge:
    """Features and classes of raw values, in batches.

    Args:
        classifier: a built model with one input modality and the functions `features(tensors)` and, on them, `head`, or
            `logits(tensors)`: an `ImageClassifier`, such as `digit_classifier` of the zoo.

    Raises:
        ValueError: for a classifier that takes no input or several.
    """

    def __init__(self, classifier):
        if len(classifier.input_names) != 1:
            raise ValueError(f"A judge reads one modality; received a model of {list(classifier.input_names)}.")
        (self.modality,) = classifier.input_names
        self.processor = classifier.processors[self.modality]
        head = getattr(classifier, "head", None)

        @tf.function(reduce_retracing=True, autograph=False)
        def judge(raw):
            tensors = self.processor.preprocess(raw)
            features = classifier.features(tensors)
            logits = classifier.logits(tensors) if head is None else head(features)
            return features, tf.nn.softmax(logits)

        self._judge = judge

    def __call__(self, values):
        """Judges raw values.

        Args:
            values: numpy array of the shape and dtype of the classifier's modality, such as uint8 `(n, 28, 28, 1)`
                pictures or float32 `(n, 8192)` waveforms; n at least 1.

        Returns:
            features float32 `(n, width)`, classes int64 `(n,)`.

        Raises:
            ValueError: for another shape or dtype.
        """
        features, probabilities = self._read(values)
        return features, probabilities.argmax(axis=-1)

    def _read(self, values):
        values, spec = np.asarray(values), self.processor.raw_spec
        if values.shape[1:] != tuple(spec.shape) or values.dtype != spec.dtype.as_numpy_dtype or not len(values):
            raise ValueError(
                f"The judge of {self.modality!r} expected {spec.dtype.name} values (n, "
                f"{', '.join(map(str, spec.shape))}), n at least 1; received {values.dtype} {values.shape}."
            )
        parts = [self._judge(values[start : start + BATCH]) for start in range(0, len(values), BATCH)]
        features, classes = zip(*parts, strict=True)
        return np.concatenate(features), np.concatenate(classes)

    def probabilities(self, values):
        """What it thinks of each value: float32 `(n, classes)`, each row summing to 1."""
        return self._read(values)[1]

    def classes(self, values):
        """The classes alone, int64 `(n,)`."""
        return self(values)[1]
