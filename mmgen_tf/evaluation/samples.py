"""A picture of what a variant makes: inputs beside outputs, one panel a direction."""

import io
import textwrap

import numpy as np
from PIL import Image

from mmgen_tf.evaluation.demonstrations import demonstrations

TEXT_WIDTH, SOUND_WIDTH = 3.4, 2.0
LETTERS, LINES = 26, 4  # of a text; of a longer one the end is shown
FRAMES = 4  # of a video
COLOURS = 256  # of the whole PNG, for a third of its size
SOUND_COLUMNS = 64
LINE_WIDTH = 26.0  # of panels side by side, in pictures
MANY = 6  # directions: above, each panel shows less


def draw_samples(model, examples, path, rows=8, seed=0):
    """Writes a PNG with a panel for each of the model's directions.

    Args:
        model: a `GenerativeModel`.
        examples: columns of human values, at least `rows` of them.
        path: of the PNG.
        rows: inputs shown in a panel, half of them where there are many directions.
        seed: of the draws.

    Raises:
        ImportError: without matplotlib, naming the extra that brings it.
    """
    try:
        from matplotlib.figure import Figure
    except ImportError:
        raise ImportError('Sample pictures need matplotlib: pip install "mmgen_tf[plots]"') from None
    many = len(model.directions()) > MANY
    rows, draws = (rows // 2, 2) if many else (rows, 5)
    panels = []
    for shown in demonstrations(model, examples, rows, draws, seed):
        lines = [list(given.values()) + _few(drawn, model) for given, drawn in shown.lines]
        panels.append((shown.title, lines))
    lines = _side_by_side(panels)
    width = max(sum(width for width, _, _ in line) for line in lines)
    size = (0.55 * width + 0.3, (0.55 * rows + 0.5) * len(lines))
    figure = Figure(figsize=size, dpi=100, layout="constrained")
    for part, line in zip(np.atleast_1d(figure.subfigures(len(lines), 1)), lines, strict=True):
        room = width - sum(wide for wide, _, _ in line)
        ratios = [wide for wide, _, _ in line] + ([room] if room > 0 else [])
        axes = np.atleast_1d(part.subplots(1, len(ratios), width_ratios=ratios))
        axes[-1].set_axis_off()
        for place, (wide, title, cells) in zip(axes, line, strict=False):
            _panel(place, wide, cells, title)
    drawn = io.BytesIO()
    figure.savefig(drawn, format="png")
    Image.open(drawn).convert("RGB").quantize(COLOURS).save(path, "PNG", optimize=True)


def _side_by_side(panels):
    """Panels `(title, lines)` in as few lines as `LINE_WIDTH` allows, each panel with its width before it."""
    lines, used = [[]], 0.0
    for title, cells in panels:
        width = max(sum(_width(cell) for cell in line) for line in cells)
        if lines[-1] and used + width > LINE_WIDTH:
            lines.append([])
            used = 0.0
        lines[-1].append((width, title, cells))
        used += width
    return lines


def _few(drawn, model):
    """All drawn pictures of a row, but only one sentence, one sound, unless they were found."""
    cells = []
    for name, values in drawn.items():
        several = model.modalities[name].kind == "image" or not model.directions()
        cells += values if several else values[:1]
    return cells


def _width(cell):
    if not isinstance(cell, np.ndarray):
        return TEXT_WIDTH
    return {1: SOUND_WIDTH, 4: float(FRAMES)}.get(cell.ndim, 1.0)


def _panel(axes, width, lines, title):
    axes.set_title(title, loc="left", fontsize=10)
    axes.set_axis_off()
    for row, cells in enumerate(lines):
        x, y = 0.0, len(lines) - row
        for cell in cells:
            if isinstance(cell, np.ndarray) and cell.ndim == 1:
                low, high = _envelope(cell)
                places = x + (SOUND_WIDTH - 0.1) * np.linspace(0, 1, len(low))
                axes.fill_between(places, y - 0.47 + 0.45 * low, y - 0.47 + 0.45 * high, linewidth=0.5)
            elif isinstance(cell, np.ndarray):
                for place, picture in enumerate(_pictures(cell)):
                    shown = np.repeat(picture, 3, axis=-1) if picture.shape[-1] == 1 else picture
                    axes.imshow(shown, extent=(x + place, x + place + 0.94, y - 0.94, y))
            else:
                axes.text(x + 0.1, y - 0.47, _shown(str(cell)), va="center", fontsize=8)
            x += _width(cell)
    axes.set_xlim(0, width)
    axes.set_ylim(0, len(lines))


def _shown(text):
    lines = textwrap.wrap(text, LETTERS)
    return "\n".join(lines if len(lines) <= LINES else ["\N{HORIZONTAL ELLIPSIS}", *lines[1 - LINES :]])


def _pictures(cell):
    """A picture, or some frames of a video, evenly spread."""
    return cell[np.linspace(0, len(cell) - 1, FRAMES).round().astype(int)] if cell.ndim == 4 else [cell]


def _envelope(waveform):
    """The least and the greatest value in each of a few parts of a waveform, as shares of its greatest magnitude."""
    edges = np.unique(np.linspace(0, len(waveform), SOUND_COLUMNS, endpoint=False).astype(int))
    scaled = waveform / max(np.abs(waveform).max(initial=0.0), 1e-9)
    return np.minimum.reduceat(scaled, edges), np.maximum.reduceat(scaled, edges)
