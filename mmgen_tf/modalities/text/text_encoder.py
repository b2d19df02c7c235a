"""Word ids -> one vector."""

import keras
from keras import ops

from mmgen_tf.registry import register


@register
class TextEncoder(keras.layers.Layer):
    """Sentence embedding: words are embedded, transformed and averaged, padding left out (a deep averaging network,
    Iyyer et al. 2015). Order does not matter, which suits captions that are lists of attributes.

    Args:
        vocabulary_size: number of word ids, padding and unknown included.
        output_dim: length of the sentence vector.
        embedding_dim: length of a word vector.
        trainable_embedding: False keeps word vectors as they are, such as those of `mmgen_tf.data.glove`.
        unit_scale: whether sentence vectors are divided by the root of their mean square, so that they weigh as much as
            standard normal noise beside them.

    Input: int `(batch, words)`, 0 is padding. Output: float `(batch, output_dim)`.
    """

    def __init__(
        self, vocabulary_size, output_dim=128, embedding_dim=64, unit_scale=False, trainable_embedding=True, **kwargs
    ):  # fmt: skip
        super().__init__(**kwargs)
        self.vocabulary_size, self.output_dim, self.embedding_dim = vocabulary_size, output_dim, embedding_dim
        self.unit_scale, self.trainable_embedding = unit_scale, trainable_embedding
        self.embedding = keras.layers.Embedding(
            vocabulary_size, embedding_dim, trainable=trainable_embedding, name="embedding"
        )
        self.word_dense = keras.layers.Dense(output_dim, activation="relu", name="word_dense")
        self.sentence_dense = keras.layers.Dense(output_dim, name="sentence_dense")

    def build(self, input_shape=None):
        if self.built:  # before, for word vectors to be put in
            return
        self.embedding.build((None, None))
        self.word_dense.build((None, None, self.embedding_dim))
        self.sentence_dense.build((None, self.output_dim))
        self.built = True

    def call(self, tokens):
        words = self.word_dense(self.embedding(tokens))
        weight = ops.cast(ops.expand_dims(tokens != 0, -1), words.dtype)
        mean = ops.sum(words * weight, axis=1) / ops.maximum(ops.sum(weight, axis=1), 1.0)
        sentence = self.sentence_dense(mean)
        if self.unit_scale:
            sentence = sentence * ops.rsqrt(ops.mean(ops.square(sentence), axis=-1, keepdims=True) + 1e-6)
        return sentence

    def get_config(self):
        return {
            "vocabulary_size": self.vocabulary_size,
            "output_dim": self.output_dim,
            "embedding_dim": self.embedding_dim,
            "unit_scale": self.unit_scale,
            "trainable_embedding": self.trainable_embedding,
        }
