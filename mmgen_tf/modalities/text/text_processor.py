"""Sentences <-> word ids."""

import difflib
import warnings

import keras
import numpy as np
import tensorflow as tf

from mmgen_tf.modalities.processor import Processor
from mmgen_tf.modality import Modality
from mmgen_tf.registry import register

PAD, UNKNOWN = 0, 1


@register
class TextProcessor(Processor):
    """Sentences <-> int32 word ids, for small closed vocabularies; runs inside graphs and SavedModels.

    Sentences are lower-cased and lose their punctuation (`keras.layers.TextVectorization`). Id 0 pads and so also
    ends a sentence, id 1 is any unknown word, words count from 2.

    Args:
        name: the modality's name.
        vocabulary: the words, without padding and unknown.
        sequence_length: the most words a sentence may have, plus one for its end.
    """

    def __init__(self, name="text", vocabulary=(), sequence_length=16):
        words = tuple(map(str, vocabulary))
        self.modality = Modality(name, "text", (sequence_length,), "int32", vocabulary=("", "[UNK]") + words)
        self.raw_spec = tf.TensorSpec((), tf.string)
        self.tokenizer = keras.layers.TextVectorization(vocabulary=list(words), ragged=True, name=f"{name}_tokenizer")
        self.tokenizer.build((None,))
        self.words = tf.constant(self.modality.vocabulary)
        # for what says a sentence, word by word
        self.begins, self.start_id, self.stop_id, self.pad_id, self.never = False, PAD, PAD, PAD, (UNKNOWN,)

    @classmethod
    def adapted(cls, texts, name="text", sequence_length=None, least=1):
        """A processor whose vocabulary is the words of `texts` that occur `least` times at least, the most frequent
        first."""
        learner = keras.layers.TextVectorization(ragged=True)
        learner.adapt(tf.data.Dataset.from_tensor_slices(tf.constant(list(texts))).batch(4096))
        ids = learner(tf.constant(list(texts)))
        words = learner.get_vocabulary(include_special_tokens=False)
        counts = np.bincount(ids.flat_values.numpy(), minlength=len(words) + 2)[2:]
        words = [word for word, count in zip(words, counts) if count >= least]
        return cls(name, words, sequence_length or int(tf.reduce_max(ids.row_lengths())) + 1)

    def stack(self, values):
        """A list of str -> object array `(n,)`.

        Raises:
            ValueError: for a value that is not a str, an empty text, one with only unknown words, or one too long.
        """
        for value in values:
            if not isinstance(value, (str, bytes, np.str_)):
                self.refuse("not a text", "a str", f"{type(value).__name__} {value!r:.80}")
        raw = np.array([v.decode("utf-8") if isinstance(v, bytes) else str(v) for v in values], object)
        if len(raw):
            self._check_words(raw, self.tokenizer(tf.constant(raw)))
        return raw

    def _check_words(self, raw, ids):
        lengths = ids.row_lengths().numpy()
        if (lengths == 0).any():
            self.refuse("an empty text", "at least one word", repr(raw[int(np.argmin(lengths))]))
        limit = self.modality.shape[0] - 1
        if (lengths > limit).any():
            worst = int(np.argmax(lengths))
            self.refuse("too long a text", f"at most {limit} words", f"{lengths[worst]} words in {raw[worst]!r:.120}")
        unknown = tf.reduce_sum(tf.cast(ids == UNKNOWN, tf.int64), axis=1).numpy()
        if not unknown.any():
            return
        known = self.modality.vocabulary[2:]
        row = int(np.argmax(unknown / lengths))
        words = [w for w in raw[row].lower().split() if w.strip(".,!?;:'\"-") not in known]
        near = {n for w in words for n in difflib.get_close_matches(w, known, n=2)}
        examples = ", ".join(sorted(near) or sorted(known)[:12])
        message = f"the words {words} of {raw[row]!r} are unknown; known words are {examples} and others"
        if (unknown == lengths).any():
            self.refuse("no known word in the text", "words of the model's vocabulary", message)
        warnings.warn(f"{self.modality.name}: {message}. Unknown words are ignored.", stacklevel=2)

    def pieces(self, text):
        """The words of a sentence, as they are read."""
        return [self.modality.vocabulary[number] for number in self.tokenizer(tf.constant([text]))[0].numpy()]

    def preprocess(self, raw):
        length = self.modality.shape[0]
        ids = tf.cast(self.tokenizer(raw)[:, : length - 1], tf.int32)
        return ids.to_tensor(default_value=PAD, shape=(None, length))

    def postprocess(self, tensor):
        ended = tf.cumsum(tf.cast(tensor == PAD, tf.int32), axis=1) > 0
        words = tf.gather(self.words, tf.where(ended, PAD, tensor))
        return tf.strings.strip(tf.strings.reduce_join(words, axis=1, separator=" "))

    def unstack(self, raw):
        return [text.decode("utf-8") for text in raw]

    def get_config(self):
        return {
            "name": self.modality.name,
            "vocabulary": list(self.modality.vocabulary[2:]),
            "sequence_length": self.modality.shape[0],
        }
