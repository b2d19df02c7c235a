"""Which recordings make a row: any of the row's class, each about as often as the others."""

import numpy as np


def choose_rows(labels, split, num_rows):
    """Which instances of MNIST make the rows, in MNIST's order: the first ones, in the test split so many of a class.

    Args:
        labels: int (n,), of all instances of the split.
        split: `"train"` or `"test"`.
        num_rows: how many; in the test split a multiple of ten.

    Returns:
        int64 (num_rows,), indices.

    Raises:
        ValueError: where there are too few, or the number is no multiple of ten.
    """
    if split == "train":
        chosen, each = np.arange(len(labels))[:num_rows], None
    else:
        each = num_rows // 10
        chosen = np.sort(np.concatenate([np.flatnonzero(labels == digit)[:each] for digit in range(10)]))
    if len(chosen) != num_rows:
        wanted = f"{num_rows} instances" + ("" if each is None else f", {each} of each class")
        raise ValueError(f"Split {split!r}: expected {wanted}; received {np.bincount(labels, minlength=10).tolist()}.")
    return chosen


def pair_by_class(labels, pool_labels, seed):
    """For each row an element of a pool that has its class.

    The rows of a class go through seeded permutations of the class's elements, one after the other, so that no element
    is used more than once more than another of its class.

    Args:
        labels: int (n,), the rows'.
        pool_labels: int (m,), the pool's.
        seed: anything `numpy.random.default_rng` takes.

    Returns:
        int64 (n,), indices into the pool.

    Raises:
        ValueError: if a class of a row has no element.
    """
    rng, chosen = np.random.default_rng(seed), np.zeros(len(labels), "int64")
    for label in np.unique(labels):
        rows, pool = np.flatnonzero(labels == label), np.flatnonzero(pool_labels == label)
        if not len(pool):
            raise ValueError(f"Expected something of class {label} to pair; received classes {np.unique(pool_labels)}.")
        rounds = [rng.permutation(pool) for _ in range(-(-len(rows) // len(pool)))]
        chosen[rows] = np.concatenate(rounds)[: len(rows)]
    return chosen
