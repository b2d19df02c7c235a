"""How models of the dataset `flickr8k` are scored: captions against five of people, photos and captions found."""

import warnings

import numpy as np

from mmgen_tf.data.pipeline import Examples
from mmgen_tf.evaluation.draws import draw_from
from mmgen_tf.evaluation.retrieval_figures import retrieval_figures
from mmgen_tf.metrics import Bleu, Cider, Meteor, RougeL
from mmgen_tf.models.contrastive.dual_encoder import DualEncoder

TEXTS = ("text", "text_1", "text_2", "text_3", "text_4")
BEAMS = 3


def evaluate_captions(model, test, judges, seed=0):
    """Every figure that applies to the model.

    Args:
        model: a `DualEncoder` of image and text, or a `ConditionalTextModel` from image to text.
        test: columns of the test split.
        judges: not used.
        seed: of the draws.

    Returns:
        list of `(metric, value, protocol)`, the most telling first.
    """
    if isinstance(model, DualEncoder):
        return retrieval_figures(model, test, (10, 5, 1), "", "photos and their first captions")
    if (("image",), ("text",)) not in model.directions():
        return []
    references = [[test[name][row] for name in TEXTS] for row in range(len(test["text"]))]
    figures = []
    for suffix, beams in (("", BEAMS), ("_greedy", 1)):
        said = draw_from(model, test, ["image"], ["text"], seed, num_beams=beams)["text"]
        figures += caption_figures(said, references, suffix, f"beam {beams}" if beams > 1 else "greedy")
    value, count = perplexity(model, test)
    how = f"exp of the mean -log p of a word, ends among them, over the {count} captions that are not too long for it"
    return [*figures, ("perplexity", value, how)]


def caption_figures(said, references, suffix, decoding):
    """BLEU-4, CIDEr, METEOR and ROUGE-L of captions against several references each."""
    bleu, meteor = Bleu("caption"), Meteor()
    others = [("cider", Cider(), "CIDEr-D times 100"), ("rouge_l", RougeL(), "ROUGE-L")]
    form = "METEOR 1.5" if meteor.form == "java" else "METEOR on words and stems, without synonyms"
    figures = []
    for name, metric, what in (("bleu_4", bleu, "sacrebleu"), *others, ("meteor", meteor, form)):
        metric.update_state(references, said)
        value = metric.result()
        what = f"{what}, {bleu.signature}" if metric is bleu else what
        figures.append((f"{name}{suffix}", value, f"{decoding}, five references, lower-cased words; {what}"))
    return figures


def perplexity(model, test, batch_size=100):
    """Of all captions that the model's text is long enough for, and how many they are."""
    most = model.modalities["text"].shape[0] - 1
    rows = [(row, text) for row in range(len(test["text"])) for name in TEXTS if _fits(text := test[name][row], most)]
    columns = {"image": [test["image"][row] for row, _ in rows], "text": [text for _, text in rows]}
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=".*are unknown")  # rare words count as one, the unknown word
        examples = Examples(columns, model.processors, batch_size, shuffle=False)
    nats, words = 0.0, 0.0
    for batch in examples.batches().take(examples.steps_per_epoch):
        each, count = model.word_nats(batch)
        nats, words = nats + float(np.sum(each)), words + float(np.sum(count))
    return float(np.exp(nats / words)), len(rows)


def _fits(text, most):
    return len(text.split()) <= most
