"""The latent vectors that a sampler is fitted on, checked."""

import numpy as np


def latent_rows(latents, latent_dim, at_least, who):
    """`latents` as float64 `(n, latent_dim)`.

    Args:
        latents: numeric `(n, latent_dim)`, an array or a tensor.
        latent_dim: the width expected.
        at_least: rows needed.
        who: name of the class that asks, for errors.

    Raises:
        ValueError: for another rank or width, for NaN or infinity, and for too few rows.
    """
    rows = np.asarray(latents)
    if rows.ndim != 2 or rows.shape[1] != latent_dim:
        raise ValueError(f"{who} expected latents of shape (n, {latent_dim}); received {rows.shape}.")
    rows = rows.astype("float64")
    if not np.isfinite(rows).all():
        broken = int((~np.isfinite(rows)).any(axis=1).sum())
        raise ValueError(f"{who} expected finite latents; received NaN or infinity in {broken} of {len(rows)} rows.")
    if len(rows) < at_least:
        raise ValueError(f"{who} expected at least {at_least} rows of latents; received {len(rows)}.")
    return rows
