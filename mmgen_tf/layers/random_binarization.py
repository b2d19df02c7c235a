"""Grey pixels as the probabilities of coin flips, thrown anew in every step."""

import keras
from keras import ops

from mmgen_tf.registry import register


@register
class RandomBinarization(keras.layers.Layer):
    """Each pixel becomes 1 with the probability that its grey value is, else 0 (Salakhutdinov & Murray 2008).

    Input: float `(batch, ...)` in 0..1, a `Noise`. Output: the same shape, of zeros and ones.
    """

    def __init__(self, **kwargs):
        super().__init__(dtype="float32", **kwargs)  # a probability in bfloat16 would be another one

    def build(self, *shapes):
        self.built = True

    def call(self, images, noise):
        draws = noise.uniform(tuple(ops.shape(images)))
        return ops.cast(draws < images, "float32")

    def get_config(self):
        return {}
