"""Draws sprites: heart, ellipse or square, anti-aliased, on a plain or a softly textured backdrop, many at a time.

A shape is a signed distance function in pixels; a pixel's ink is 1 inside, 0 outside and linear over the one pixel
between. All three shapes of one radius r cover nearly the same area, pi r^2, so that size does not give the shape away.
"""

import numpy as np

from mmgen_tf.data.builders.cdsprites.sprite_sentences import FACTORS, factors_of

IMAGE_SIZE = 64
RADII = (5.5, 9.2)  # small, big: of a disc of the same area, in pixels
COLOURS = np.array([[220, 40, 40], [40, 160, 60], [50, 90, 230], [235, 210, 40], [240, 90, 200]], "float32")
UNNAMED_COLOUR = 230.0  # a light grey, where the level does not name the colour
PLAIN_BACKGROUND = 20.0
BACKGROUNDS = ((25, 75), (180, 230))  # dark, light: the mean grey of a texture is drawn from here
CENTRES = np.array([[17, 17], [47, 17], [17, 47], [47, 47]], "float32")  # x, y through FACTORS["position"]

_POSITION_JITTER, _SIZE_JITTER = 3.0, 0.06
_TEXTURE_CELLS, _TEXTURE_DEPTH = 6, 20.0
_CHUNK = 256  # keeps the work in the processor's cache
# What gives a shape the area pi: half the side of a square; the half-axes of an ellipse, 2 to 1; the side of a heart.
_SQUARE, _ELLIPSE, _HEART = np.sqrt(np.pi) / 2, (np.sqrt(2.0), np.sqrt(0.5)), 2 * np.sqrt(np.pi / (4 + np.pi))


def draw_factors(count, level, seed):
    """Uniform and independent factors of a level: name -> int64 (count,), the names of `factors_of(level)`."""
    draws = np.random.default_rng(seed).random((count, len(FACTORS)))
    sizes = [len(values) for values in FACTORS.values()]
    return {name: (draws[:, n] * sizes[n]).astype("int64") for n, name in enumerate(factors_of(level))}


def render_sprites(factors, seed):
    """Pictures of given factors; angle, place, size and texture vary with the seed.

    The angle is uniform, each coordinate of the centre moves by up to 3 pixels and the radius by up to 6 percent. A
    factor that is not given is fixed: big, light grey, in the centre, on plain dark grey.

    Args:
        factors: name -> int (n,) through `sprite_sentences.FACTORS`; `"shape"` must be there.
        seed: anything `numpy.random.default_rng` takes. A picture depends on the seed, its own index and its factors.

    Returns:
        uint8 (n, 64, 64, 3).

    Raises:
        ValueError: without shapes, for an unknown factor, or factors of unequal length.
    """
    sizes = {name: len(values) for name, values in factors.items()}
    if "shape" not in factors or not set(factors) <= set(FACTORS) or len(set(sizes.values())) > 1:
        raise ValueError(f"Expected 'shape' and more of {list(FACTORS)}, all of one length; received {sizes}.")
    shape = np.asarray(factors["shape"])
    count = len(shape)
    draws = np.random.default_rng(seed).random((count, 5 + _TEXTURE_CELLS**2)).astype("float32")
    angle = 2 * np.pi * draws[:, 0]
    radius = np.array(RADII, "float32")[factors.get("size", np.ones(count, int))]
    radius = radius * (1 + _SIZE_JITTER * (2 * draws[:, 1] - 1))
    centre = CENTRES[factors["position"]] if "position" in factors else IMAGE_SIZE / 2
    centre = centre + _POSITION_JITTER * (2 * draws[:, 2:4] - 1)
    colour = COLOURS[factors["colour"]] if "colour" in factors else np.full((count, 3), UNNAMED_COLOUR, "float32")
    images = np.empty((count, IMAGE_SIZE, IMAGE_SIZE, 3), np.uint8)
    for start in range(0, count, _CHUNK):
        rows = slice(start, start + _CHUNK)
        ink = render_ink(shape[rows], radius[rows], angle[rows], centre[rows])[..., None]
        backdrop = np.full((len(ink), 1, 1), PLAIN_BACKGROUND, "float32")
        if "background" in factors:
            backdrop = _textures(np.asarray(factors["background"])[rows], draws[rows, 4], draws[rows, 5:])
        backdrop = backdrop[..., None]
        images[rows] = np.rint(backdrop + ink * (colour[rows, None, None, :] - backdrop))
    return images


def render_ink(shape, radius, angle, centre, size=IMAGE_SIZE, softness=1.0):
    """How far each pixel is covered by its shape.

    Args:
        shape: int (n,) through `FACTORS["shape"]`.
        radius: float (n,), of a disc of the same area, in pixels.
        angle: float (n,), in radians, clockwise on the screen.
        centre: float (n, 2), x to the right and y downwards from the top left corner, in pixels.
        size: height and width of the picture.
        softness: the width in pixels of the edge's ramp.

    Returns:
        float32 (n, size, size) in [0, 1].
    """
    shape, centre = np.asarray(shape), np.asarray(centre, "float32")
    radius, angle = np.asarray(radius, "float32")[:, None], np.asarray(angle, "float32")
    pixels = np.arange(size, dtype="float32") + 0.5
    dx, dy = pixels[None, None, :] - centre[:, 0, None, None], pixels[None, :, None] - centre[:, 1, None, None]
    cos, sin = np.cos(angle)[:, None, None], np.sin(angle)[:, None, None]
    x, y = (cos * dx + sin * dy).reshape(len(shape), -1), (cos * dy - sin * dx).reshape(len(shape), -1)
    ink = np.zeros_like(x)
    for index, distance in enumerate((_heart, _ellipse, _square)):
        rows = np.flatnonzero(shape == index)
        r = radius[rows]
        ink[rows] = np.clip(0.5 - distance(x[rows] / r, y[rows] / r) * r / softness, 0, 1)
    return ink.reshape(len(shape), size, size)


# Signed distances from shapes of area pi, in units of the radius; y grows downwards.


def _square(x, y):
    return np.maximum(np.abs(x), np.abs(y)) - _SQUARE


def _ellipse(x, y):
    """Exact to first order near the edge, which is all that the ramp sees: f / |gradient of f|."""
    u, v = x / _ELLIPSE[0], y / _ELLIPSE[1]
    level = np.sqrt(u * u + v * v)
    slope = np.sqrt((u / _ELLIPSE[0]) ** 2 + (v / _ELLIPSE[1]) ** 2)
    return level * (level - 1) / np.maximum(slope, 1e-6)


def _heart(x, y):
    """A square that stands on a corner, with half a disc on each of its two upper sides."""
    half = _HEART / 2
    u, v = np.abs(x), 0.2215 * _HEART - y  # mirrored to the right half, v upwards, the centroid at the origin of x, y
    a, b = (u + v) / np.sqrt(2.0), (v - u) / np.sqrt(2.0)  # along the square's sides
    square = np.maximum(np.abs(a), np.abs(b)) - half
    disc = np.sqrt((a - half) ** 2 + b * b) - half
    return np.minimum(square, disc)


def _textures(background, level, cells):
    """Soft grey textures, random cells blended linearly: int (n,), float (n,), (n, 36) -> float32 (n, 64, 64)."""
    low, high = np.array(BACKGROUNDS, "float32")[background].T
    grid = cells.reshape(-1, _TEXTURE_CELLS, _TEXTURE_CELLS)
    at = (np.arange(IMAGE_SIZE, dtype="float32") + 0.5) / IMAGE_SIZE * (_TEXTURE_CELLS - 1)
    weights = np.maximum(1 - np.abs(at[:, None] - np.arange(_TEXTURE_CELLS, dtype="float32")), 0)
    texture = weights @ (2 * grid - 1) @ weights.T
    return (low + (high - low) * level)[:, None, None] + _TEXTURE_DEPTH * texture
