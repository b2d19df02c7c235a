"""Structural similarity and mean squared error of reconstructed pictures."""

import keras
import tensorflow as tf
from keras import ops

from mmgen_tf.metrics.row_mean import RowMean


@keras.saving.register_keras_serializable("mmgen_tf")
class StructuralSimilarity(RowMean):
    """Mean SSIM of pictures and their reconstructions, in [-1, 1], 1 for equal pictures, higher is better.

    Runs in graph mode and in `compile(metrics=...)`. `mean_squared_error()` tells the same rows' squared error. Windows
    are Gaussian with a deviation of 1.5 pixels, k1 = 0.01, k2 = 0.03 (the paper's constants); only whole windows count.

    Args:
        value_range: `(low, high)` that the pictures' values may take: (0, 255) for uint8 pictures.
        window: side of the window in pixels; no picture may be smaller.
        name: the metric's name.
        dtype: of the accumulators and of the result, `"float64"` if None.

    Raises:
        ValueError: for a range without length, or a window below 1.

    Reference: Wang et al. 2004, "Image Quality Assessment: From Error Visibility to Structural Similarity", eq. 13.
    """

    def __init__(self, value_range=(0, 255), window=11, name="structural_similarity", dtype=None):
        super().__init__(shape=(2,), name=name, dtype=dtype)
        low, high = value_range
        if not low < high or window < 1:
            raise ValueError(
                f"StructuralSimilarity expected a range (low, high) with low < high and a window of at least 1; "
                f"received {tuple(value_range)}, {window}."
            )
        self.value_range, self.window = (low, high), window

    def update_state(self, real, reconstructed, sample_weight=None):
        """Adds a batch.

        Args:
            real: pictures (n, height, width, channels), of any numeric dtype, values in `value_range`.
            reconstructed: the same of what a model made of them.
            sample_weight: weights (n,), or None.

        Raises:
            ValueError: for different shapes, another rank, or pictures smaller than the window.
        """
        real, reconstructed = ops.convert_to_tensor(real), ops.convert_to_tensor(reconstructed)
        self.check_equal_shapes(real=real.shape, reconstructed=reconstructed.shape)
        if len(real.shape) != 4 or any(size is not None and size < self.window for size in real.shape[1:3]):
            raise ValueError(
                f"StructuralSimilarity expected pictures (n, height, width, channels) of at least {self.window} pixels "
                f"a side; received {tuple(real.shape)}."
            )
        low, high = self.value_range
        real, reconstructed = ((ops.cast(side, "float32") - low) / (high - low) for side in (real, reconstructed))
        similarity = tf.image.ssim(real, reconstructed, max_val=1.0, filter_size=self.window)
        error = ops.mean(ops.square(real - reconstructed), axis=(1, 2, 3))
        self.add_rows(ops.stack([similarity, error], axis=-1), sample_weight)

    def result(self):
        """The mean structural similarity, a scalar."""
        return super().result()[0]

    def mean_squared_error(self):
        """The mean over rows and pixels, a scalar in [0, 1], of values scaled from `value_range` to [0, 1]."""
        return super().result()[1]

    def get_config(self):
        """The constructor's arguments."""
        return {**super().get_config(), "value_range": list(self.value_range), "window": self.window}
