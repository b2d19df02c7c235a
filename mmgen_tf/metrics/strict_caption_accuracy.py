"""Strict caption accuracy: does the generated example show everything that its caption says?"""

import keras
from keras import ops

from mmgen_tf.metrics.row_mean import RowMean


@keras.saving.register_keras_serializable("mmgen_tf")
class StrictCaptionAccuracy(RowMean):
    """Share of generated examples that have every attribute their caption names; in [0, 1], higher is better.

    Runs in graph mode and in `compile(metrics=...)`. `per_attribute()` tells which attribute was missed.

    Args:
        attributes: names of the attributes, in the order of the columns, such as `("digit", "thickness", "slant")`.
        name: the metric's name.
        dtype: of the accumulators and of the result, `"float64"` if None.

    Raises:
        ValueError: for no attributes, or the same one twice.
    """

    def __init__(self, attributes, name="strict_caption_accuracy", dtype=None):
        attributes = (attributes,) if isinstance(attributes, str) else tuple(attributes)
        if not attributes or len(set(attributes)) < len(attributes):
            raise ValueError(f"StrictCaptionAccuracy expected different attribute names; received {attributes!r}.")
        super().__init__(shape=(len(attributes) + 1,), name=name, dtype=dtype)
        self.attributes = attributes

    def update_state(self, expected, measured, sample_weight=None):
        """Adds a batch.

        Args:
            expected: ints (n, attributes), what the caption says.
            measured: ints (n, attributes), what the example shows; a negative one, such as -1, could not be measured
                and is wrong whatever was expected.
            sample_weight: weights (n,), or None.

        Raises:
            ValueError: for other shapes or dtypes, with both of them.
        """
        expected, measured = ops.convert_to_tensor(expected), ops.convert_to_tensor(measured)
        self._check(expected, measured)
        expected, measured = ops.cast(expected, "int64"), ops.cast(measured, "int64")
        right = ops.logical_and(expected == measured, measured >= 0)
        self.add_rows(ops.concatenate([right, ops.all(right, axis=-1, keepdims=True)], axis=-1), sample_weight)

    def result(self):
        """The share of rows with all attributes right, a scalar."""
        return super().result()[-1]

    def per_attribute(self):
        """The share of rows with that attribute right: a dict of scalars keyed by attribute name."""
        shares = super().result()
        return {attribute: shares[column] for column, attribute in enumerate(self.attributes)}

    def get_config(self):
        """The constructor's arguments."""
        return {**super().get_config(), "attributes": list(self.attributes)}

    def _check(self, expected, measured):
        self.check_equal_shapes(expected=expected.shape, measured=measured.shape)
        dtypes = [keras.backend.standardize_dtype(tensor.dtype) for tensor in (expected, measured)]
        width = len(self.attributes)
        if len(expected.shape) != 2 or expected.shape[1] not in (None, width) or measured.shape[1] not in (None, width):
            raise ValueError(
                f"StrictCaptionAccuracy expected shapes (n, {width}) for the attributes {self.attributes}; "
                f"received expected {tuple(expected.shape)}, measured {tuple(measured.shape)}."
            )
        if not all(map(keras.backend.is_int_dtype, dtypes)):
            raise ValueError(f"StrictCaptionAccuracy expected integers; received {dtypes[0]} and {dtypes[1]}.")
