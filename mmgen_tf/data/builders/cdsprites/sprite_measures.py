"""What a picture of a sprite shows and what a sentence says, without a network: the exact, strict score of CdSprites+.

The backdrop is the mean of the border. The direction in colour from it to the most different pixels gives the colour
and, by projection, a mask of the sprite in [0, 1]. Place and area of the mask give position and size. The mask, moved
to the centre and scaled to one area, is correlated with drawn templates: every shape, 48 angles, two softnesses.
"""

import functools

import numpy as np

from mmgen_tf.data.builders.cdsprites import sprite_renderer
from mmgen_tf.data.builders.cdsprites.sprite_renderer import IMAGE_SIZE, RADII
from mmgen_tf.data.builders.cdsprites.sprite_sentences import FACTORS, every_sentence, factors_of

_CHUNK = 500
_BORDER = 3  # pixels
_CORE = 40  # how many of the most different pixels give the sprite's colour: half of the smallest sprite
_LEAST_CONTRAST, _LEAST_CHROMA = 40.0, 30.0  # of 255, Euclidean
_LEAST_CORRELATION, _LEAST_COMPACTNESS = 0.7, 0.8
_RADIUS_RANGE = (3.5, 13.0)  # pixels; a sprite has 5.2 to 9.8
_MIDDLE = 4.0  # a centroid nearer than this to a middle line lies in no quarter
_DARK, _LIGHT = 118.0, 138.0
_WINDOW, _TEMPLATE_RADIUS, _ANGLES = 32, 8.0, 48


def measure_sprites(images):
    """The factors that pictures show.

    Args:
        images: uint8 (n, 64, 64, 3).

    Returns:
        Name -> int32 (n,), all five names of `sprite_sentences.FACTORS`, numbers counting through its values; -1 where
        nothing is recognisable: no compact figure, a shape like none of the three, a grey figure for colour, a figure
        in the middle for position, a mid-grey border for background. Ignore the factors that a level does not state.

    Raises:
        ValueError: for another shape or dtype.
    """
    images = np.asarray(images)
    if images.dtype != np.uint8 or images.shape[1:] != (IMAGE_SIZE, IMAGE_SIZE, 3):
        raise ValueError(f"Expected uint8 images (n, 64, 64, 3); received {images.dtype} {images.shape}.")
    chunks = [_measure(images[start : start + _CHUNK]) for start in range(0, len(images), _CHUNK)]
    empty = [np.zeros(0, "int32")]
    return {name: np.concatenate([chunk[name] for chunk in chunks] or empty).astype("int32") for name in FACTORS}


def parse_sentences(texts, level):
    """What sentences say: name -> int32 (n,), the names of `factors_of(level)`.

    All are -1 unless a sentence is one of the level's, letter by letter. ValueError for another level.
    """
    names = factors_of(level)
    meaning = dict(every_sentence(level))
    rows = np.array([meaning.get(text, (-1,) * level) for text in texts], "int32").reshape(-1, level)
    return {name: rows[:, n].copy() for n, name in enumerate(names)}


def strict_matches(measured, expected, level):
    """Whether all factors of a level are recognised and right: two dicts of int (n,) -> bool (n,)."""
    pairs = [(np.asarray(measured[name]), np.asarray(expected[name])) for name in factors_of(level)]
    return np.all([(one == other) & (one >= 0) for one, other in pairs], axis=0)


def _measure(images):
    images = images.astype("float32")
    border = np.ones((IMAGE_SIZE, IMAGE_SIZE), bool)
    border[_BORDER:-_BORDER, _BORDER:-_BORDER] = False
    backdrop = images[:, border].mean(axis=1)
    difference, contrast, mask = _find_figure(images - backdrop[:, None, None, :])
    x, y, area, compactness = _place(_box(mask[..., None])[..., 0])
    radius = np.sqrt(area / np.pi)
    seen = (contrast >= _LEAST_CONTRAST) & (compactness >= _LEAST_COMPACTNESS)
    seen &= (radius >= _RADIUS_RANGE[0]) & (radius <= _RADIUS_RANGE[1])
    shape, correlation = _match_templates(mask, x, y, np.clip(radius, *_RADIUS_RANGE))
    middle = IMAGE_SIZE / 2
    off_middle = np.minimum(np.abs(x - middle), np.abs(y - middle)) >= _MIDDLE
    grey = backdrop.mean(axis=1)
    return {
        "shape": np.where(seen & (correlation >= _LEAST_CORRELATION), shape, -1),
        "size": np.where(seen, radius > np.sqrt(RADII[0] * RADII[1]), -1),
        "colour": np.where(seen, _nearest_colour(backdrop + difference), -1),
        "position": np.where(seen & off_middle, (x > middle) + 2 * (y > middle), -1),
        "background": np.where(grey <= _DARK, 0, np.where(grey >= _LIGHT, 1, -1)),
    }


def _find_figure(difference):
    """From float (n, 64, 64, 3) relative to the backdrop: its colour (n, 3), contrast (n,), mask (n, 64, 64)."""
    smooth = _box(difference)
    strength = np.square(smooth).sum(axis=-1).reshape(len(smooth), -1)
    core = np.argpartition(strength, -_CORE, axis=1)[:, -_CORE:]
    colour = np.take_along_axis(smooth.reshape(len(smooth), -1, 3), core[..., None], axis=1).mean(axis=1)
    contrast = np.sqrt(np.square(colour).sum(axis=-1))
    direction = colour / np.maximum(np.square(contrast), 1e-6)[:, None]
    return colour, contrast, np.clip(np.einsum("nhwc,nc->nhw", difference, direction), 0, 1)


def _box(images):
    """The mean over 3 by 3 pixels, the border repeated."""
    padded = np.pad(images, ((0, 0), (1, 1), (1, 1), (0, 0)), mode="edge")
    rows = padded[:, :-2] + padded[:, 1:-1] + padded[:, 2:]
    return (rows[:, :, :-2] + rows[:, :, 1:-1] + rows[:, :, 2:]) / 9


def _place(mask):
    """Centroid x and y, area, and the share of it within 1.8 radii of the centroid: float (n,) each."""
    hard = (mask > 0.5).astype("float32")
    pixels = np.arange(IMAGE_SIZE, dtype="float32") + 0.5
    area = np.maximum(hard.sum(axis=(1, 2)), 1e-6)
    x, y = hard.sum(axis=1) @ pixels / area, hard.sum(axis=2) @ pixels / area
    near = (pixels - x[:, None])[:, None, :] ** 2 + (pixels - y[:, None])[:, :, None] ** 2
    inside = near <= (1.8**2 / np.pi * area)[:, None, None]
    return x, y, area, (hard * inside).sum(axis=(1, 2)) / area


def _match_templates(mask, x, y, radius):
    """The best shape and its correlation: the mask is resampled so that its centroid and area are the templates'."""
    offsets = (np.arange(_WINDOW, dtype="float32") + 0.5 - _WINDOW / 2) / _TEMPLATE_RADIUS * radius[:, None]
    down, right = (_interpolation(centre[:, None] + offsets) for centre in (y, x))
    window = np.matmul(np.matmul(down, mask), right.transpose(0, 2, 1))
    templates, shapes = _templates()
    scores = _normalised(window.reshape(len(window), -1)) @ templates.T
    best = scores.argmax(axis=1)
    return shapes[best], np.take_along_axis(scores, best[:, None], axis=1)[:, 0]


def _interpolation(at):
    """Weights (n, m, 64) that read a line of pixels at the places (n, m) linearly; nothing lies outside."""
    pixels = np.arange(IMAGE_SIZE, dtype="float32") + 0.5
    return np.maximum(1 - np.abs(at[..., None] - pixels), 0)


@functools.cache
def _templates():
    """Normalised templates float32 (m, 32 * 32) and the shape of each, int (m,)."""
    shape = np.repeat(np.arange(len(FACTORS["shape"])), _ANGLES)
    angle = np.tile(np.arange(_ANGLES) * (2 * np.pi / _ANGLES), len(FACTORS["shape"]))
    radius, centre = np.full(len(shape), _TEMPLATE_RADIUS), np.full((len(shape), 2), _WINDOW / 2)
    inks = [sprite_renderer.render_ink(shape, radius, angle, centre, _WINDOW, softness) for softness in (1.5, 5.0)]
    return _normalised(np.concatenate(inks).reshape(2 * len(shape), -1)), np.tile(shape, 2)


def _normalised(rows):
    rows = rows - rows.mean(axis=1, keepdims=True)
    return rows / np.maximum(np.sqrt(np.square(rows).sum(axis=1, keepdims=True)), 1e-6)


def _nearest_colour(colour):
    """The palette's colour of the nearest hue, float (n, 3) -> int (n,), whatever grey is mixed in; a grey is -1."""
    chroma, palette = (values - values.mean(axis=1, keepdims=True) for values in (colour, sprite_renderer.COLOURS))
    palette = palette / np.sqrt(np.square(palette).sum(axis=1, keepdims=True))
    strength = np.sqrt(np.square(chroma).sum(axis=1))
    return np.where(strength >= _LEAST_CHROMA, (chroma @ palette.T).argmax(axis=1), -1)
