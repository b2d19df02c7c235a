"""How models of the dataset `sprite_videos` are scored: a sentence is right where it states every factor."""

import numpy as np

from mmgen_tf.data.builders.sprite_videos.sprite_clips import FACTORS, parse_sentences
from mmgen_tf.evaluation.draws import draw_from
from mmgen_tf.metrics import Bleu


def evaluate_sprite_videos(model, test, judges, seed=0):
    """Every figure of a model from video to text.

    Args:
        model: a `GenerativeModel`.
        test: columns of the test split, whose combinations of factors were not trained on.
        judges: not used.
        seed: of the draws.

    Returns:
        list of `(metric, value, protocol)`: all factors right, each factor, BLEU.
    """
    if (("video",), ("text",)) not in model.directions():
        return []
    said = draw_from(model, test, ["video"], ["text"], seed)["text"]
    truth, stated = np.stack([test[name] for name in FACTORS], axis=1), parse_sentences(said)
    how = "of clips of held-out combinations; the sentence is one of the 1,728 and states the clip's factors"
    figures = [("all_attributes_right", (truth == stated).all(1).mean(), how)]
    for number, name in enumerate(FACTORS):
        figures.append((f"{name}_right", (truth == stated)[:, number].mean(), f"{how[:32]}; {name} alone"))
    bleu = Bleu("caption")
    bleu.update_state(list(test["text"]), said)
    return [*figures, ("bleu_4", bleu.result(), f"sacrebleu, lower-cased words, 0..100: {bleu.signature}")]
