"""Token ids -> one vector each, as a transformer takes them."""

import keras
from keras import ops

from mmgen_tf.modalities.text.text_processor import PAD
from mmgen_tf.registry import register


@register
class TokenEmbedding(keras.layers.Layer):
    """A vector for each token; what stands around it is left to the layers that come after.

    Args:
        vocabulary_size: number of token ids, padding and unknown included.
        output_dim: length of the vectors.
        pad_id: the id that pads.

    Input: int `(batch, tokens)`. Output: float `(batch, output_dim)`, their mean. `words` gives each token's.
    """

    def __init__(self, vocabulary_size, output_dim=128, pad_id=PAD, **kwargs):
        super().__init__(**kwargs)
        self.vocabulary_size, self.output_dim, self.pad_id = vocabulary_size, output_dim, pad_id
        near = keras.initializers.RandomNormal(stddev=0.05)
        self.embedding = keras.layers.Embedding(vocabulary_size, output_dim, near, name="embedding")

    def build(self, *shapes):
        self.embedding.build((None, None))
        self.built = True

    def words(self, tokens):
        """`(batch, tokens, output_dim)`, and float `(batch, tokens, 1)`: 1 for a token, 0 for padding."""
        vectors = self.embedding(tokens)
        return vectors, ops.cast(ops.expand_dims(tokens != self.pad_id, -1), vectors.dtype)

    def call(self, tokens):
        vectors, there = self.words(tokens)
        return ops.sum(vectors * there, axis=1) / ops.maximum(ops.sum(there, axis=1), 1.0)

    def get_config(self):
        return {name: getattr(self, name) for name in ("vocabulary_size", "output_dim", "pad_id")}
