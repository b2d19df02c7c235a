import numpy as np
import prdc as reference_package
import pytest

from mmgen_tf.metrics import PRDC, prdc


def two_sets(real_rows=300, generated_rows=200, width=8):
    draw = np.random.default_rng(0)
    return draw.normal(0, 1, (real_rows, width)), draw.normal(0.6, 0.8, (generated_rows, width))


def figures(real, generated, **kwargs):
    metric = PRDC(**kwargs)
    metric.update_state(real, generated)
    return metric.result()


@pytest.mark.parametrize("k", [1, 3, 5])
@pytest.mark.parametrize("block_values", [1, 1000, 2**22])
def test_equals_the_prdc_package(k, block_values, monkeypatch):
    monkeypatch.setattr(prdc, "BLOCK_VALUES", block_values)
    real, generated = two_sets()
    expected = reference_package.compute_prdc(real, generated, nearest_k=k)
    assert figures(real, generated, k=k) == pytest.approx(expected, abs=1e-12)
    shifted = figures(real.astype("float32") + 100, generated.astype("float32") + 100, k=k)
    assert shifted == pytest.approx(expected, abs=0.01)


def test_by_hand():
    """Real 0, 1, 10 with radii 1, 1, 9; generated 0.5, 30, 31, 32 with radii 29.5, 1, 1, 1; k = 1."""
    result = figures(np.array([[0.0], [1.0], [10.0]]), np.array([[0.5], [30.0], [31.0], [32.0]]), k=1)
    assert result == {"precision": 0.25, "recall": 1.0, "density": 0.5, "coverage": 2 / 3}


def test_identical_sets_have_density_one_though_all_borders_are_ties():
    real, _ = two_sets(1000, 2, 64)
    assert figures(real, real) == {"precision": 1.0, "recall": 1.0, "density": 1.0, "coverage": 1.0}
    assert figures(real, real[::-1].copy()) == figures(real, real)


def test_a_far_set_and_a_collapsed_set():
    real, generated = two_sets()
    assert figures(real, generated + 100) == dict.fromkeys(("precision", "recall", "density", "coverage"), 0.0)
    collapsed = figures(real, np.repeat(real[:1], 50, axis=0))
    assert collapsed["precision"] == 1 and collapsed["recall"] == 0 and collapsed["coverage"] < 0.1


def test_needs_more_rows_than_k():
    with pytest.raises(ValueError, match="at least 6 generated rows; received 5"):
        figures(*two_sets(20, 5))
