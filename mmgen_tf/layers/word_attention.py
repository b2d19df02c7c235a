"""Places of a feature map look at the words of a sentence."""

import keras
from keras import ops

ABSENT = -1e9


class WordAttention(keras.layers.Layer):
    """For each place a mean of word vectors, weighted by a softmax over the words that are there (Xu et al. 2018, eq.
    3; scaled as in Vaswani et al. 2017).

    Args:
        filters: channels of the map.
        word_dim: length of a word vector.

    Input: `x (batch, height, width, filters)`, `words (batch, words, word_dim)`, `there (batch, words, 1)`.
    Output: contexts `(batch, height, width, filters)` and weights `(batch, height, width, words)`.

    Reference: Xu, Zhang, Huang, Zhang, Gan, Huang & He, AttnGAN: Fine-Grained Text to Image Generation with Attentional
    Generative Adversarial Networks, CVPR 2018.
    """

    def __init__(self, filters, word_dim, **kwargs):
        super().__init__(**kwargs)
        self.filters, self.word_dim = filters, word_dim
        dense = keras.layers.Dense
        self.query, self.key = dense(filters, use_bias=False, name="query"), dense(filters, use_bias=False, name="key")
        self.value = dense(filters, use_bias=False, name="value")

    def build(self, *shapes, **named_shapes):
        self.query.build((None, None, self.filters))
        for layer in (self.key, self.value):
            layer.build((None, None, self.word_dim))
        self.built = True

    def call(self, x, words, there):
        height, width = x.shape[1:3]
        query = self.query(ops.reshape(x, (-1, height * width, self.filters)))
        scores = ops.matmul(query, ops.transpose(self.key(words), (0, 2, 1))) / self.filters**0.5
        absent = ops.transpose(1.0 - ops.cast(there, "float32"), (0, 2, 1)) * ABSENT
        weights = ops.softmax(ops.cast(scores, "float32") + absent, axis=-1)
        context = ops.matmul(ops.cast(weights, x.dtype), self.value(words))
        contexts = ops.reshape(context, (-1, height, width, self.filters))
        return contexts, ops.reshape(weights, (-1, height, width, weights.shape[-1]))
