"""METEOR: words matched by form, stem and meaning, and how well their order agrees."""

import keras

from mmgen_tf.metrics.rouge_l import numbered
from mmgen_tf.metrics.text_metric import EXTRA, TextMetric, caption_words


class NoSynonyms:
    """In WordNet's place, where nothing may be fetched: no word has another with its meaning."""

    @staticmethod
    def synsets(word):
        return []


@keras.saving.register_keras_serializable("mmgen_tf")
class Meteor(TextMetric):
    """METEOR (Banerjee & Lavie 2005), in 0..1, higher is better.

    Where Java is, METEOR 1.5 as pycocoevalcap brings it, with its paraphrases; `form` says "java". Elsewhere nltk's, by
    exact words and Porter stems without synonyms, the mean over sentences of the best reference: another scale, which
    `form` calls "stems" and a protocol must name.

    Args:
        form: "java", "stems", or None for the first where there is a `java`.
        name: the metric's name.

    Raises:
        ValueError: for an unknown form, or "java" where there is none.
        ImportError: without the package.

    Reference: Banerjee & Lavie, METEOR: An Automatic Metric for MT Evaluation with Improved Correlation with Human
    Judgments, ACL workshop 2005.
    """

    FORMS = ("java", "stems")

    def __init__(self, form=None, name="meteor"):
        import shutil

        there = shutil.which("java") is not None
        if form not in (None, *self.FORMS) or (form == "java" and not there):
            raise ValueError(f"form must be one of {self.FORMS}, the first only with Java; received {form!r}.")
        super().__init__(name)
        self.form = form or ("java" if there else "stems")
        try:
            if self.form == "java":
                import pycocoevalcap.meteor.meteor  # noqa: F401
            else:
                import nltk.translate.meteor_score  # noqa: F401
        except ImportError:
            raise ImportError(f"METEOR needs pycocoevalcap and nltk: {EXTRA}") from None

    def score(self, predictions, references):
        return (
            self._by_java(predictions, references) if self.form == "java" else self._by_stems(predictions, references)
        )

    @staticmethod
    def _by_java(predictions, references):
        from pycocoevalcap.meteor.meteor import Meteor as Counter

        counter = Counter()
        try:
            return counter.compute_score(*numbered(references, predictions))[0]
        finally:
            counter.meteor_p.kill()
            counter.meteor_p.communicate()  # closes its pipes

    @staticmethod
    def _by_stems(predictions, references):
        from nltk.translate.meteor_score import meteor_score

        scores = [
            meteor_score([caption_words(r).split() for r in several], caption_words(said).split(), wordnet=NoSynonyms())
            for said, several in zip(predictions, references, strict=True)
        ]
        return sum(scores) / len(scores)

    def get_config(self):
        return super().get_config() | {"form": self.form}
