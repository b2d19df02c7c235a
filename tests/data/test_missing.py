"""Missing values: the share of them, one value kept in every row, seeds, errors."""

import numpy as np
import pytest

from mmgen_tf.data.missing import with_missing

NAMES = ("image_0", "image_1", "text")


def columns_of(count):
    return {name: np.zeros((count, 2)) for name in NAMES} | {"label": np.arange(count)}


def test_values_are_missing_independently_and_every_row_keeps_one():
    columns = columns_of(20000)
    given = with_missing(columns, NAMES, 0.6, seed=3)
    assert "present" not in columns and all(given[name] is columns[name] for name in columns)
    present = given["present"]
    assert list(present) == list(NAMES) and all(p.dtype == bool and p.shape == (20000,) for p in present.values())
    there = np.stack(list(present.values()), axis=1)
    assert there.any(axis=1).all()
    # a value is there with 0.4; where all three would be missing, 0.6^3, one of them is kept
    np.testing.assert_allclose(there.mean(axis=0), 0.4 + 0.6**3 / 3, atol=0.015)
    np.testing.assert_allclose((there.sum(axis=1) == 3).mean(), 0.4**3, atol=0.01)
    np.testing.assert_allclose((there[:, 0] & there[:, 2]).mean(), 0.4**2, atol=0.015)


def test_nothing_is_missing_at_ratio_zero():
    assert all(p.all() for p in with_missing(columns_of(50), NAMES, 0.0, seed=0)["present"].values())


def test_a_row_depends_on_the_seed_and_its_index_only():
    few, many, other = (
        with_missing(columns_of(n), NAMES, 0.5, seed)["present"] for n, seed in ((10, 1), (99, 1), (99, 2))
    )
    for name in NAMES:
        np.testing.assert_array_equal(few[name], many[name][:10])
    assert any((many[name] != other[name]).any() for name in NAMES)


@pytest.mark.parametrize("ratio", [-0.1, 1.0, 2, float("nan")])
def test_a_ratio_outside_its_range_is_refused(ratio):
    with pytest.raises(ValueError, match=f"at least 0 and below 1; received {ratio}"):
        with_missing(columns_of(3), NAMES, ratio, 0)


def test_names_and_columns_that_do_not_fit_are_refused():
    with pytest.raises(ValueError, match=r"received \['image_0', 'sound'\]"):
        with_missing(columns_of(3), ["image_0", "sound"], 0.5, 0)
    with pytest.raises(ValueError, match=r"one or more names .* received \[\]"):
        with_missing(columns_of(3), [], 0.5, 0)
    with pytest.raises(ValueError, match="without a key 'present'"):
        with_missing(with_missing(columns_of(3), NAMES, 0.5, 0), NAMES, 0.5, 0)
    with pytest.raises(ValueError, match="as many rows in each column; received {'image_0': 4, 'text': 3}"):
        with_missing(columns_of(3) | {"image_0": np.zeros(4)}, ["image_0", "text"], 0.5, 0)
