"""Randomness as a value: a seed goes in, the same draws come out, wherever and on however many replicas it runs."""

import tensorflow as tf


class Noise:
    """A stream of random draws for one batch.

    Every stochastic function of a model takes a `Noise` and draws from it in a fixed order. With `rows`, each draw is
    made for the whole global batch and this replica's rows are taken from it, so that a step does not depend on how
    the batch was shared out over replicas.

    Args:
        seed: int tensor `(2,)`, or an int.
        rows: optional int32 `(batch, 2)`: each row's position in the global batch, and the global batch's size.

    Example:
        >>> Noise(0).normal((2, 3)).shape
        TensorShape([2, 3])
    """

    def __init__(self, seed, rows=None):
        seed = tf.convert_to_tensor(seed)
        seed = tf.stack([seed, tf.zeros_like(seed)]) if seed.shape.rank == 0 else seed
        self.seed = tf.cast(tf.math.floormod(seed, tf.cast(tf.int32.max - 1, seed.dtype)), tf.int32)
        self.rows = rows
        self.draws, self.copies = 0, 1

    def stacked(self, copies):
        """A stream for `copies` versions of the batch laid one after another: its draws have as many times the rows."""
        child = Noise(self._next_seed(), self.rows)
        child.copies = copies
        return child

    def normal(self, shape):
        """float32 draws from N(0, 1); `shape[0]` is the batch, or `shape` is `()` for one draw shared by all rows."""
        return self._draw(tf.random.stateless_normal, shape)

    def uniform(self, shape):
        """float32 draws from [0, 1); shapes as in `normal`."""
        return self._draw(tf.random.stateless_uniform, shape)

    def gumbel(self, shape):
        """float32 draws from the standard Gumbel distribution; `argmax(logits + gumbel)` samples a category."""
        return -tf.math.log(-tf.math.log(tf.clip_by_value(self.uniform(shape), 1e-20, 1.0 - 1e-7)))

    def _next_seed(self):
        self.draws += 1
        return tf.random.experimental.stateless_fold_in(self.seed, self.draws)

    def _draw(self, sample, shape):
        if self.copies > 1 and len(shape):
            rows = (shape[0] // self.copies, *shape[1:])
            return tf.concat([self._draw_batch(sample, rows) for _ in range(self.copies)], axis=0)
        return self._draw_batch(sample, shape)

    def _draw_batch(self, sample, shape):
        seed = self._next_seed()
        if self.rows is None or not len(shape):
            return sample(shape, seed)
        global_batch = tf.maximum(tf.reduce_max(self.rows[:, 1]), 1)
        return tf.gather(sample((global_batch, *shape[1:]), seed), self.rows[:, 0])
