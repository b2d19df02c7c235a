"""A memory of vectors -> a sentence, by a causal transformer."""

import keras
from keras import ops

from mmgen_tf.models.transformer.decoder_block import DecoderBlock
from mmgen_tf.registry import register


@register
class TransformerTextDecoder(keras.layers.Layer):
    """p(next word | words before, memory) by decoder layers with cross-attention; the word vectors are also the output
    layer's (Press & Wolf 2017).

    Args:
        vocabulary_size: number of token ids.
        sequence_length: most tokens that are predicted.
        width: of the memory's vectors and of all layers.
        num_layers, num_heads, hidden_dim, dropout: of the layers.

    Input: `previous` int `(batch, words)`; `memory (batch, places, width)` and `there` bool `(batch, places)`.
    Output: logits `(batch, words, vocabulary_size)`, and what each word looked at, `(batch, words, places)`: the last
    layer's cross-attention, mean over heads.

    Reference: Press & Wolf, Using the Output Embedding to Improve Language Models, EACL 2017.
    """

    takes_any_length = True  # of a batch's words, known to the graph alone

    def __init__(
        self, vocabulary_size, sequence_length, width=128, num_layers=2, num_heads=4, hidden_dim=256, dropout=0.1,
        **kwargs,
    ):  # fmt: skip
        super().__init__(**kwargs)
        self.vocabulary_size, self.sequence_length, self.width = vocabulary_size, sequence_length, width
        self.num_layers, self.num_heads, self.hidden_dim, self.dropout = num_layers, num_heads, hidden_dim, dropout
        near = keras.initializers.RandomNormal(stddev=0.05)
        self.embedding = keras.layers.Embedding(vocabulary_size, width, near, name="embedding")
        self.blocks = [
            DecoderBlock(width, num_heads, hidden_dim, dropout, name=f"block_{i}") for i in range(num_layers)
        ]
        self.norm = keras.layers.LayerNormalization(name="norm")
        self.drop = keras.layers.Dropout(dropout)

    def build(self, *shapes, **named_shapes):
        near = keras.initializers.RandomNormal(stddev=0.02)
        self.embedding.build((None, None))
        self.places = self.add_weight(shape=(self.sequence_length, self.width), initializer=near, name="places")
        for block in self.blocks:
            block.build()
        self.norm.build((None, None, self.width))
        self.built = True

    def call(self, previous, memory, there, training=False):
        hidden, weights = self.hidden(previous, memory, there, training)
        return ops.cast(ops.matmul(hidden, self.to_words(hidden.dtype)), "float32"), weights

    def hidden(self, previous, memory, there, training=False):
        """What the output layer makes logits of, `(batch, words, width)`, and what each word looked at."""
        x = self.embedding(previous)
        count = ops.shape(previous)[1]
        places = ops.convert_to_tensor(self.places)[:count]
        x = self.drop(x + ops.cast(places, x.dtype), training=training)
        count = ops.arange(count)
        back_mask, memory_mask, weights = (count[None, :] <= count[:, None])[None], there[:, None, :], None
        for block in self.blocks:
            x, weights = block(x, memory, back_mask, memory_mask, training=training)
        return self.norm(x), ops.mean(ops.cast(weights, "float32"), axis=1)

    def to_words(self, dtype):
        """The word vectors as the output layer's kernel, `(width, vocabulary_size)`."""
        return ops.transpose(ops.cast(ops.convert_to_tensor(self.embedding.embeddings), dtype))

    # Word by word, with a cache --------------------------------------------------------------------------------------

    def start(self, memory, there):
        """What changes from word to word, a list of tensors, rows first; and a list of what does not."""
        shape = (ops.shape(memory)[0], 2, self.sequence_length, self.num_heads, self.width // self.num_heads)
        cache = [ops.zeros(shape, memory.dtype) for _ in self.blocks]
        return cache, [*(block.remembered(memory) for block in self.blocks), there, self.to_words(memory.dtype)]

    def step(self, token, index, cache, fixed):
        """Logits `(batch, vocabulary_size)` of the word after `token` `(batch,)`, the one at `index`; next cache."""
        *remembered, there, to_words = fixed
        x = self.embedding(token[:, None])
        place = ops.take(ops.convert_to_tensor(self.places), index, axis=0)
        x = x + ops.cast(place, x.dtype)
        back_mask, memory_mask = (ops.arange(self.sequence_length) <= index)[None, None], there[:, None, :]
        after = []
        for block, one, known in zip(self.blocks, cache, remembered, strict=True):
            x, one = block.step(x, index, one, known, back_mask, memory_mask)
            after.append(one)
        return ops.cast(ops.matmul(self.norm(x)[:, 0], to_words), "float32"), after

    def get_config(self):
        names = (
            "vocabulary_size", "sequence_length", "width", "num_layers", "num_heads", "hidden_dim", "dropout",
        )  # fmt: skip
        return {name: getattr(self, name) for name in names}
