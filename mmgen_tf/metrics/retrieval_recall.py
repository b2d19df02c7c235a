"""Retrieval: is the right one among the k nearest?"""

import keras
from keras import ops

from mmgen_tf.metrics.row_mean import RowMean


@keras.saving.register_keras_serializable("mmgen_tf")
class RetrievalRecall(RowMean):
    """Recall@k with one right candidate for each query: the share of queries for which fewer than k candidates are at
    least as similar as the right one; in [0, 1], higher is better.

    Ties count against: a model that finds all candidates alike has recall 0 where there are more than k. With k = 1
    among the right caption and 99 others it is the R-precision of text-to-image models (Xu et al. 2018, section 4.1).
    Runs in graph mode.

    Args:
        k: of the nearest candidates.
        name: the metric's name.
        dtype: of the accumulators and of the result, `"float64"` if None.

    Raises:
        ValueError: for k < 1.
    """

    def __init__(self, k=10, name=None, dtype=None):
        if k < 1:
            raise ValueError(f"RetrievalRecall expected k of at least 1; received {k}.")
        super().__init__(name=name or f"recall_{k}", dtype=dtype)
        self.k = k

    def update_state(self, similarities, right, sample_weight=None):
        """Adds queries.

        Args:
            similarities: float `(queries, candidates)`, higher is nearer; a NaN in a row makes it wrong.
            right: int `(queries,)`, the number of each query's right candidate.
            sample_weight: weights `(queries,)`, or None.

        Raises:
            ValueError: for shapes that do not fit, with both of them.
        """
        similarities, right = ops.convert_to_tensor(similarities), ops.cast(right, "int32")
        if len(similarities.shape) != 2:
            raise ValueError(
                f"{type(self).__name__} expected similarities (n, m); received {tuple(similarities.shape)}."
            )
        self.check_equal_shapes(similarities=similarities.shape[:1], right=right.shape)
        own = ops.take_along_axis(similarities, right[:, None], axis=1)
        nearer = ops.sum(ops.cast(ops.logical_not(similarities < own), "int32"), axis=1)  # the right one among them
        broken = ops.any(ops.isnan(similarities), axis=1)
        self.add_rows(ops.logical_and(nearer <= self.k, ops.logical_not(broken)), sample_weight)

    def get_config(self):
        """The constructor's arguments."""
        return {**super().get_config(), "k": self.k}
