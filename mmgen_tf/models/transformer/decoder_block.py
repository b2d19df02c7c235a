"""One layer of a transformer decoder: it looks back at the words, and at what was given."""

import keras
from keras import ops


class DecoderBlock(keras.layers.Layer):
    """Causal self-attention, cross-attention and a feed-forward network, each behind a normalisation and beside a
    residual (Vaswani et al. 2017; normalisation first, Xiong et al. 2020). Attention is KerasHub's, with its cache.

    Args:
        width, num_heads, hidden_dim, dropout: of the layer.

    Reference: Vaswani et al., Attention Is All You Need, NeurIPS 2017. Xiong et al., On Layer Normalization in the
    Transformer Architecture, ICML 2020.
    """

    def __init__(self, width, num_heads=4, hidden_dim=256, dropout=0.1, **kwargs):
        super().__init__(**kwargs)
        import keras_hub

        self.width, self.num_heads, self.hidden_dim = width, num_heads, hidden_dim
        layers, attention = keras.layers, keras_hub.layers.CachedMultiHeadAttention
        self.look_back = attention(num_heads, width // num_heads, dropout=dropout, name="look_back")
        self.look_at = attention(num_heads, width // num_heads, dropout=dropout, name="look_at")
        self.widen = layers.Dense(hidden_dim, activation="gelu", name="widen")
        self.narrow = layers.Dense(width, name="narrow")
        self.norms = [layers.LayerNormalization(name=f"norm_{i}") for i in range(3)]
        self.drop = layers.Dropout(dropout)

    def build(self, *shapes, **named_shapes):
        shape = (None, None, self.width)
        self.look_back.build(shape, shape)
        self.look_at.build(shape, shape)
        self.widen.build(shape)
        self.narrow.build((None, None, self.hidden_dim))
        for norm in self.norms:
            norm.build(shape)
        self.built = True

    def call(self, x, memory, back_mask, memory_mask, training=False):
        """All words at once: `(batch, words, width)`, and the cross-attention `(batch, heads, words, places)`."""
        seen = self.norms[0](x)
        x = x + self.drop(self.look_back(seen, seen, attention_mask=back_mask, training=training), training=training)
        found, weights = self.look_at(
            self.norms[1](x), memory, attention_mask=memory_mask, return_attention_scores=True, training=training
        )
        return self.fed(x + self.drop(found, training=training), training), weights

    def fed(self, x, training=False):
        return x + self.drop(self.narrow(self.widen(self.norms[2](x))), training=training)

    def remembered(self, memory):
        """Keys and values of the memory, `(batch, 2, places, heads, width / heads)`, which no word changes."""
        return ops.stack([self.look_at.key_dense(memory), self.look_at.value_dense(memory)], axis=1)

    def step(self, x, index, cache, remembered, back_mask, memory_mask):
        """One word `(batch, 1, width)` after those in the cache; gives the next cache too."""
        seen = self.norms[0](x)
        found, cache = self.look_back(seen, seen, attention_mask=back_mask, cache=cache, cache_update_index=index)
        x = x + found
        found, _ = self.look_at(self.norms[1](x), x, attention_mask=memory_mask, cache=remembered)
        return self.fed(x + found), cache
