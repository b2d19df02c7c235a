"""Conditional coherence: does the generated example show the class that it was asked to show?"""

import keras
from keras import ops

from mmgen_tf.metrics.class_ids import class_ids
from mmgen_tf.metrics.row_mean import RowMean


@keras.saving.register_keras_serializable("mmgen_tf")
class Coherence(RowMean):
    """Share of generated examples whose class, told by a classifier, is the expected one; in [0, 1], higher is better.

    Runs in graph mode and in `compile(metrics=...)`. It is only as good as the classifier: report its accuracy too.

    Args:
        name: the metric's name.
        dtype: of the accumulators and of the result, `"float64"` if None.

    Example::

        coherence = Coherence()
        coherence.update_state(expected=[7, 1], predicted=classifier(generated_images))

    Reference:
        Shi et al. 2019, "Variational Mixture-of-Experts Autoencoders for Multi-Modal Deep Generative Models"
        (cross coherence).
    """

    def __init__(self, name="coherence", dtype=None):
        super().__init__(name=name, dtype=dtype)

    def update_state(self, expected, predicted, sample_weight=None):
        """Adds a batch.

        Args:
            expected: integer class ids (n,).
            predicted: integer class ids (n,), where a negative id means "not recognised" and is wrong, or float
                logits (n, classes), where a row with a NaN is wrong.
            sample_weight: weights (n,), or None.

        Raises:
            ValueError: for other shapes or dtypes, or different numbers of rows.
        """
        expected, predicted = class_ids(expected, "expected"), class_ids(predicted, "predicted")
        self.check_equal_shapes(expected=expected.shape, predicted=predicted.shape)
        self.add_rows(ops.logical_and(expected == predicted, predicted >= 0), sample_weight)
