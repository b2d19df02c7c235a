"""Strict match: is the generated sentence the expected one, letter for letter?"""

import keras
import tensorflow as tf

from mmgen_tf.metrics.row_mean import RowMean


@keras.saving.register_keras_serializable("mmgen_tf")
class StrictMatch(RowMean):
    """Share of generated sentences equal to the expected string, case and spaces included; in [0, 1], higher is better.

    For sentences whose wording is given by what they say. Where several wordings are right, measure attributes with
    `StrictCaptionAccuracy`. Runs in graph mode.

    Args:
        name: the metric's name.
        dtype: of the accumulators and of the result, `"float64"` if None.
    """

    def __init__(self, name="strict_match", dtype=None):
        super().__init__(name=name, dtype=dtype)

    def update_state(self, expected, generated, sample_weight=None):
        """Adds a batch.

        Args:
            expected: strings (n,), a list or a string tensor.
            generated: strings (n,).
            sample_weight: weights (n,), or None.

        Raises:
            ValueError: for other shapes or dtypes, or different numbers of rows.
        """
        sides = {"expected": tf.convert_to_tensor(expected), "generated": tf.convert_to_tensor(generated)}
        for side, tensor in sides.items():
            if tensor.dtype != tf.string or tensor.shape.rank != 1:
                raise ValueError(
                    f"StrictMatch expected {side} strings of shape (n,); "
                    f"received {tensor.dtype.name} of shape {tuple(tensor.shape)}."
                )
        self.check_equal_shapes(**{side: tensor.shape for side, tensor in sides.items()})
        self.add_rows(sides["expected"] == sides["generated"], sample_weight)
