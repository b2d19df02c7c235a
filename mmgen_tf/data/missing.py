"""Rows with missing values: which modality of which row is there, drawn with a seed.

The values themselves stay in the columns; `"present"` says which of them a model may look at.
"""

import numpy as np


def with_missing(columns, names, ratio, seed):
    """Marks values as missing: each independently with probability `ratio`, but every row keeps at least one.

    A row that would lose all of its values keeps one of them, chosen uniformly. What a row keeps depends on the seed,
    its own index and the order of `names`, not on how many rows follow.

    Args:
        columns: name -> array of n rows.
        names: the columns whose values can be missing, at least one.
        ratio: the probability that a value is missing, 0 <= ratio < 1.
        seed: anything `numpy.random.default_rng` takes.

    Returns:
        A shallow copy of `columns` with one more key, `"present"`: name -> bool (n,), in the order of `names`.

    Raises:
        ValueError: for a ratio outside [0, 1), no names, a name that `columns` lacks, columns of unequal length, or
            columns that have `"present"` already.
    """
    names = list(dict.fromkeys(names))
    if not 0 <= ratio < 1:
        raise ValueError(f"Expected a ratio of missing values of at least 0 and below 1; received {ratio}.")
    if "present" in columns:
        raise ValueError("Expected columns without a key 'present'; received columns that have one.")
    if not names or not set(names) <= set(columns):
        raise ValueError(f"Expected one or more names among {sorted(columns)}; received {names}.")
    sizes = {name: len(columns[name]) for name in names}
    if len(set(sizes.values())) > 1:
        raise ValueError(f"Expected as many rows in each column; received {sizes}.")
    draws = np.random.default_rng(seed).random((sizes[names[0]], len(names) + 1))
    present = draws[:, :-1] >= ratio
    empty = np.flatnonzero(~present.any(axis=1))
    present[empty, (draws[empty, -1] * len(names)).astype(int)] = True
    return dict(columns) | {"present": dict(zip(names, present.T.copy(), strict=True))}
