"""LPIPS: how different two pictures look."""

import tensorflow as tf
from keras import ops

from mmgen_tf.metrics.row_mean import RowMean

ROWS = 64  # pairs looked at together
TINY = 1e-10  # as in the paper's code


class LPIPS(RowMean):
    """Mean learned perceptual distance of pairs of pictures, in [0, inf), 0 for equal ones, lower is more alike.

    Between two draws for one sentence it measures variety, and higher is better.

    Each map of VGG16 is normalised over its channels at every place; squared differences are weighted by the heads,
    averaged over places and summed over the five maps (Zhang et al. 2018, eq. 1, version 0.1 "lin").

    Args:
        network: function from pictures in -1..1 to a list of maps, with `heads`, their channels' weights, and `blocks`,
            as many as maps: a `VGG16`, such as `mmgen_tf.evaluation.perceptual.pretrained_vgg16()`.
        name: the metric's name.
        dtype: of the accumulators and of the result, `"float64"` if None.

    Reference: Zhang, Isola, Efros, Shechtman & Wang, The Unreasonable Effectiveness of Deep Features as a Perceptual
    Metric, CVPR 2018.
    """

    def __init__(self, network, name="lpips", dtype=None):
        super().__init__(name=name, dtype=dtype)
        self.network = network
        self._distance = tf.function(self._of_batch, autograph=False, reduce_retracing=True)

    def update_state(self, pictures, others, sample_weight=None):
        """Adds pairs.

        Args:
            pictures, others: uint8 `(n, height, width, 3)`, of at least 16 pixels a side.
            sample_weight: weights `(n,)`, or None.

        Raises:
            ValueError: for different shapes, other pictures than RGB, or smaller ones.
        """
        pictures, others = ops.convert_to_tensor(pictures), ops.convert_to_tensor(others)
        self.check_equal_shapes(pictures=pictures.shape, others=others.shape)
        least = 2 ** (len(self.network.blocks) - 1)
        shape = tuple(pictures.shape)
        if len(shape) != 4 or shape[-1] != 3 or min(shape[1:3]) < least:
            raise ValueError(f"LPIPS expected RGB pictures (n, h, w, 3) of at least {least} pixels; received {shape}.")
        self.add_rows(self.distances(pictures, others), sample_weight)

    def distances(self, pictures, others):
        """The distance of each pair, float32 `(n,)`."""
        starts = range(0, max(len(pictures), 1), ROWS)
        return ops.concatenate([self._distance(pictures[i : i + ROWS], others[i : i + ROWS]) for i in starts])

    def _of_batch(self, pictures, others):
        both = ops.cast(ops.concatenate([pictures, others]), "float32") / 127.5 - 1.0
        total = 0.0
        for seen, head in zip(self.network(both), self.network.heads, strict=True):
            seen = seen / (ops.sqrt(ops.sum(ops.square(seen), axis=-1, keepdims=True)) + TINY)
            one, other = ops.split(seen, 2)
            total += ops.mean(ops.sum(ops.square(one - other) * head, axis=-1), axis=(1, 2))
        return total

    def get_config(self):
        """ValueError: no config can hold the network's weights; construct the metric with it instead."""
        raise ValueError("LPIPS holds a network with weights, which no config can; construct it with the network.")
