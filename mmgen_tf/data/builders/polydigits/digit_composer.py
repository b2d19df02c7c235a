"""Lays digits over photographs, and picks which digits stand together: the construction of PolyMNIST.

Reference: Sutter, Daunhawer, Vogt, "Generalized Multimodal ELBO", ICLR 2021, appendix.
"""

import functools
import pathlib

import numpy as np

# Modality m, the feature "image_<m>", has the m-th photograph; see the README for their makers and licences.
BACKGROUNDS = ("stars", "coffee", "rocket", "retina", "pagoda")
MODALITIES = tuple(f"image_{modality}" for modality in range(len(BACKGROUNDS)))

_FOLDER = pathlib.Path(__file__).parent / "backgrounds"
_SIZE = 28
_CHUNK = 256  # keeps the work in the processor's cache


@functools.cache
def read_background(modality):
    """The photograph of a modality, 0 to 4: uint8 (160, 160, 3), not to be written to; ValueError for another."""
    if modality not in range(len(BACKGROUNDS)):
        raise ValueError(f"Expected a modality of at least 0 and below {len(BACKGROUNDS)}; received {modality!r}.")
    import tensorflow as tf

    photograph = tf.io.decode_png((_FOLDER / f"{BACKGROUNDS[modality]}.png").read_bytes(), channels=3).numpy()
    photograph.setflags(write=False)
    return photograph


def compose_digits(digits, modality, seed):
    """Digits of one modality, each over a random 28 by 28 piece of its photograph, whose colours the ink inverts.

    With ink a in [0, 1], a pixel b of the photograph becomes b (1 - a) + (255 - b) a, rounded.

    Args:
        digits: uint8 (n, 28, 28), white ink on black.
        modality: int 0 to 4, through `BACKGROUNDS`.
        seed: anything `numpy.random.default_rng` takes: which pieces. A picture depends on the seed, the modality's
            photograph, its own index and its digit, not on how many follow.

    Returns:
        uint8 (n, 28, 28, 3).

    Raises:
        ValueError: for another shape, dtype or modality.
    """
    digits = np.asarray(digits)
    if digits.dtype != np.uint8 or digits.shape[1:] != (_SIZE, _SIZE):
        raise ValueError(f"Expected uint8 digits (n, 28, 28); received {digits.dtype} {digits.shape}.")
    photograph = read_background(modality)
    height, width, channels = photograph.shape
    lines, window = photograph.reshape(height, width * channels), (_SIZE, _SIZE * channels)
    pieces = np.lib.stride_tricks.sliding_window_view(lines, window)[:, ::channels]
    origins = (np.random.default_rng(seed).random((len(digits), 2)) * pieces.shape[:2]).astype(int)
    images = np.empty((*digits.shape, channels), np.uint8)
    for start in range(0, len(digits), _CHUNK):
        rows = slice(start, start + _CHUNK)
        piece = pieces[tuple(origins[rows].T)].reshape(-1, _SIZE, _SIZE, channels).astype("uint16")
        images[rows] = _invert(piece, digits[rows, ..., None].astype("uint16"))
    return images


def _invert(piece, ink):
    """(piece * (255 - ink) + (255 - piece) * ink) / 255, rounded: uint16 arrays of 0 to 255, nothing overflows.

    The quotient of x by 255, rounded, is (t + t / 256) / 256 in whole numbers, t = x + 128, for x up to 65,025.
    """
    total = piece * (255 - ink)
    total += (255 - piece) * ink
    total += 128
    total += total >> 8
    total >>= 8
    return total


def pair_instances(labels, seed):
    """Which digit each modality of each row shows: int32 (n, 5), indices of `labels`.

    Column 0 is the row itself. The digits of a class are put into a random order once; modality m takes the one m
    fifths of the class further on. So each digit is used once per modality, and a row never has the same digit twice,
    as long as its class has five.

    Args:
        labels: int (n,), the classes.
        seed: anything `numpy.random.default_rng` takes.
    """
    labels = np.asarray(labels)
    order = np.lexsort((np.random.default_rng(seed).random(len(labels)), labels))  # class by class, random within
    first = np.searchsorted(labels[order], labels[order])
    size = np.searchsorted(labels[order], labels[order], side="right") - first
    place = np.arange(len(labels)) - first
    pairs = np.empty((len(labels), len(BACKGROUNDS)), "int32")
    for modality in range(len(BACKGROUNDS)):
        step = modality * np.maximum(size // len(BACKGROUNDS), 1)
        pairs[order, modality] = order[first + (place + step) % size]
    return pairs
