"""k-means clustering, vectorised and seeded."""

import numpy as np


def k_means(rows, clusters, restarts=10, steps=300, seed=0):
    """The best of several runs of Lloyd's algorithm from k-means++ centres (Arthur & Vassilvitskii 2007).

    Args:
        rows: float64 (n, width), at least `clusters` of them.
        clusters: number of centres.
        restarts: runs; the one with the smallest sum of squared distances is returned.
        steps: of Lloyd's algorithm, at most; it stops where no row changes its cluster.
        seed: int.

    Returns:
        `(clusters of the rows int64 (n,), centres float64 (clusters, width), sum of squared distances)`.

    Raises:
        ValueError: for fewer rows than clusters, or no cluster.
    """
    if not 1 <= clusters <= len(rows):
        raise ValueError(f"k_means expected from 1 to {len(rows)} clusters, the number of rows; received {clusters}.")
    draw = np.random.default_rng(seed)
    middle = rows.mean(axis=0)
    runs = [_run(rows - middle, clusters, steps, draw) for _ in range(restarts)]
    chosen, centres, spread = min(runs, key=lambda run: run[2])
    return chosen, centres + middle, float(spread)


def _run(rows, clusters, steps, draw):
    centres = _first_centres(rows, clusters, draw)
    squares = np.sum(rows**2, axis=1)
    chosen = None
    for _ in range(steps):
        distances = squares[:, None] - 2.0 * rows @ centres.T + np.sum(centres**2, axis=1)
        nearest = distances.argmin(axis=1)
        if chosen is not None and np.array_equal(nearest, chosen):
            break
        chosen = nearest
        shares = np.eye(clusters)[chosen]
        mass = shares.sum(axis=0)[:, None]
        far = rows[np.argsort(-distances.min(axis=1))[:clusters]]  # an empty cluster moves to a row that fits badly
        centres = np.where(mass > 0, shares.T @ rows / np.maximum(mass, 1.0), far)
    return chosen, centres, np.sum(np.square(rows - centres[chosen]))


def _first_centres(rows, clusters, draw):
    """Rows of which each is the best of a few, drawn with chances that grow as the squared distance to the others."""
    candidates = 2 + int(np.log(clusters))
    centres = [rows[draw.integers(len(rows))]]
    nearest = np.sum(np.square(rows - centres[0]), axis=1)
    for _ in range(clusters - 1):
        chances = nearest / nearest.sum() if nearest.sum() > 0 else None
        tried = rows[draw.choice(len(rows), size=candidates, p=chances)]
        distances = [np.minimum(nearest, np.sum(np.square(rows - one), axis=1)) for one in tried]
        best = int(np.argmin([d.sum() for d in distances]))
        centres.append(tried[best])
        nearest = distances[best]
    return np.stack(centres)
