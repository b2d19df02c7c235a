"""Pictures in and out."""

import numpy as np
import pytest

from mmgen_tf.modalities.image.image_processor import ImageProcessor

EVERY = np.arange(256, dtype="uint8").reshape(1, 16, 16, 1)


@pytest.mark.parametrize("range_", [(-1, 1), (0, 1), (-2.5, 0.5)])
def test_every_grey_survives_the_way_there_and_back(range_):
    processor = ImageProcessor(height=16, width=16, range=range_)
    tensor = processor.preprocess(processor.stack(EVERY))
    assert tensor.dtype == "float32"
    np.testing.assert_allclose([np.min(tensor), np.max(tensor)], range_, atol=1e-6)
    np.testing.assert_array_equal(processor.postprocess(tensor), EVERY)


def test_what_lies_outside_the_range_is_clipped():
    processor = ImageProcessor(height=1, width=2)
    np.testing.assert_array_equal(processor.postprocess(np.array([[[[-9.0], [9.0]]]])).numpy().ravel(), [0, 255])


def test_grey_pictures_may_lack_the_last_axis():
    processor = ImageProcessor(height=16, width=16)
    for values in (EVERY, EVERY[..., 0], list(EVERY), list(EVERY[..., 0])):
        np.testing.assert_array_equal(processor.stack(values), EVERY)
    assert processor.is_single(EVERY[0]) and processor.is_single(EVERY[0, ..., 0])
    assert not processor.is_single(EVERY) and not processor.is_single(list(EVERY))


def test_missing_rows_are_black():
    raw, present = ImageProcessor(height=16, width=16).stack_with_missing([None, EVERY[0], None])
    assert raw.shape == (3, 16, 16, 1) and raw.dtype == np.uint8 and present.tolist() == [False, True, False]
    assert not raw[0].any() and (raw[1] == EVERY[0]).all()


@pytest.mark.parametrize(
    "value, message",
    [
        (np.zeros((1, 16, 16, 3), "uint8"), r"wrong shape. Expected .* \(16, 16, 1\).*; received shape \(16, 16, 3\)"),
        (np.zeros((1, 16, 15, 1), "uint8"), r"wrong shape. Expected .* \(16, 16, 1\).*; received shape \(16, 15, 1\)"),
        ([EVERY[0], EVERY[0, :8]], r"wrong shape.*received shape \(16, 16, 1\), \(8, 16, 1\)"),
        (EVERY / 255.0, "a float picture; scale it to 0..255 .* received dtype float64"),
        (np.full((1, 16, 16, 1), np.nan), "holds NaN"),
        ([EVERY[0], np.full((16, 16, 1), np.nan)], "holds NaN"),
        (EVERY.astype("int64"), "not a uint8 picture.*received dtype int64"),
        (["a.png"], "not a uint8 picture"),
    ],
)
def test_what_is_no_such_picture_is_refused(value, message):
    with pytest.raises(ValueError, match=f"^image: {message}"):
        ImageProcessor(height=16, width=16).stack(value)
