"""Sentences <-> token ids of a KerasHub tokenizer."""

import numpy as np
import tensorflow as tf

from mmgen_tf.modalities.hub_parts import learn_tokenizer, make_tokenizer, tokenizer_config
from mmgen_tf.modalities.processor import Processor
from mmgen_tf.modality import Modality
from mmgen_tf.registry import register


@register
class TokenizerProcessor(Processor):
    """Sentences <-> int32 ids of word pieces or byte pairs; runs inside graphs and SavedModels.

    Begins and ends as the tokenizer's models expect: with its `[CLS]` and `[SEP]`, or its start and end token, where it
    has them. The vocabulary is kept in the preset's config.

    Args:
        name: the modality's name.
        tokenizer: a KerasHub `WordPieceTokenizer` or `BytePairTokenizer`, or its config.
        sequence_length: the most tokens, beginning and end among them.

    Example:
        >>> tokenizer = keras_hub.models.Tokenizer.from_preset("bert_tiny_en_uncased")
        >>> processor = TokenizerProcessor(tokenizer=tokenizer, sequence_length=32)
    """

    def __init__(self, name="text", tokenizer=None, sequence_length=32):
        if tokenizer is None:
            raise ValueError("TokenizerProcessor expected a KerasHub tokenizer; received none.")
        self.tokenizer = make_tokenizer(tokenizer)
        self.tokenizer.built = True  # it has no weights, but an export asks
        self.config = tokenizer_config(self.tokenizer)
        # outside graphs KerasHub gives lists, within them ragged tensors
        self.tokens = tf.function(lambda raw: self.tokenizer(raw), autograph=False, reduce_retracing=True)
        self.sentences = tf.function(lambda ids: self.tokenizer.detokenize(ids), autograph=False, reduce_retracing=True)
        words, ids = self.tokenizer.get_vocabulary(), getattr(self.tokenizer, "vocabulary", None)
        words = tuple(sorted(ids, key=ids.get) if isinstance(ids, dict) else words)  # in the order of their ids
        self.modality = Modality(name, "text", (sequence_length,), "int32", vocabulary=words)
        self.raw_spec = tf.TensorSpec((), tf.string)
        self.start_id = _first_of(self.tokenizer, "cls_token_id", "start_token_id")
        self.end_id = _first_of(self.tokenizer, "sep_token_id", "end_token_id")
        self.pad_id = _first_of(self.tokenizer, "pad_token_id") or 0
        # for what says a sentence, word by word: whether tokens begin with a start, what ends them, what is never said
        self.begins, self.stop_id = self.start_id is not None, self.pad_id if self.end_id is None else self.end_id
        self.start_id, unknown = self.start_id if self.begins else self.stop_id, self._unknown_id()
        self.never = tuple({unknown, self.start_id, self.pad_id} - {None, self.stop_id})

    @classmethod
    def adapted(cls, texts, name="text", sequence_length=None, **options):
        """A processor whose tokens are learnt from sentences; `options` are of `hub_parts.learn_tokenizer`. The longest
        sentence fits where `sequence_length` is None."""
        tokenizer = learn_tokenizer(texts, **options)
        longest = max(len(tokenizer(str(text))) for text in texts) if sequence_length is None else 0
        return cls(name, tokenizer, sequence_length or longest + 2)

    def stack(self, values):
        """A list of str -> object array `(n,)`.

        Raises:
            ValueError: for a value that is not a str, an empty text, or one too long.
        """
        for value in values:
            if not isinstance(value, (str, bytes, np.str_)):
                self.refuse("not a text", "a str", f"{type(value).__name__} {value!r:.80}")
        raw = np.array([v.decode("utf-8") if isinstance(v, bytes) else str(v) for v in values], object)
        if not len(raw):
            return raw
        lengths = self.tokens(tf.constant(raw)).row_lengths().numpy()
        if (lengths == 0).any():
            self.refuse("an empty text", "at least one token", repr(raw[int(np.argmin(lengths))]))
        limit = self.modality.shape[0] - sum(each is not None for each in self._around())
        if (lengths > limit).any():
            worst = int(np.argmax(lengths))
            self.refuse("too long a text", f"at most {limit} tokens", f"{lengths[worst]} tokens in {raw[worst]!r:.120}")
        return raw

    def pieces(self, text):
        """The tokens of a sentence, as they are read, what stands before it among them."""
        before = [self.modality.vocabulary[self.start_id]] if self.begins else []
        ids = self.tokens(tf.constant([text]))[0]
        pieces = self.sentences(tf.RaggedTensor.from_tensor(ids[:, None])).numpy()  # bytes, which may break a letter
        return before + [piece.decode("utf-8", "replace").strip() for piece in pieces]

    def _around(self):
        """What stands before and after a sentence; None for nothing."""
        return self.start_id if self.begins else None, self.end_id

    def _unknown_id(self):
        word = getattr(self.tokenizer, "oov_token", None) or getattr(self.tokenizer, "unk_token", None)
        return self.tokenizer.token_to_id(word) if word in self.modality.vocabulary else None

    def preprocess(self, raw):
        ids, length = self.tokens(raw), self.modality.shape[0]
        around = [None if each is None else tf.fill([ids.nrows(), 1], each) for each in self._around()]
        ids = ids[:, : length - sum(each is not None for each in around)]
        parts = [part for part in (around[0], ids, around[1]) if part is not None]
        joined = tf.concat(parts, axis=1) if len(parts) > 1 else ids
        return joined.to_tensor(default_value=self.pad_id, shape=(None, length))

    def postprocess(self, tensor):
        special = [each for each in (*self._around(), self.pad_id) if each is not None]
        ended = tensor == self.stop_id
        before = tf.cumsum(tf.cast(ended, tf.int32), axis=1) == 0
        kept = before & tf.reduce_all(tensor[..., None] != tf.constant(special, tensor.dtype), axis=-1)
        return self.sentences(tf.ragged.boolean_mask(tensor, kept))

    def unstack(self, raw):
        return [text.decode("utf-8") for text in raw]

    def get_config(self):
        return {"name": self.modality.name, "tokenizer": self.config, "sequence_length": self.modality.shape[0]}


def _first_of(tokenizer, *names):
    return next((int(found) for name in names if (found := getattr(tokenizer, name, None)) is not None), None)
