"""How models of the datasets `cdsprites/level_N` are scored: exactly, without a network.

A drawn picture is measured (`sprite_measures`), a drawn sentence must be one of the level's, letter by letter. Strict
is what is right in all factors of the level (Sejnova et al. 2024).
"""

import numpy as np

from mmgen_tf.data.builders.cdsprites.sprite_measures import measure_sprites, parse_sentences, strict_matches
from mmgen_tf.data.builders.cdsprites.sprite_sentences import factors_of
from mmgen_tf.evaluation.draws import draw_from, draw_jointly, makes_jointly, share_right

WAYS = (("text", "image"), ("image", "text"))


def evaluate_cdsprites(model, test, judges=None, seed=0, level=1):
    """Every figure that applies to the model's directions.

    Args:
        model: a `GenerativeModel` over image (uint8 (64, 64, 3)) and text.
        test: columns of the test split of the level.
        judges: not used.
        seed: of the draws.
        level: int 1 to 5.

    Returns:
        list of `(metric, value, protocol)`: the strict figures, then each factor's.
    """
    truth = {name: np.asarray(test[name]).astype(int) for name in factors_of(level)}
    read = {"image": measure_sprites, "text": lambda texts: parse_sentences([str(text) for text in texts], level)}
    made = {"image": "one picture for each test sentence, measured", "text": "one sentence for each test picture"}
    strict, factors = [], []
    for given, to in WAYS:
        if ((given,), (to,)) in model.directions():
            answers = read[to](draw_from(model, test, [given], [to], seed)[to])
            _add(f"{given}_to_{to}", answers, truth, level, made[to], strict, factors)
    if makes_jointly(model) and {"image", "text"} <= set(model.output_names):
        drawn = draw_jointly(model, ("image", "text"), len(test["text"]), seed)
        how = "picture, measured, and sentence drawn together from noise agree"
        _add("joint", read["image"](drawn["image"]), read["text"](drawn["text"]), level, how, strict, factors)
    return strict + factors


def _add(prefix, answers, truth, level, how, strict, factors):
    matches = float(np.mean(strict_matches(answers, truth, level)))
    strict.append((f"{prefix}_strict_accuracy", matches, f"{how}; all of {', '.join(factors_of(level))}"))
    for name in factors_of(level):
        factors.append((f"{prefix}_{name}_accuracy", share_right(truth[name], answers[name]), how))
