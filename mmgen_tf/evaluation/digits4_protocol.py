"""How models of the dataset `digits4` are scored: each of four ways to say a digit gives each other one.

Pictures, photos and sounds are read by evaluation networks, `digit_classifier`, `sign_classifier` and
`spoken_digit_classifier`; a word counts where it is one of the ten, letter by letter.
"""

import numpy as np

from mmgen_tf.data.builders.digits.captions import DIGIT_WORDS
from mmgen_tf.evaluation.draws import draw_from, draw_jointly, makes_jointly, share_agreeing, share_right

WORDS = {word: digit for digit, (_, word) in enumerate(DIGIT_WORDS)}


def evaluate_digits4(model, test, judges, seed=0):
    """Every figure that applies to the model's directions.

    Args:
        model: a `GenerativeModel` over some of image, sign, audio and text.
        test: columns of the test split.
        judges: dict of modality -> `Judge`, for all but text.
        seed: of the draws.

    Returns:
        list of `(metric, value, protocol)`: the worst single-input direction, each direction, joint coherence.
    """
    read_by = _readers(model, test, judges)
    figures = []
    for given, (to,) in [way for way in model.directions() if len(way[0]) == len(way[1]) == 1]:
        drawn = draw_from(model, test, given, [to], seed)[to]
        share = share_right(test["label"], classes_of(to, drawn, judges))
        figures.append((f"{given[0]}_to_{to}_accuracy", share, f"one draw a test row, {read_by[to]}"))
    if figures:
        worst = min(figures, key=lambda figure: figure[1])
        how = f"the least of {len(figures)} directions, here {worst[0].removesuffix('_accuracy')}"
        figures.insert(0, ("worst_direction_accuracy", worst[1], how))
    if makes_jointly(model):
        drawn = draw_jointly(model, model.output_names, len(test["label"]), seed)
        share = share_agreeing({name: classes_of(name, values, judges) for name, values in drawn.items()})
        how = f"{', '.join(model.output_names)}, drawn together from noise, show one digit"
        figures.append(("joint_coherence", share, how))
    return figures


def classes_of(name, values, judges):
    """The digit that each value of a modality shows, int64 `(n,)`; -1 for a text that is not one of the ten words."""
    if name == "text":
        return np.array([WORDS.get(str(text), -1) for text in values], "int64")
    return judges[name].classes(values)


def _readers(model, test, judges):
    """For each output: who reads it, and how often that reader is right on real values."""
    told = {}
    for name in model.output_names:
        share = share_right(test["label"], classes_of(name, test[name], judges))
        who = "the exact word" if name == "text" else f"read by the classifier of {name}"
        told[name] = f"{who}, {share:.2%} right on the test split itself"
    return told
