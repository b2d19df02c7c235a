"""Sentences without the words that a photo tells, and the photos that may be passed on."""

import pytest

from mmgen_tf.data.open_photos import open_photos
from mmgen_tf.data.visible_words import COLOURS, NOUNS, without_visible_words


@pytest.mark.parametrize(
    ("sentence", "masked"),
    [
        ("A man in a blue shirt is standing.", "A _ in a _ _ is standing."),
        ("Two young, white males are outside", "Two young, _ males are outside"),
        ("DOGS run.", "_ run."),
        ("Somewhere beautiful", "Somewhere beautiful"),
        ("A manly man's hat", "A manly _'s _"),
    ],
)
def test_colours_and_nouns_are_masked_whole(sentence, masked):
    assert without_visible_words(sentence) == masked


def test_no_word_is_both():
    assert not COLOURS & NOUNS and all(word.islower() and word.isalpha() for word in COLOURS | NOUNS)


def test_each_open_photo_has_a_sentence():
    photos = open_photos()
    assert photos["image"].shape == (len(photos["text"]), 192, 192, 3) and photos["image"].dtype == "uint8"
    assert len(set(photos["text"])) == len(photos["text"]) and photos["image"].std(axis=(1, 2, 3)).min() > 20
