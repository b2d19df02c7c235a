"""BLEU: how many of a sentence's runs of words its references have too."""

import keras

from mmgen_tf.metrics.text_metric import EXTRA, TextMetric, caption_words


@keras.saving.register_keras_serializable("mmgen_tf")
class Bleu(TextMetric):
    """Corpus BLEU by sacrebleu (Papineni et al. 2002; Post 2018), in 0..100, higher is better.

    Args:
        form: "13a" as in WMT, cased; "lowercase" the same in lower case; "caption", lower-cased words without
            punctuation, as captions are scored.
        name: the metric's name.

    `signature` says what was counted, as sacrebleu prints it.

    Raises:
        ValueError: for an unknown form.
        ImportError: without sacrebleu.

    Reference: Papineni, Roukos, Ward & Zhu, BLEU: a Method for Automatic Evaluation of Machine Translation, ACL 2002.
    Post, A Call for Clarity in Reporting BLEU Scores, WMT 2018.
    """

    FORMS = ("13a", "lowercase", "caption")

    def __init__(self, form="13a", name="bleu"):
        if form not in self.FORMS:
            raise ValueError(f"form must be one of {self.FORMS}; received {form!r}.")
        super().__init__(name)
        self.form = form
        try:
            from sacrebleu.metrics import BLEU
        except ImportError:
            raise ImportError(f"BLEU needs sacrebleu: {EXTRA}") from None
        self.counter = BLEU(tokenize="none" if form == "caption" else "13a", lowercase=form == "lowercase")

    def score(self, predictions, references):
        if self.form == "caption":
            predictions = [caption_words(each) for each in predictions]
            references = [[caption_words(each) for each in several] for several in references]
        most = max(map(len, references))
        columns = [[several[i] if i < len(several) else None for several in references] for i in range(most)]
        return self.counter.corpus_score(predictions, columns).score

    @property
    def signature(self):
        """sacrebleu's signature, after a first `result`."""
        return str(self.counter.get_signature())

    def get_config(self):
        return super().get_config() | {"form": self.form}
