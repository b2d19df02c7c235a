"""How a classifier is scored on any dataset with labels: the share of test rows whose class it names."""

import re

import numpy as np

from mmgen_tf.evaluation.draws import share_right
from mmgen_tf.evaluation.judge import Judge


def evaluate_classifier(model, test, title):
    """`accuracy`, and `accuracy_<column>` where one classifier reads the pictures of several modalities.

    Args:
        model: a classifier, see `Judge`. It reads the column of its modality's name, or else those of that name
            followed by `_` and a number: `image_0`, `image_1`, ...
        test: columns of the test split, with `label`.
        title: what the protocol calls the data.

    Returns:
        list of `(metric, value, protocol)`.

    Raises:
        ValueError: if there is no such column, or no `label`.
    """
    judge = Judge(model)
    pattern = re.compile(re.escape(judge.modality) + r"(_\d+)?")
    columns = sorted(name for name in test if pattern.fullmatch(name))
    columns = [judge.modality] if judge.modality in columns else columns
    if not columns or "label" not in test:
        raise ValueError(
            f"Expected the columns 'label' and {judge.modality!r}, or {judge.modality}_0 and further ones; received "
            f"{sorted(test)}."
        )
    how = f"class with the highest probability, {title} test split"
    shares = {name: share_right(test["label"], judge.classes(test[name])) for name in columns}
    if len(columns) == 1:
        return [("accuracy", shares[columns[0]], how)]
    mean = ("accuracy", float(np.mean(list(shares.values()))), f"{how}, mean over {len(columns)} modalities")
    return [mean, *((f"accuracy_{name}", share, how) for name, share in shares.items())]
