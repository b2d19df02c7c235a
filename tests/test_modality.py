"""The contract's own words: what a modality is, and what is in a batch."""

import numpy as np
import pytest

from mmgen_tf.modality import KINDS, RESERVED, Modality, values_of


def test_shape_becomes_a_tuple_and_nothing_can_be_changed():
    modality = Modality("image", "image", [28, 28, 1])
    assert modality.shape == (28, 28, 1) and hash(modality)
    with pytest.raises(AttributeError):
        modality.name = "picture"


@pytest.mark.parametrize("name", [*RESERVED, "", "two words", "1st"])
def test_unusable_names_are_refused(name):
    with pytest.raises(ValueError, match=f"an identifier other than .*; received {name!r}"):
        Modality(name, "image", ())


def test_unknown_kind_and_dtype_are_refused():
    with pytest.raises(ValueError, match=f"one of .*{KINDS[-1]}.*; received 'smell'"):
        Modality("rose", "smell", ())
    with pytest.raises(ValueError, match="'float32' or 'int32'; received 'float16'"):
        Modality("rose", "image", (), "float16")


def test_check_passes_what_fits_and_names_both_shapes_of_what_does_not():
    modality, good = Modality("image", "image", (2, 3, 1)), np.zeros((7, 2, 3, 1))
    assert modality.check(good) is good
    with pytest.raises(ValueError, match=r"'image': .* \(batch, 2, 3, 1\), received \(7, 3, 2, 1\)"):
        modality.check(np.zeros((7, 3, 2, 1)))


def test_values_of_is_sorted_and_leaves_the_rest_out():
    assert list(values_of({"text": 1, "row": 2, "audio": 3, "present": 4}).items()) == [("audio", 3), ("text", 1)]
