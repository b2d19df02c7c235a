"""Sound in and out."""

import numpy as np
import pytest

from mmgen_tf.modalities.audio.audio_processor import AudioProcessor


@pytest.fixture
def processor():
    return AudioProcessor(samples=4, sample_rate=2)


def test_short_clips_end_in_silence(processor):
    raw = processor.stack([np.array([0.5, -0.5]), np.array([1.0, 0.0, -1.0, 0.25])])
    assert raw.dtype == np.float32 and raw.tolist() == [[0.5, -0.5, 0, 0], [1, 0, -1, 0.25]]
    np.testing.assert_array_equal(processor.postprocess(processor.preprocess(raw)), raw)


def test_loud_output_is_clipped_and_missing_rows_are_silent(processor):
    assert processor.postprocess(np.array([[2.0, -2.0, 0.0, 1.0]])).numpy().tolist() == [[1, -1, 0, 1]]
    raw, present = processor.stack_with_missing([None, np.ones(4)])
    assert raw.tolist() == [[0] * 4, [1] * 4] and present.tolist() == [False, True]
    assert processor.is_single(np.ones(3)) and not processor.is_single(np.ones((2, 3)))


@pytest.mark.parametrize(
    "value, message",
    [
        (np.ones(5), r"not a clip this model takes. Expected .*most 4 samples at 2 Hz.*; received float64 .*\(5,\)"),
        (np.ones((2, 2)), r"not a clip this model takes.*\(2, 2\)"),
        (np.array([1, 2]), "not a clip this model takes.*received int64"),
        (np.array([np.nan, 0.0]), "holds NaN or infinity"),
        (np.array([np.inf, 0.0]), "holds NaN or infinity"),
    ],
)
def test_what_is_no_such_clip_is_refused(processor, value, message):
    with pytest.raises(ValueError, match=f"^audio: {message}"):
        processor.stack([value])
