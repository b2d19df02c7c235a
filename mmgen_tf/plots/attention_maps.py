"""Where a model looked: attention laid over a picture, word by word."""

import numpy as np

from mmgen_tf.plots.figure_cells import UNIT, new_figure, show_picture

SIZE = 1.8  # of a picture, in units of a cell


def attention_maps(picture, words, maps):
    """A figure of the picture, then of the picture under each word's attention: the brighter, the more.

    Args:
        picture: uint8 `(height, width, channels)` or `(height, width)`.
        words: list of str.
        maps: float `(words, rows, columns)`, or more, as `generate(..., return_attention=True)` gives them. Each is
            stretched from its least to its greatest weight.

    Returns:
        A matplotlib `Figure`.

    Raises:
        ImportError: without matplotlib.
        ValueError: for fewer maps than words, or no word.
    """
    maps, words, picture = np.asarray(maps, "float32"), list(words), np.asarray(picture)
    if maps.ndim != 3 or not 0 < len(words) <= len(maps):
        raise ValueError(
            f"attention_maps expected at least one word and a map (rows, columns) for each; received {len(words)} "
            f"words and maps of shape {maps.shape}."
        )
    figure = new_figure(UNIT * SIZE * (len(words) + 1), UNIT * SIZE + 0.3)
    places = figure.subplots(1, len(words) + 1, squeeze=False)[0]
    for place, title in zip(places, ["picture", *words], strict=True):
        show_picture(place, picture)
        place.set(xticks=[], yticks=[])
        place.spines[:].set_visible(False)
        place.set_title(title, loc="left", fontsize=9)
    for place, weights in zip(places[1:], maps):
        shade_over(place, weights, picture.shape[:2])
    return figure


def shade_over(axes, weights, size):
    """Darkens what was looked at less.

    Args:
        axes: matplotlib axes with a picture of `size` (height, width).
        weights: float `(rows, columns)`.
    """
    height, width = size
    spread = max(float(np.ptp(weights)), 1e-12)
    shade = 1.0 - (weights - weights.min()) / spread
    extent = (-0.5, width - 0.5, height - 0.5, -0.5)
    axes.imshow(shade, cmap="gray_r", alpha=0.75 * shade, extent=extent, interpolation="bilinear", vmin=0, vmax=1)
