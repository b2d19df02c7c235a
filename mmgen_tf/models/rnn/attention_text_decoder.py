"""A memory of vectors -> a sentence, by a recurrent network that looks at the memory before each word."""

import keras
from keras import ops

from mmgen_tf.registry import register

ABSENT = -1e9
CELLS = {"gru": keras.layers.GRUCell, "lstm": keras.layers.LSTMCell}


@register
class AttentionTextDecoder(keras.layers.Layer):
    """p(next word | words before, memory) by a GRU or LSTM with soft additive attention (Xu et al. 2015, section 3.1;
    Bahdanau et al. 2015). The state begins as what the mean of the memory says, a gate scales what was looked at, and
    word, state and context make the logits together (eq. 7), through the word vectors (Press & Wolf 2017).

    Args:
        vocabulary_size: number of token ids.
        sequence_length: most tokens that are predicted.
        width: of the memory's vectors and of a word's.
        hidden_dim: of the state and of the attention's hidden layer.
        cell: "gru" or "lstm".
        dropout: of words before the cell and of what goes into the logits.

    Input: `previous` int `(batch, words)`; `memory (batch, places, width)` and `there` bool `(batch, places)`.
    Output: logits `(batch, words, vocabulary_size)`, and what each word looked at, `(batch, words, places)`.

    Raises:
        ValueError: for an unknown cell.

    Reference: Xu, Ba, Kiros, Cho, Courville, Salakhutdinov, Zemel & Bengio, Show, Attend and Tell: Neural Image Caption
    Generation with Visual Attention, ICML 2015. Bahdanau, Cho & Bengio, Neural Machine Translation by Jointly Learning
    to Align and Translate, ICLR 2015.
    """

    def __init__(
        self, vocabulary_size, sequence_length, width=128, hidden_dim=256, cell="gru", dropout=0.1, **kwargs
    ):  # fmt: skip
        super().__init__(**kwargs)
        if cell not in CELLS:
            raise ValueError(f"cell must be one of {sorted(CELLS)}; received {cell!r}.")
        self.vocabulary_size, self.sequence_length, self.width = vocabulary_size, sequence_length, width
        self.hidden_dim, self.cell, self.dropout = hidden_dim, cell, dropout
        layers, near = keras.layers, keras.initializers.RandomNormal(stddev=0.05)
        self.embedding = layers.Embedding(vocabulary_size, width, near, name="embedding")
        self.drop = layers.Dropout(dropout)
        self.first = layers.Dense(hidden_dim, activation="tanh", name="first")
        self.of_place = layers.Dense(hidden_dim, name="of_place")
        self.of_state = layers.Dense(hidden_dim, use_bias=False, name="of_state")
        self.score = layers.Dense(1, use_bias=False, name="score")
        self.gate = layers.Dense(width, activation="sigmoid", name="gate")
        self.recurrent = CELLS[cell](hidden_dim, name="recurrent")
        self.from_state = layers.Dense(width, name="from_state")
        self.from_context = layers.Dense(width, name="from_context")

    def build(self, *shapes, **named_shapes):
        self.embedding.build((None, None))
        for layer in (self.first, self.of_place, self.from_context):
            layer.build((None, None, self.width))
        for layer in (self.of_state, self.score, self.gate, self.from_state):
            layer.build((None, None, self.hidden_dim))
        self.recurrent.build((None, 2 * self.width))
        self.built = True

    def call(self, previous, memory, there, training=False):
        hidden, weights = self.hidden(previous, memory, there, training)
        return ops.cast(ops.matmul(hidden, self.to_words(hidden.dtype)), "float32"), weights

    def hidden(self, previous, memory, there, training=False):
        """What the output layer makes logits of, `(batch, words, width)`, and what each word looked at."""
        state, fixed = self.start(memory, there)
        words, said, attention = self.drop(self.embedding(previous), training=training), [], []
        for place in range(previous.shape[1]):
            one, weights, state = self.advance(words[:, place], state, fixed)
            said.append(one)
            attention.append(weights)
        return self.drop(ops.stack(said, axis=1), training=training), ops.stack(attention, axis=1)

    def advance(self, word, state, fixed):
        """What is said of the next word, `(batch, width)`, what was looked at, and the next state."""
        memory, places, there, _ = fixed
        hidden = state[0]
        scores = self.score(ops.tanh(places + self.of_state(hidden)[:, None]))[..., 0]
        weights = ops.softmax(ops.where(there, ops.cast(scores, "float32"), ABSENT), axis=-1)
        context = ops.sum(ops.cast(weights, memory.dtype)[..., None] * memory, axis=1)
        context = self.gate(hidden) * context
        _, state = self.recurrent(ops.concatenate([word, context], axis=-1), state)
        state = list(state) if isinstance(state, (list, tuple)) else [state]
        return word + self.from_state(state[0]) + self.from_context(context), weights, state

    def to_words(self, dtype):
        """The word vectors as the output layer's kernel, `(width, vocabulary_size)`."""
        return ops.transpose(ops.cast(ops.convert_to_tensor(self.embedding.embeddings), dtype))

    # Word by word ----------------------------------------------------------------------------------------------------

    def start(self, memory, there):
        """What changes from word to word, a list of tensors, rows first; and a list of what does not."""
        here = ops.cast(there, memory.dtype)[..., None]
        mean = ops.sum(memory * here, axis=1) / ops.maximum(ops.sum(here, axis=1), 1.0)
        hidden = self.first(mean)
        state = [hidden, ops.zeros_like(hidden)] if self.cell == "lstm" else [hidden]
        return state, [memory, self.of_place(memory), there, self.to_words(memory.dtype)]

    def step(self, token, index, state, fixed):
        """Logits `(batch, vocabulary_size)` of the word after `token` `(batch,)`; the next state."""
        said, _, state = self.advance(self.embedding(token), state, fixed)
        return ops.cast(ops.matmul(said, fixed[-1]), "float32"), state

    def get_config(self):
        names = ("vocabulary_size", "sequence_length", "width", "hidden_dim", "cell", "dropout")
        return {name: getattr(self, name) for name in names}
