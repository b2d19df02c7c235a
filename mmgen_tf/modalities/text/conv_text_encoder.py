"""Word ids, or words that a generator has drawn -> one vector for each word and one for all."""

import keras
from keras import ops

from mmgen_tf.modalities.text.text_processor import PAD
from mmgen_tf.registry import register


@register
class ConvTextEncoder(keras.layers.Layer):
    """Convolutions over neighbouring words (Kim 2014), so that order counts, and the mean over the sentence.

    Args:
        vocabulary_size: number of word ids, padding and unknown included.
        output_dim: length of the vectors.
        embedding_dim: length of a word's own vector.
        kernel_size: words that a convolution sees; there are two.
        trainable_embedding: False keeps word vectors as they are, such as those of `mmgen_tf.data.glove`.
        unit_scale: whether sentence vectors are divided by the root of their mean square, so that a discriminator that
            they train with cannot let them grow.
        dropout: share of the numbers of word vectors that are left out while training.

    Input: int `(batch, words)`, 0 is padding, or float `(batch, words, vocabulary_size)`, one-hot.
    Output: float `(batch, output_dim)`. `words` gives a vector for each word.

    Reference: Kim, Convolutional Neural Networks for Sentence Classification, EMNLP 2014.
    """

    def __init__(
        self, vocabulary_size, output_dim=128, embedding_dim=64, kernel_size=3, trainable_embedding=True,
        unit_scale=False, dropout=0.0, **kwargs,
    ):  # fmt: skip
        super().__init__(**kwargs)
        self.vocabulary_size, self.output_dim, self.unit_scale = vocabulary_size, output_dim, unit_scale
        self.embedding_dim, self.kernel_size, self.trainable_embedding = embedding_dim, kernel_size, trainable_embedding
        self.dropout, self.drop = dropout, keras.layers.Dropout(dropout)
        layers = keras.layers
        self.embedding = layers.Embedding(
            vocabulary_size, embedding_dim, trainable=trainable_embedding, name="embedding"
        )
        self.convolutions = [
            layers.Conv1D(output_dim, kernel_size, padding="same", name=f"convolution_{i}") for i in range(2)
        ]
        self.sentence_dense = layers.Dense(output_dim, name="sentence_dense")

    def build(self, *shapes):
        if self.built:  # before, for word vectors to be put in
            return
        self.embedding.build((None, None))
        self.convolutions[0].build((None, None, self.embedding_dim))
        self.convolutions[1].build((None, None, self.output_dim))
        self.sentence_dense.build((None, self.output_dim))
        self.built = True

    def words(self, tokens, training=False):
        """A vector for each word with its neighbours, `(batch, words, output_dim)`, and float `(batch, words, 1)`: 1
        for a word, 0 for padding."""
        if len(tokens.shape) == 3:
            table = ops.convert_to_tensor(self.embedding.embeddings)
            x, there = ops.matmul(ops.cast(tokens, table.dtype), table), 1.0 - tokens[..., PAD : PAD + 1]
        else:
            x, there = self.embedding(tokens), ops.cast(ops.expand_dims(tokens != PAD, -1), "float32")
        x, there = self.drop(x, training=training), ops.cast(there, x.dtype)
        for convolution in self.convolutions:
            x = ops.leaky_relu(convolution(x * there), 0.2)
        return x, there

    def call(self, tokens, training=False):
        words, there = self.words(tokens, training)
        mean = ops.sum(words * there, axis=1) / ops.maximum(ops.sum(there, axis=1), 1.0)
        sentence = self.sentence_dense(mean)
        if self.unit_scale:
            sentence = sentence * ops.rsqrt(ops.mean(ops.square(sentence), axis=-1, keepdims=True) + 1e-6)
        return sentence

    def get_config(self):
        names = (
            "vocabulary_size", "output_dim", "embedding_dim", "kernel_size", "trainable_embedding", "unit_scale",
            "dropout",
        )  # fmt: skip
        return {name: getattr(self, name) for name in names}
