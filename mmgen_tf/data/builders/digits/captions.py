"""Captions of a digit, and the way back: every caption states digit, thickness and slant, and can be parsed exactly.

No caption has a comma, a hyphen or more than eight words, so that a caption that a model generates word by word reads
as it was written. `parse_caption` is the inverse of `compose`: it scores a generated caption without a judge.
"""

import re

import numpy as np

from mmgen_tf.data.builders.digits.stroke_measures import SLANT_NAMES, THICKNESS_NAMES

MAX_WORDS = 8

DIGIT_WORDS = tuple(
    zip("0123456789", ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"), strict=True)
)
THICKNESS_WORDS = (("thin", "slender"), ("medium", "regular"), ("thick", "bold"))
# How a slant is said before the digit, and after it; the n-th way of the one goes with the n-th of the other.
SLANT_BEFORE = (("left leaning", "left tilted"), ("upright", "straight"), ("right leaning", "right tilted"))
SLANT_AFTER = (
    ("leaning left", "tilted left"),
    ("standing upright", "standing straight"),
    ("leaning right", "tilted right"),
)
TEMPLATES = (
    "a {thickness} {digit} {slant_after}",
    "a {slant_before} {thickness} {digit}",
    "{digit} {thickness} and {slant_before}",
    "{thickness} {digit} {slant_after}",
    "the digit {digit} {thickness} and {slant_before}",
    "a {thickness} handwritten {digit} {slant_after}",
    "the number {digit} in {thickness} strokes {slant_after}",
    "a {slant_before} {digit} with a {thickness} stroke",
    "write a {thickness} {digit} {slant_after}",
    "{slant_before} {digit} drawn {thickness}",
)

_WORDS = re.compile(r"[a-z]+|[0-9]+")
_VOWEL_SOUND = re.compile(r"\ba(?= upright\b)")
_DIGIT_OF = {word: digit for digit, words in enumerate(DIGIT_WORDS) for word in words}
_THICKNESS_OF = {word: level for level, words in enumerate(THICKNESS_WORDS) for word in words}
_SLANT_OF = {"left": 0, "upright": 1, "straight": 1, "right": 2}


def compose(label, thickness, slant, seed=None):
    """One caption of one digit.

    Args:
        label: int 0 to 9.
        thickness: int 0 to 2, through `THICKNESS_NAMES`.
        slant: int 0 to 2, through `SLANT_NAMES`.
        seed: anything `numpy.random.default_rng` takes, a generator included: which template and synonyms are drawn.

    Returns:
        The caption, a string of lower-case words joined by single spaces.

    Raises:
        ValueError: if an attribute lies outside its range.
    """
    return compose_captions([label], [thickness], [slant], seed)[0]


def compose_captions(labels, thickness, slant, seed=None):
    """Captions of many digits: int arrays (n,) -> a list of n strings.

    A caption depends on the seed, its own index and its own attributes, not on how many follow. See `compose`.
    """
    attributes = np.stack([np.asarray(labels), np.asarray(thickness), np.asarray(slant)], axis=1)
    sizes = np.array([len(DIGIT_WORDS), len(THICKNESS_NAMES), len(SLANT_NAMES)])
    outside = np.flatnonzero(((attributes < 0) | (attributes >= sizes)).any(axis=1))
    if outside.size:
        raise ValueError(
            f"Expected label, thickness and slant of at least 0 and below {sizes.tolist()}; received "
            f"{attributes[outside[0]].tolist()} at index {outside[0]}."
        )
    draws = np.random.default_rng(seed).random((len(attributes), 4))
    ways = (draws * [len(TEMPLATES), 2, 2, 2]).astype(int)
    return [_fill(*row, *way) for row, way in zip(attributes.tolist(), ways.tolist(), strict=True)]


def _fill(label, thickness, slant, template, digit_way, thickness_way, slant_way):
    caption = TEMPLATES[template].format(
        digit=DIGIT_WORDS[label][digit_way],
        thickness=THICKNESS_WORDS[thickness][thickness_way],
        slant_before=SLANT_BEFORE[slant][slant_way],
        slant_after=SLANT_AFTER[slant][slant_way],
    )
    return _VOWEL_SOUND.sub("an", caption)


def parse_caption(text):
    """What a caption says: `(label, thickness, slant)`, each -1 where it is not said or said in two ways.

    Case, punctuation and word order do not matter. A word run together by removed hyphens ("leftleaning") is unknown.
    """
    words = _WORDS.findall(text.lower())
    return tuple(_only(words, meaning) for meaning in (_DIGIT_OF, _THICKNESS_OF, _SLANT_OF))


def parse_captions(texts):
    """`parse_caption` of n strings: int32 (n, 3), columns label, thickness, slant."""
    return np.array([parse_caption(text) for text in texts], "int32").reshape(-1, 3)


def _only(words, meaning):
    said = {meaning[word] for word in words if word in meaning}
    return said.pop() if len(said) == 1 else -1
