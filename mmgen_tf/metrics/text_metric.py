"""What the metrics of sentences share: predictions and their references, collected in Python."""

import re

import keras

EXTRA = 'pip install "mmgen_tf[text]"'
_WORDS = re.compile(r"[^\W_]+(?:['’][^\W_]+)*", re.UNICODE)


def caption_words(sentence):
    """The words of a sentence, lower-cased, without punctuation, joined by spaces: the part of the Penn Treebank's
    tokenisation that captions need, where the caption metrics of COCO call Java for it."""
    return " ".join(_WORDS.findall(sentence.lower()))


class TextMetric(keras.metrics.Metric):
    """Base of metrics over a whole corpus of sentences, for evaluation loops.

    A subclass defines `score(predictions, references)`: list of n strings, and list of n lists of strings.
    """

    def __init__(self, name=None):
        super().__init__(name=name)
        self.predictions, self.references = [], []

    def update_state(self, references, predictions):
        """Adds sentences.

        Args:
            references: list of n strings, or of n lists of strings where there are several right ones.
            predictions: list of n strings.

        Raises:
            ValueError: for lists of different lengths, or a sentence without any reference.
        """
        references = [[each] if isinstance(each, str) else list(each) for each in references]
        if len(references) != len(predictions) or not all(references):
            raise ValueError(
                f"{type(self).__name__} expected one reference or more for each of {len(predictions)} sentences; "
                f"received {len(references)}, {sum(not each for each in references)} of them empty."
            )
        self.references += references
        self.predictions += list(predictions)

    def result(self):
        """The figure of all sentences so far; 0 before the first."""
        return float(self.score(self.predictions, self.references)) if self.predictions else 0.0

    def reset_state(self):
        self.predictions, self.references = [], []

    def score(self, predictions, references):
        raise NotImplementedError(f"{type(self).__name__} must define score(predictions, references).")

    def get_config(self):
        return {"name": self.name}
