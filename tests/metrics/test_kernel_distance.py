import numpy as np
import pytest

from mmgen_tf.metrics import KernelDistance, kernel_distance


def reference(x, y):
    """The unbiased estimator of the paper as a double loop over pairs."""

    def kernel(a, b):
        return (a @ b / len(a) + 1) ** 3

    m, n = len(x), len(y)
    within_x = sum(kernel(x[i], x[j]) for i in range(m) for j in range(m) if i != j) / (m * (m - 1))
    within_y = sum(kernel(y[i], y[j]) for i in range(n) for j in range(n) if i != j) / (n * (n - 1))
    return within_x + within_y - 2 * sum(kernel(a, b) for a in x for b in y) / (m * n)


def two_sets():
    draw = np.random.default_rng(0)
    return draw.normal(1, 1, (31, 7)), draw.normal(0.5, 2, (23, 7))


def distance(real, generated, **kwargs):
    metric = KernelDistance(**kwargs)
    metric.update_state(real, generated)
    return metric.result()


@pytest.mark.parametrize("block_values", [1, 100, 2**22])
def test_equals_the_double_loop_in_any_blocks(block_values, monkeypatch):
    monkeypatch.setattr(kernel_distance, "BLOCK_VALUES", block_values)
    assert distance(*two_sets()) == pytest.approx(reference(*two_sets()), rel=1e-11)


def test_subsets_of_everything_are_the_whole():
    real, generated = two_sets()
    whole = distance(real[:23], generated)
    assert distance(real[:23], generated, subsets=4, subset_size=23) == pytest.approx(whole, rel=1e-10)


def test_subsets_are_seeded_and_average_to_the_whole():
    real, generated = two_sets()
    one, same = (distance(real, generated, subsets=5, subset_size=10, seed=1) for _ in range(2))
    assert one == same != distance(real, generated, subsets=5, subset_size=10, seed=2)
    many = distance(real, generated, subsets=3000, subset_size=10)
    assert many == pytest.approx(reference(real, generated), rel=0.1)


def test_unbiased_is_below_zero_for_some_equal_laws():
    draw = np.random.default_rng(3)
    distances = [distance(draw.normal(size=(50, 4)), draw.normal(size=(50, 4))) for _ in range(40)]
    assert min(distances) < 0 < max(distances)
    assert abs(np.mean(distances)) < 3 * np.std(distances) / np.sqrt(40)


def test_subset_larger_than_a_side():
    with pytest.raises(ValueError, match="at least 24 generated rows; received 23"):
        distance(*two_sets(), subsets=2, subset_size=24)
