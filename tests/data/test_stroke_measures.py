"""The rulers, held against drawn strokes whose thickness and slant are known."""

import sys
import time

import numpy as np
import pytest

pytest.importorskip("scipy")

from mmgen_tf.data.builders.digits import stroke_measures as measures  # noqa: E402


def stroke(width, degrees, size=28):
    """A straight stroke of a width in pixels, leaning right for positive degrees: uint8 (size, size), antialiased."""
    fine = 8
    y, x = (np.mgrid[: size * fine, : size * fine] + 0.5) / fine - size / 2
    angle = np.radians(degrees)
    across = x * np.cos(angle) + y * np.sin(angle)
    inside = (np.abs(across) < width / 2) & (np.abs(y) < 8)
    return (255 * inside.reshape(size, fine, size, fine).mean(axis=(1, 3))).astype("uint8")


@pytest.mark.parametrize("degrees", [-30, -15, 0, 15, 30])
@pytest.mark.parametrize("width", [2, 3, 4])
def test_a_drawn_stroke_measures_what_it_was_drawn_with(width, degrees):
    thickness, slant = measures.measure_strokes(stroke(width, degrees)[None])
    assert thickness.dtype == slant.dtype == np.float32
    assert thickness[0] == pytest.approx(width, abs=0.5)
    assert slant[0] == pytest.approx(degrees, abs=2)


def test_a_batch_measures_as_its_pictures_do_one_by_one():
    pictures = np.stack([stroke(w, d) for w, d in [(2, -20), (5, 0), (28, 0), (3, 40)]] + [np.zeros((28, 28), "uint8")])
    pictures[2] = 255
    together = np.stack(measures.measure_strokes(pictures[..., None]))
    alone = np.concatenate([measures.measure_strokes(picture[None]) for picture in pictures], axis=1)
    np.testing.assert_array_equal(together, alone)
    assert np.isnan(together[:, 4]).all() and not np.isnan(together[:, :4]).any()


def test_pictures_without_ink_are_nan_and_class_minus_one():
    blank = np.full((3, 28, 28), 100, "uint8")
    assert np.isnan(measures.measure_strokes(blank)).all()
    classes = measures.DIGITS_TERCILES.classify(blank)
    assert (classes["thickness"] == -1).all() and (classes["slant"] == -1).all()
    assert measures.measure_strokes(blank[:0])[0].shape == (0,)


def test_the_pinned_terciles_sort_drawn_strokes():
    drawn = [(1.5, -20), (2.5, 6), (5, 25)]
    classes = measures.DIGITS_TERCILES.classify(np.stack([stroke(*each) for each in drawn]))
    np.testing.assert_array_equal(classes["thickness"], [0, 1, 2])
    np.testing.assert_array_equal(classes["slant"], [0, 1, 2])


def test_fitted_terciles_split_in_three():
    values = np.arange(30, dtype="float32")
    terciles = measures.Terciles.fit(np.append(values, np.nan), np.append(-values, np.nan))
    classes = terciles.classify_measures(values, -values)
    assert np.bincount(classes["thickness"]).tolist() == np.bincount(classes["slant"]).tolist() == [10, 10, 10]


def test_another_dtype_or_shape_is_refused():
    with pytest.raises(ValueError, match=r"received float32 \(2, 28, 28\)"):
        measures.measure_strokes(np.zeros((2, 28, 28), "float32"))
    with pytest.raises(ValueError, match=r"received uint8 \(2, 28, 28, 3\)"):
        measures.measure_strokes(np.zeros((2, 28, 28, 3), "uint8"))


def test_a_missing_scipy_is_named_with_its_extra(monkeypatch):
    monkeypatch.setitem(sys.modules, "scipy", None)
    with pytest.raises(ImportError, match=r"mmgen_tf\[data\]"):
        measures.measure_strokes(stroke(3, 0)[None])


def test_a_thousand_pictures_take_less_than_two_seconds_of_one_core():
    pictures = np.tile(stroke(3, 10), (1000, 1, 1))
    start = time.process_time()
    measures.measure_strokes(pictures)
    assert time.process_time() - start < 2
