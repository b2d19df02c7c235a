import sys
import types

import numpy as np
import pytest
from sklearn.decomposition import PCA
from threadpoolctl import threadpool_limits

from mmgen_tf.plots import latent_map
from mmgen_tf.plots.latent_map import project


def groups(count=90, width=6):
    draw, ids = np.random.default_rng(0), np.arange(count) % 3
    return 10 * np.eye(width)[ids] + draw.normal(size=(count, width)) * np.arange(1, width + 1) / width, ids


def apart(points, ids):
    """The least distance between groups' means over the greatest mean distance to one's own."""
    means = np.stack([points[ids == i].mean(axis=0) for i in range(3)])
    within = max(np.linalg.norm(points[ids == i] - means[i], axis=1).mean() for i in range(3))
    return min(np.linalg.norm(means[i] - means[i - 1]) for i in range(3)) / within


def test_pca_equals_scikit_learn():
    rows, _ = groups()
    ours, reference = project(rows, "pca"), PCA(2, svd_solver="full").fit_transform(rows)
    np.testing.assert_allclose(np.abs(ours), np.abs(reference), atol=1e-9)
    assert project(rows[:, :1], "pca").shape == (90, 2)
    np.testing.assert_array_equal(project(np.ones((3, 4)), "pca"), np.zeros((3, 2)))


@pytest.mark.parametrize("method", ["pca", "tsne"])
def test_groups_stay_apart_and_the_seed_fixes_the_map(method):
    rows, ids = groups()
    with threadpool_limits(1):  # t-SNE's threads wait for each other at every one of its many small steps
        points, again = project(rows, method, seed=1), project(rows, method, seed=1)
    assert points.shape == (90, 2) and apart(points, ids) > 2.5
    np.testing.assert_array_equal(points, again)


def test_a_colour_and_a_legend_entry_for_each_class():
    rows, ids = groups()
    names = np.array(["one", "two", "three"])[ids]
    (axes,) = latent_map(rows, names, "pca").axes
    assert [len(dots.get_offsets()) for dots in axes.collections] == [30, 30, 30]
    assert [text.get_text() for text in axes.get_legend().get_texts()] == ["one", "three", "two"]
    assert len({tuple(dots.get_facecolor()[0]) for dots in axes.collections}) == 3
    np.testing.assert_allclose(axes.collections[0].get_offsets(), project(rows, "pca")[names == "one"])


def test_many_classes_and_none(tmp_path):
    rows, _ = groups()
    many = latent_map(rows, np.arange(90) % 20, "pca").axes[0]
    assert len({tuple(dots.get_facecolor()[0]) for dots in many.collections}) == 20
    plain = latent_map(rows, method="pca")
    assert len(plain.axes[0].collections) == 1 and plain.axes[0].get_legend() is None
    plain.savefig(tmp_path / "map.png")


def test_umap_is_named_where_it_is_missing_and_used_where_it_is_there(monkeypatch):
    rows, _ = groups()
    monkeypatch.setitem(sys.modules, "umap", None)
    with pytest.raises(ImportError, match="pip install umap-learn"):
        latent_map(rows, method="umap")

    class UMAP:
        def __init__(self, n_neighbors, n_jobs, random_state):
            assert (n_neighbors, n_jobs, random_state) == (15, 1, 7)

        def fit_transform(self, rows):
            return rows[:, :2].astype("float32")

    monkeypatch.setitem(sys.modules, "umap", types.SimpleNamespace(UMAP=UMAP))
    np.testing.assert_allclose(project(rows, "umap", seed=7), rows[:, :2], rtol=1e-6)


def test_a_missing_scikit_learn_is_named_with_its_extra(monkeypatch):
    monkeypatch.setitem(sys.modules, "sklearn.manifold", None)
    with pytest.raises(ImportError, match=r'pip install "mmgen_tf\[plots\]"'):
        latent_map(groups()[0])


@pytest.mark.parametrize(
    "latents, options, message",
    [
        (np.zeros((9, 2)), {"method": "isomap"}, r"\('pca', 'tsne', 'umap'\); received 'isomap'"),
        (np.zeros(9), {}, r"\(n, width\), n at least 3; received \(9,\)"),
        (np.zeros((2, 2)), {}, r"received \(2, 2\)"),
        (np.full((9, 2), np.nan), {}, "finite latents"),
        (np.zeros((9, 2)), {"labels": [1, 2], "method": "pca"}, r"9 labels, one for each row; received \(2,\)"),
    ],
)
def test_errors(latents, options, message):
    with pytest.raises(ValueError, match=message):
        latent_map(latents, **options)
