"""A latent vector -> a sentence, word by word."""

import keras
from keras import ops

from mmgen_tf.modalities.text.text_processor import PAD, UNKNOWN
from mmgen_tf.registry import register


@register
class TextDecoder(keras.layers.Layer):
    """p(sentence | z) by a GRU that sees z and the word before (Bowman et al. 2016, with z at every step).

    Args:
        vocabulary_size: number of word ids, padding and unknown included.
        sequence_length: words of a sentence, its end included.
        latent_dim: length of z.
        embedding_dim, hidden_dim: lengths of word vectors and of the state.
        word_dropout: share of the words before that are hidden while training, so that z is needed.

    Input: `z (batch, latent_dim)`. Every sentence ends with padding (id 0), which is predicted once.
    """

    def __init__(
        self, vocabulary_size, sequence_length, latent_dim=64, embedding_dim=32, hidden_dim=128, word_dropout=0.2,
        **kwargs,
    ):  # fmt: skip
        super().__init__(**kwargs)
        self.vocabulary_size, self.sequence_length, self.latent_dim = vocabulary_size, sequence_length, latent_dim
        self.embedding_dim, self.hidden_dim, self.word_dropout = embedding_dim, hidden_dim, word_dropout
        layers, gates = keras.layers, 3 * hidden_dim
        self.embedding = layers.Embedding(vocabulary_size, embedding_dim, name="embedding")
        self.from_latent = layers.Dense(hidden_dim, activation="tanh", name="from_latent")
        self.from_word = layers.Dense(gates, name="from_word")
        self.from_state = layers.Dense(gates, use_bias=False, name="from_state")
        self.recurrent = layers.Dense(gates, kernel_initializer="orthogonal", name="recurrent")
        self.to_word = layers.Dense(vocabulary_size, dtype="float32", name="to_word")

    def build(self, *shapes):
        self.embedding.build((None, None))
        self.from_latent.build((None, self.latent_dim))
        self.from_word.build((None, None, self.embedding_dim))
        for layer in (self.from_state, self.recurrent, self.to_word):
            layer.build((None, self.hidden_dim))
        self.built = True

    def advance(self, given, hidden):
        """The next state of the GRU, its reset gate behind the matrix product; `given` holds the inputs' gates."""
        update, reset, candidate = ops.split(given, 3, axis=-1)
        h_update, h_reset, h_candidate = ops.split(self.recurrent(hidden), 3, axis=-1)
        update, reset = ops.sigmoid(update + h_update), ops.sigmoid(reset + h_reset)
        return update * hidden + (1.0 - update) * ops.tanh(candidate + reset * h_candidate)

    def call(self, z, previous):
        """Logits `(batch, words, vocabulary_size)` of each word given the ones before, `previous` `(batch, words)`.

        What words and z bring to the gates is computed for the whole sentence at once; only the state walks.
        """
        hidden = self.from_latent(z)
        given = self.from_word(self.embedding(previous)) + self.from_state(hidden)[:, None, :]
        states = []
        for word in range(self.sequence_length):
            hidden = self.advance(given[:, word], hidden)
            states.append(hidden)
        return self.to_word(ops.stack(states, axis=1))

    def log_prob(self, z, tokens, noise=None):
        """log p(tokens | z) in nats, `(batch,)`, up to and with the sentence's end; with `noise`, words are dropped."""
        previous = ops.pad(tokens[:, :-1], ((0, 0), (1, 0)), constant_values=PAD)
        if noise is not None and self.word_dropout:
            hidden = noise.uniform(ops.shape(previous)) < self.word_dropout
            previous = ops.where(hidden, UNKNOWN, previous)
        log_probs = ops.log_softmax(self(z, previous), axis=-1)
        chosen = ops.take_along_axis(log_probs, tokens[..., None], axis=-1)[..., 0]
        counted = ops.pad(tokens[:, :-1] != PAD, ((0, 0), (1, 0)), constant_values=True)
        return ops.sum(ops.where(counted, chosen, 0.0), axis=1)

    def draw(self, z, noise, temperature=0.0):
        """Known word ids `(batch, sequence_length)`: the most probable, or sampled where `temperature` > 0."""
        hidden, word, words = self.from_latent(z), ops.zeros_like(ops.cast(z[:, 0], "int32")), []
        always = self.from_state(hidden)
        for _ in range(self.sequence_length):
            hidden = self.advance(self.from_word(self.embedding(word)) + always, hidden)
            logits = self.to_word(hidden) - 1e9 * ops.one_hot(UNKNOWN, self.vocabulary_size)
            if temperature:
                logits = logits / temperature + noise.gumbel(ops.shape(logits))
            word = ops.cast(ops.argmax(logits, axis=-1), "int32")
            words.append(word)
        return ops.stack(words, axis=1)

    def relaxed(self, z, noise, temperature=1.0):
        """One-hot words `(batch, words, vocabulary_size)` of sentences drawn freely, which gradients pass through:
        straight-through Gumbel-softmax (Jang et al. 2017, section 2.2). After a sentence's end there is padding.

        Args:
            z: `(batch, latent_dim)`.
            noise: `Noise`.
            temperature: of the softmax whose gradient stands in for that of the choice.
        """
        table, hidden, words = ops.convert_to_tensor(self.embedding.embeddings), self.from_latent(z), []
        always, size = self.from_state(hidden), self.vocabulary_size
        end = ops.one_hot(PAD, size) + ops.zeros_like(ops.cast(z[:, :1], "float32"))
        word, ended = end, ops.zeros_like(end[:, :1])
        for _ in range(self.sequence_length):
            embedded = ops.matmul(ops.cast(word, table.dtype), table)
            hidden = self.advance(self.from_word(embedded) + always, hidden)
            logits = self.to_word(hidden) - 1e9 * ops.one_hot(UNKNOWN, size) + noise.gumbel(ops.shape(end))
            soft = ops.softmax(logits / temperature)
            hard = ops.one_hot(ops.argmax(logits, axis=-1), size, dtype="float32")
            word = ended * end + (1.0 - ended) * (hard + soft - ops.stop_gradient(soft))
            ended = ops.maximum(ended, ops.stop_gradient(word[:, PAD : PAD + 1]))
            words.append(word)
        return ops.stack(words, axis=1)

    def get_config(self):
        names = (
            "vocabulary_size", "sequence_length", "latent_dim", "embedding_dim", "hidden_dim", "word_dropout",
        )  # fmt: skip
        return {name: getattr(self, name) for name in names}
