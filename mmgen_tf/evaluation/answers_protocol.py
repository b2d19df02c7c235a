"""How models that answer questions about pictures are scored: exact answers, and what they owe to each modality.

A figure for what is left when a modality is missing, or is another row's, tells what a model really reads: one that
answers as well without the picture has learnt the questions' bias (Goyal et al., CVPR 2017).
"""

import numpy as np

from mmgen_tf.data.easy_vqa_files import COLOURS, SHAPES
from mmgen_tf.evaluation.draws import draw_from

ANSWER = "answer"
KINDS = {"yes_no": ("yes", "no"), "shape": SHAPES, "color": COLOURS}


def evaluate_answers(model, test, judges, seed=0, headline="vqa_accuracy"):
    """Every figure of a model from a picture and a question, and a history where there is one, to an answer.

    Args:
        model: a `GenerativeModel` with the output `answer`.
        test: columns of the test split.
        judges: not used.
        seed: of the draws and of the shuffles.
        headline: name of the first metric; the others begin with it.

    Returns:
        list of `(metric, value, protocol)`: the share of exact answers; the same by kind of answer, in rows that need
        the history, and with each optional modality missing in all rows, or taken from another row.
    """
    if ANSWER not in model.output_names:
        return []
    asked, truth = list(model.input_names), list(test[ANSWER])
    right = exact(model, test, asked, seed)
    figures = [(headline, right.mean(), f"the answer is the test row's, letter by letter; given {', '.join(asked)}")]
    for kind, answers in KINDS.items():
        rows = np.array([answer in answers for answer in truth])
        figures.append(
            (f"{headline}_{kind}", right[rows].mean(), f"of the {rows.sum()} rows whose answer is of this kind")
        )
    needs = np.asarray(test["needs_history"]) if "needs_history" in test else np.zeros(0, bool)
    if needs.any():
        how = f"of the {needs.sum()} rows whose answer depends on the history"
        figures.append((f"{headline}_that_need_history", right[needs].mean(), how))
    order = np.random.default_rng(seed).permutation(len(truth))
    for name in asked:
        shuffled = {**test, name: [test[name][row] for row in order]}
        how = f"{name} taken from another test row"
        figures.append((f"{headline}_shuffled_{name}", exact(model, shuffled, asked, seed).mean(), how))
        if name not in model.required_names:
            without = exact(model, test, [other for other in asked if other != name], seed)
            figures.append((f"{headline}_without_{name}", without.mean(), f"{name} missing in every row"))
            if name == "history" and needs.any():
                how = "history missing, of the rows whose answer depends on it"
                figures.append((f"{headline}_that_need_history_without", without[needs].mean(), how))
    return figures


def exact(model, test, given, seed):
    """Which rows are answered exactly, bool `(n,)`."""
    said = draw_from(model, test, given, [ANSWER], seed)[ANSWER]
    return np.array([str(one) == str(other) for one, other in zip(said, test[ANSWER], strict=True)])
