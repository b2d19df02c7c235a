"""Classes in and out."""

import numpy as np
import pytest

from mmgen_tf.modalities.label.label_processor import LabelProcessor


@pytest.fixture
def processor():
    return LabelProcessor(classes=("cat", "dog", "cow"))


@pytest.mark.parametrize("values", [["dog", "cat"], [1, 0], np.array([1, 0], "uint8"), np.array(["dog", "cat"])])
def test_names_and_numbers_are_one_thing(processor, values):
    raw = processor.stack(values)
    assert raw.dtype == np.int32 and raw.tolist() == [1, 0]
    assert processor.unstack(processor.postprocess(processor.preprocess(raw)).numpy()) == ["dog", "cat"]


def test_missing_rows_are_told_apart_from_the_first_class(processor):
    raw, present = processor.stack_with_missing(["cow", None])
    assert raw.tolist() == [2, 0] and present.tolist() == [True, False]
    assert processor.is_single("cow") and processor.is_single(2) and not processor.is_single(["cow"])


@pytest.mark.parametrize(
    "value, message",
    [
        ("dgo", "Expected a class name such as dog; received 'dgo'"),
        (3, r"Expected a number in 0..2; received 3"),
        (-1, "received -1"),
        (0.5, "received '0.5'"),
    ],
)
def test_what_is_no_class_is_refused(processor, value, message):
    with pytest.raises(ValueError, match=f"^label: no such class.*{message}"):
        processor.stack([value])
