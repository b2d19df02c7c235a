"""Ways to damage a picture, by name: what a repair model learns to undo."""

import keras
import tensorflow as tf

TASKS = ("inpaint", "colourise", "upscale_2x", "upscale_4x")
HOLE = 0.5  # what stands in a hole, of 0..1


class PictureDamage(keras.layers.Layer):
    """Damages each picture in its row's way.

    - `inpaint`: a rectangle of a quarter to a half of height and width, anywhere, becomes grey; the mask says where.
    - `colourise`: all channels become the luma of ITU-R BT.601.
    - `upscale_2x`, `upscale_4x`: areas of 2x2 or 4x4 pixels become their mean, then bicubic interpolation brings the
      picture back to its size.

    Args:
        height, width: of the pictures, multiples of 4.

    Input: `pictures (batch, height, width, 3)` in 0..1, int `task (batch,)` that counts through `TASKS`, a `Noise`.
    Output: damaged pictures of the same shape, and float `mask (batch, height, width, 1)`: 1 where something is gone.
    """

    def __init__(self, height=64, width=64, **kwargs):
        super().__init__(**{"dtype": "float32", **kwargs})
        if height % 4 or width % 4:
            raise ValueError(f"height and width must be multiples of 4; received {height} x {width}.")
        self.height, self.width = height, width

    def build(self, *shapes):
        self.built = True

    def call(self, pictures, task, noise):
        ways = tf.one_hot(task, len(TASKS), dtype=pictures.dtype)[:, None, None]
        mask = self.hole(tf.shape(pictures)[0], noise) * ways[..., :1]
        luma = tf.reduce_sum(pictures * tf.constant([0.299, 0.587, 0.114], pictures.dtype), axis=-1, keepdims=True)
        damaged = (
            ways[..., :1] * (pictures * (1.0 - mask) + HOLE * mask)
            + ways[..., 1:2] * luma
            + ways[..., 2:3] * self.coarse(pictures, 2)
            + ways[..., 3:4] * self.coarse(pictures, 4)
        )
        return damaged, mask

    def hole(self, rows, noise):
        """1 in a rectangle of each picture, else 0: `(rows, height, width, 1)`."""
        inside = 1.0
        for axis, size in ((1, self.height), (2, self.width)):
            length = size * (0.25 + 0.25 * noise.uniform((rows, 1)))
            start = noise.uniform((rows, 1)) * (size - length)
            place = tf.range(size, dtype=tf.float32)[None] + 0.5
            within = tf.cast((place > start) & (place < start + length), tf.float32)
            inside *= tf.reshape(within, (-1, size, 1, 1) if axis == 1 else (-1, 1, size, 1))
        return inside

    def coarse(self, pictures, factor):
        """Pictures that lost all detail within `factor` x `factor` pixels."""
        small = tf.nn.avg_pool2d(pictures, factor, factor, "VALID")
        return self.enlarged(small)

    def enlarged(self, small):
        """Smaller pictures brought to the size, as `coarse` gives them."""
        large = tf.image.resize(small, (self.height, self.width), "bicubic")
        return tf.clip_by_value(large, 0.0, 1.0)
