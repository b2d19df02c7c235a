import numpy as np
import pytest
import scipy.linalg

from mmgen_tf.metrics import FrechetDistance


def reference(real, generated):
    """Heusel et al. 2017, eq. 6, written out."""
    c1, c2 = np.cov(real, rowvar=False), np.cov(generated, rowvar=False)
    root = scipy.linalg.sqrtm(c1 @ c2).real
    return np.sum((real.mean(0) - generated.mean(0)) ** 2) + np.trace(c1 + c2 - 2 * root)


def distance(real, generated):
    metric = FrechetDistance()
    metric.update_state(real, generated)
    return metric.result()


def two_sets(rows, width, seed=0):
    draw = np.random.default_rng(seed)
    real = draw.normal(size=(rows, width)) @ draw.normal(size=(width, width))
    return real, draw.normal(0.3, 1, (rows + 9, width)) @ draw.normal(size=(width, width))


@pytest.mark.parametrize("width", [2, 16, 64])
def test_equals_scipy(width):
    real, generated = two_sets(400, width)
    assert distance(real, generated) == pytest.approx(reference(real, generated), rel=1e-9)


def test_analytical_in_one_dimension():
    """(m1 - m2)^2 + (s1 - s2)^2, with the unbiased variances 2 and 8."""
    assert distance(np.array([[0.0], [2.0]]), np.array([[3.0], [7.0]])) == pytest.approx(16 + 2)


def test_singular_covariances():
    """Fewer rows than columns: rotating the common two-dimensional data changes nothing."""
    real, generated = two_sets(30, 2)
    basis = np.linalg.qr(np.random.default_rng(1).normal(size=(100, 100)))[0][:2]
    assert distance(real @ basis, generated @ basis) == pytest.approx(reference(real, generated), rel=1e-6)
    assert distance(real[:10] @ basis, real[:10] @ basis) == pytest.approx(0, abs=1e-9)


def test_large_mean_and_many_batches_lose_nothing():
    real, generated = two_sets(400, 8)
    metric = FrechetDistance()
    for start in range(0, 420, 13):
        metric.update_state(real[start : start + 13] + 1e6, generated[start : start + 13] + 1e6)
    assert metric.result() == pytest.approx(reference(real, generated), rel=1e-7)


def test_symmetric():
    real, generated = two_sets(100, 5)
    assert distance(real, generated) == pytest.approx(distance(generated, real), rel=1e-12)
