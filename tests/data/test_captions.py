"""Captions state all three attributes, and parsing gives back exactly what was composed."""

import itertools

import numpy as np
import pytest
import tensorflow as tf

from mmgen_tf.data.builders.digits import captions

ATTRIBUTES = list(itertools.product(range(10), range(3), range(3)))
WAYS = list(itertools.product(range(len(captions.TEMPLATES)), range(2), range(2), range(2)))
EVERY_CAPTION = [(row, captions._fill(*row, *way)) for row in ATTRIBUTES for way in WAYS]


def test_parse_inverts_every_caption_there_is():
    rows, texts = zip(*EVERY_CAPTION, strict=True)
    np.testing.assert_array_equal(captions.parse_captions(texts), rows)
    assert captions.parse_captions([]).shape == (0, 3)


def test_captions_are_short_plain_and_few_worded():
    texts = {text for _, text in EVERY_CAPTION}
    assert all(len(text.split()) <= captions.MAX_WORDS for text in texts)
    assert all(text.replace(" ", "").isalnum() and text == text.lower() for text in texts)
    assert len({word for text in texts for word in text.split()}) < 64
    assert not any("a upright" in text or "an thin" in text for text in texts)


def test_standardising_changes_nothing():
    import keras

    texts = sorted({text for _, text in EVERY_CAPTION})[:50]
    layer = keras.layers.TextVectorization(standardize="lower_and_strip_punctuation", output_sequence_length=8)
    layer.adapt(texts)
    vocabulary = np.array(layer.get_vocabulary())
    back = [" ".join(vocabulary[row[row > 0]]) for row in layer(tf.constant(texts)).numpy()]
    assert back == texts


def test_captions_are_seeded_by_seed_and_index():
    labels, thickness, slant = np.array(ATTRIBUTES).T
    texts = captions.compose_captions(labels, thickness, slant, seed=3)
    assert texts == captions.compose_captions(labels, thickness, slant, seed=3)
    assert texts[:7] == captions.compose_captions(labels[:7], thickness[:7], slant[:7], seed=3)
    assert texts != captions.compose_captions(labels, thickness, slant, seed=4)
    assert captions.parse_caption(captions.compose(7, 2, 0, np.random.default_rng(0))) == (7, 2, 0)


@pytest.mark.parametrize(
    "text, said",
    [
        ("", (-1, -1, -1)),
        ("A THICK, left-leaning Seven!", (7, 2, 0)),
        ("7 seven thin", (7, 0, -1)),
        ("a thin thick 3 upright", (3, -1, 1)),
        ("three eight leaning left right", (-1, -1, -1)),
        ("leaning 12", (-1, -1, -1)),
    ],
)
def test_what_is_unsaid_or_contradictory_is_minus_one(text, said):
    assert captions.parse_caption(text) == said


def test_an_impossible_attribute_is_refused():
    with pytest.raises(ValueError, match=r"received \[3, -1, 0\] at index 1"):
        captions.compose_captions([1, 3], [0, -1], [0, 0])
