"""Every subset of the opinions as one product of experts, and which of them a row can have."""

import itertools

import numpy as np
from keras import ops

from mmgen_tf.fusion.product_of_experts import product_of_experts


def subset_masks(count):
    """All non-empty subsets of `count` experts, bool `(2 ** count - 1, count)`, the single ones first."""
    masks = [mask for mask in itertools.product([False, True], repeat=count) if any(mask)]
    return np.array(sorted(masks, key=lambda mask: (sum(mask), [not chosen for chosen in mask])))


def products_of_subsets(means, log_variances, present, prior=True):
    """The product of experts of every subset (Sutter et al. 2021, eq. 5).

    Args:
        means, log_variances: float `(experts, batch, latent)`.
        present: bool `(experts, batch)`.
        prior: whether each product holds a standard normal expert too.

    Returns:
        `(means, log_variances, available)`: float `(subsets, batch, latent)` twice, and bool `(subsets, batch)`, where
        a row has only the subsets of the experts that are there.
    """
    masks = subset_masks(means.shape[0])
    pairs, available = [], []
    for mask in masks:
        rows = [present[expert] for expert in np.flatnonzero(mask)]
        whole = ops.all(ops.stack(rows), axis=0)
        chosen = ops.stack(rows) if prior else ops.ones_like(ops.stack(rows))
        experts = [int(expert) for expert in np.flatnonzero(mask)]
        pick = (ops.stack([values[expert] for expert in experts]) for values in (means, log_variances))
        pairs.append(product_of_experts(*pick, chosen, prior))
        available.append(whole)
    return ops.stack([p[0] for p in pairs]), ops.stack([p[1] for p in pairs]), ops.stack(available)
