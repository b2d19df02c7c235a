"""A map of latent vectors in two dimensions."""

import numpy as np

from mmgen_tf.plots.figure_cells import new_figure

METHODS = ("pca", "tsne", "umap")


def latent_map(latents, labels=None, method="tsne", seed=0):
    """A scatter plot of latents projected to two dimensions, a colour for each class.

    Args:
        latents: finite numbers (n, width), n of at least 3.
        labels: n class ids or names, or None for one colour.
        method: "tsne" (van der Maaten & Hinton 2008), "umap" (McInnes et al. 2018) or "pca". The first two keep
            neighbours together and say nothing of distances between groups; PCA is linear and keeps the axes of
            largest variance.
        seed: of t-SNE and UMAP.

    Returns:
        A matplotlib `Figure`.

    Raises:
        ImportError: without matplotlib, or without the package that the method needs, naming it.
        ValueError: for other shapes, NaN, fewer than 3 rows, another number of labels, or an unknown method.
    """
    points = project(latents, method, seed)
    labels = np.zeros(len(points), int) if labels is None else np.asarray(labels)
    if labels.shape != (len(points),):
        raise ValueError(f"latent_map expected {len(points)} labels, one for each row; received {labels.shape}.")
    names, numbers = np.unique(labels, return_inverse=True)
    figure = new_figure(6.0, 5.0)
    axes = figure.subplots()
    for number, name in enumerate(names):
        colour = f"C{number}" if len(names) <= 10 else _hue(number / len(names))
        axes.scatter(*points[numbers == number].T, s=8, alpha=0.7, linewidths=0, color=colour, label=str(name))
    axes.set(xticks=[], yticks=[], title=f"{method}, {len(points)} latents")
    if 1 < len(names) <= 30:
        axes.legend(loc="center left", bbox_to_anchor=(1.0, 0.5), markerscale=2, fontsize=8, frameon=False)
    return figure


def project(latents, method="tsne", seed=0):
    """Latents (n, width) -> float64 points (n, 2); arguments and errors as in `latent_map`."""
    if method not in METHODS:
        raise ValueError(f"latent_map expected a method of {METHODS}; received {method!r}.")
    rows = np.asarray(latents)
    if rows.ndim != 2 or len(rows) < 3 or not rows.shape[1]:
        raise ValueError(f"latent_map expected latents of shape (n, width), n at least 3; received {rows.shape}.")
    rows = rows.astype("float64")
    if not np.isfinite(rows).all():
        raise ValueError("latent_map expected finite latents; received NaN or infinity.")
    return {"pca": _pca, "tsne": _tsne, "umap": _umap}[method](rows, seed).astype("float64")


def _pca(rows, seed):
    """Scores of the first two principal axes, each turned so that its largest entry is positive."""
    rows = rows - rows.mean(axis=0)
    _, _, axes = np.linalg.svd(rows, full_matrices=False)
    axes = axes[:2]
    signs = np.sign(axes[np.arange(len(axes)), np.abs(axes).argmax(axis=1)])
    points = rows @ (axes * signs[:, None]).T
    return np.pad(points, ((0, 0), (0, 2 - points.shape[1])))


def _tsne(rows, seed):
    try:
        from sklearn.manifold import TSNE
    except ImportError as error:
        raise ImportError('t-SNE needs scikit-learn: pip install "mmgen_tf[plots]".') from error
    start = _pca(rows, seed)
    start *= 1e-4 / max(start[:, 0].std(), 1e-30)
    perplexity = min(30.0, (len(rows) - 1) / 3.0)
    return TSNE(perplexity=perplexity, init=start.astype("float32"), random_state=seed).fit_transform(rows)


def _umap(rows, seed):
    try:
        from umap import UMAP
    except ImportError as error:
        raise ImportError("UMAP needs umap-learn: pip install umap-learn.") from error
    return UMAP(n_neighbors=min(15, len(rows) - 1), n_jobs=1, random_state=seed).fit_transform(rows)


def _hue(share):
    from matplotlib.colors import hsv_to_rgb

    return tuple(hsv_to_rgb((share, 0.75, 0.8)))
