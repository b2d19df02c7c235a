"""ROUGE-L: the longest run of words, with gaps, that a sentence and its reference share."""

import keras

from mmgen_tf.metrics.text_metric import EXTRA, TextMetric, caption_words


@keras.saving.register_keras_serializable("mmgen_tf")
class RougeL(TextMetric):
    """Mean ROUGE-L (Lin 2004) of captions as COCO's caption evaluation counts it, by pycocoevalcap: F with beta 1.2 of
    the best precision and the best recall over the references; in 0..1, higher is better.

    Args:
        name: the metric's name.

    Raises:
        ImportError: without pycocoevalcap.

    Reference: Lin, ROUGE: A Package for Automatic Evaluation of Summaries, ACL workshop 2004.
    """

    def __init__(self, name="rouge_l"):
        super().__init__(name)
        try:
            from pycocoevalcap.rouge.rouge import Rouge
        except ImportError:
            raise ImportError(f"ROUGE-L needs pycocoevalcap: {EXTRA}") from None
        self.counter = Rouge()

    def score(self, predictions, references):
        return self.counter.compute_score(*numbered(references, predictions))[0]


def numbered(references, predictions):
    """Sentences in the form that pycocoevalcap takes: dicts of number -> list of strings, of references and of one."""
    return (
        {row: [caption_words(each) for each in several] for row, several in enumerate(references)},
        {row: [caption_words(each)] for row, each in enumerate(predictions)},
    )
