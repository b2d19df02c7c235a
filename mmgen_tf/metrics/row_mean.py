"""The arithmetic that every metric averaging over rows shares: a weighted sum, a count, and their ratio."""

import keras
from keras import ops


class RowMean(keras.metrics.Metric):
    """Base of metrics whose result is a mean over the rows seen so far, exact up to 2**53 rows by default.

    A row of weight 0 is not read: a NaN there changes nothing. Before the first row the result is 0, as in Keras.

    Args:
        shape: the shape of one row's value, `()` for a scalar.
        name: the metric's name.
        dtype: of the accumulators and of the result, `"float64"` if None.
    """

    def __init__(self, shape=(), name=None, dtype=None):
        super().__init__(name=name, dtype=dtype or "float64")
        self.total = self.add_variable(shape, "zeros", dtype=self.dtype, name="total")
        self.count = self.add_variable((), "zeros", dtype=self.dtype, name="count")

    def result(self):
        """The mean over rows, of the metric's dtype."""
        return ops.divide_no_nan(ops.convert_to_tensor(self.total), ops.convert_to_tensor(self.count))

    def add_rows(self, rows, sample_weight=None):
        """Adds `rows` (n, *shape), each weighted by `sample_weight` (n,) where given."""
        rows = ops.cast(rows, self.dtype)
        if sample_weight is None:
            count = ops.cast(ops.shape(rows)[0], self.dtype)
        else:
            weight = ops.cast(sample_weight, self.dtype)
            self.check_equal_shapes(rows=rows.shape[:1], sample_weight=weight.shape)
            count = ops.sum(weight)
            weight = ops.reshape(weight, (-1, *[1] * (len(rows.shape) - 1)))
            rows = ops.where(weight == 0, ops.zeros_like(rows), rows * weight)
        self.total.assign_add(ops.sum(rows, axis=0))
        self.count.assign_add(count)

    def check_equal_shapes(self, **shapes):
        """Raises ValueError naming every shape unless all may be the same (a size of None matches anything)."""
        shapes = {name: tuple(shape) for name, shape in shapes.items()}
        ranks = {len(shape) for shape in shapes.values()}
        if len(ranks) > 1 or any(len(set(sizes) - {None}) > 1 for sizes in zip(*shapes.values(), strict=True)):
            received = ", ".join(f"{name} {shape}" for name, shape in shapes.items())
            raise ValueError(f"{type(self).__name__} expected equal shapes; received {received}.")
