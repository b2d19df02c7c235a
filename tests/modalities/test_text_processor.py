"""Sentences in and out."""

import numpy as np
import pytest
import tensorflow as tf

from mmgen_tf.modalities.text.text_processor import TextProcessor

WORDS = ("a", "thick", "thin", "seven")


@pytest.fixture
def processor():
    return TextProcessor(vocabulary=WORDS, sequence_length=5)


def test_words_count_from_two_and_zero_pads(processor):
    tensor = processor.preprocess(processor.stack(["a thick, THICK Seven!", "thin"]))
    assert tensor.dtype == tf.int32
    np.testing.assert_array_equal(tensor, [[2, 3, 3, 5, 0], [4, 0, 0, 0, 0]])
    assert processor.unstack(processor.postprocess(tensor).numpy()) == ["a thick thick seven", "thin"]


def test_a_sentence_ends_at_its_first_zero(processor):
    tensor = tf.constant([[2, 0, 3, 3, 3], [0, 2, 2, 2, 2], [2, 3, 4, 5, 2]])
    assert processor.unstack(processor.postprocess(tensor).numpy()) == ["a", "", "a thick thin seven a"]


def test_adapted_learns_the_words_and_the_length():
    processor = TextProcessor.adapted(["a seven", "a thin seven", "A, a"], name="caption")
    assert processor.modality.name == "caption" and processor.modality.shape == (4,)
    assert processor.modality.vocabulary == ("", "[UNK]", "a", "seven", "thin")
    assert TextProcessor.adapted(["a"], sequence_length=9).modality.shape == (9,)


def test_missing_rows_are_empty(processor):
    raw, present = processor.stack_with_missing([None, "thin"])
    assert raw.tolist() == ["", "thin"] and present.tolist() == [False, True]
    np.testing.assert_array_equal(processor.preprocess(raw)[0], np.zeros(5))
    assert processor.is_single("thin") and not processor.is_single(["thin"])


def test_graph_equals_eager(processor):
    raw = tf.constant(["a thin seven", "", "thick"])
    np.testing.assert_array_equal(tf.function(processor.preprocess)(raw), processor.preprocess(raw))


def test_an_unknown_word_among_known_ones_is_named_and_ignored(processor):
    with pytest.warns(UserWarning, match=r"\['sevn'\] of 'a sevn' are unknown; known words are seven.*ignored"):
        raw = processor.stack(["thin", "a sevn"])
    np.testing.assert_array_equal(processor.preprocess(raw)[1], [2, 1, 0, 0, 0])


@pytest.mark.parametrize(
    "value, message",
    [
        ("", "an empty text. Expected at least one word; received ''"),
        ("?!", "an empty text"),
        ("sevn eihgt", r"no known word in the text.*\['sevn', 'eihgt'\].*seven"),
        ("a thin thin thin seven", "too long a text. Expected at most 4 words; received 5 words in 'a thin"),
        (7, "not a text. Expected a str; received int 7"),
    ],
)
def test_what_is_no_such_sentence_is_refused(processor, value, message):
    with pytest.raises(ValueError, match=f"^text: {message}"):
        processor.stack(["thin", value])
