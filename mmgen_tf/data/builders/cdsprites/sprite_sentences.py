"""What a sprite can be, and the sentence that says it: exactly the factors of a level, in a fixed order of words."""

import itertools

import numpy as np

# Factor -> its values; an integer counts through them. Level n states the first n factors.
FACTORS = {
    "shape": ("heart", "ellipse", "square"),
    "size": ("small", "big"),
    "colour": ("red", "green", "blue", "yellow", "pink"),
    "position": ("top left", "top right", "bottom left", "bottom right"),
    "background": ("dark", "light"),
}
LEVELS = (1, 2, 3, 4, 5)
_ORDERS = {
    1: "{shape}",
    2: "{size} {shape}",
    3: "{size} {colour} {shape}",
    4: "{size} {colour} {shape} at the {position}",
    5: "{size} {colour} {shape} at the {position} on a {background} background",
}


def factors_of(level):
    """The names of the factors that a level states, in the order of `FACTORS`; ValueError for another level."""
    if level not in LEVELS:
        raise ValueError(f"Expected a level among {LEVELS}; received {level!r}.")
    return tuple(FACTORS)[:level]


def compose_sentences(factors, level):
    """The sentences of many sprites, such as "big red heart at the top left on a light background".

    Args:
        factors: name -> int (n,), at least the factors that the level states; others are ignored.
        level: int 1 to 5.

    Returns:
        A list of n strings of lower-case words joined by single spaces.

    Raises:
        ValueError: for another level, a missing factor, or a number outside a factor's values.
    """
    names = factors_of(level)
    if lacking := [name for name in names if name not in factors]:
        raise ValueError(f"Level {level} states {names}; received factors without {lacking}.")
    for name in names:
        values = np.asarray(factors[name])
        if values.size and not 0 <= values.min() <= values.max() < len(FACTORS[name]):
            raise ValueError(
                f"Factor {name!r}: expected numbers of at least 0 and below {len(FACTORS[name])}; received "
                f"{values.min()} to {values.max()}."
            )
    table = np.array([sentence for sentence, _ in every_sentence(level)], object)
    sizes = [len(FACTORS[name]) for name in names]
    return table[np.ravel_multi_index([np.asarray(factors[name]) for name in names], sizes)].tolist()


def every_sentence(level):
    """All sentences of a level with their factors: a list of `(sentence, tuple of int)`, the last factor fastest."""
    names = factors_of(level)
    every = itertools.product(*(range(len(FACTORS[name])) for name in names))
    return [
        (_ORDERS[level].format(**{name: FACTORS[name][n] for name, n in zip(names, row, strict=True)}), row)
        for row in every
    ]
