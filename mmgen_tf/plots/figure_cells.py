"""The one place that imports matplotlib: figures of cells, each showing one human value."""

import textwrap

import numpy as np

UNIT, TEXT_WIDTH, SOUND_WIDTH = 0.9, 1.7, 1.4  # in inches a picture, in pictures a sentence, a clip
FRAMES = 4


def new_figure(width, height):
    """An empty matplotlib Figure, in inches, without any window.

    Raises:
        ImportError: without matplotlib, naming the extra that brings it.
    """
    try:
        from matplotlib.figure import Figure
    except ImportError as error:
        raise ImportError('Plots need matplotlib: pip install "mmgen_tf[plots]".') from error
    return Figure(figsize=(width, height), dpi=100, layout="constrained")


def cell_figure(rows, titles, modalities, row_titles=None):
    """A figure of `rows x columns` cells, an axes each.

    Args:
        rows: list of lists of human values, all as long as `titles`; None is a missing value.
        titles: above the columns; None where there is none.
        modalities: the `Modality` of each column, or of each cell, a list of lists as `rows`.
        row_titles: left of the rows, or None.

    Raises:
        ImportError: without matplotlib.
    """
    if not isinstance(modalities[0], (list, tuple)):
        modalities = [modalities] * len(rows)
    widths = [max(cell_width(line[column]) for line in modalities) for column in range(len(titles))]
    figure = new_figure(UNIT * (sum(widths) + (1.0 if row_titles else 0.2)), UNIT * len(rows) + 0.4)
    grid = figure.subplots(len(rows), len(titles), squeeze=False, width_ratios=widths)
    for line, kinds, axes in zip(rows, modalities, grid):
        for value, modality, place in zip(line, kinds, axes):
            show_value(place, value, modality)
    for title, place in zip(titles, grid[0]):
        if title:
            place.set_title(title, loc="left", fontsize=9)
    for title, place in zip(row_titles or (), grid[:, 0]):
        place.set_ylabel(title, fontsize=9)
    return figure


def cell_width(modality):
    """Relative to a picture's."""
    return {"text": TEXT_WIDTH, "label": TEXT_WIDTH / 2, "audio": SOUND_WIDTH, "video": FRAMES}.get(modality.kind, 1.0)


def show_value(axes, value, modality):
    """Draws one human value: a picture, a few frames, a spectrogram, or words.

    Args:
        axes: matplotlib axes, whose ticks and frame are taken away.
        value: uint8 `(height, width, channels)` for an image, `(frames, height, width, channels)` for a video, float
            `(samples,)` for audio, else anything that `str` takes; None where it is missing.
        modality: its `Modality`.
    """
    axes.set(xticks=[], yticks=[])
    axes.spines[:].set_visible(False)
    if value is None:
        axes.text(0.5, 0.5, "missing", ha="center", va="center", fontsize=8, color="grey")
    elif modality.kind == "image":
        show_picture(axes, np.asarray(value))
    elif modality.kind == "video":
        chosen = np.linspace(0, len(value) - 1, FRAMES).round().astype(int)
        show_picture(axes, np.concatenate(list(np.asarray(value)[chosen]), axis=1))
    elif modality.kind == "audio":
        axes.imshow(spectrogram(np.asarray(value)), origin="lower", aspect="auto", cmap="magma", vmin=-60, vmax=0)
    else:
        axes.text(0.02, 0.5, textwrap.fill(str(value), 22), va="center", fontsize=8)


def show_picture(axes, picture):
    """Draws a uint8 picture, grey where it has one channel."""
    axes.set_anchor("W")  # below its column's title, however wide the column
    grey = picture.ndim == 2 or picture.shape[-1] == 1
    axes.imshow(
        picture.reshape(picture.shape[:2]) if grey else picture, cmap="gray" if grey else None, vmin=0, vmax=255
    )


def spectrogram(clip, bins=64):
    """Decibels below the loudest, float `(bins, frames)`, of a waveform `(samples,)`, by Hann windows that overlap."""
    size = 2 * bins
    clip = np.pad(clip, (0, max(0, size - len(clip))))
    windows = np.lib.stride_tricks.sliding_window_view(clip, size)[:: size // 2]
    power = np.abs(np.fft.rfft(windows * np.hanning(size), axis=1)[:, :bins].T) ** 2
    return 10.0 * np.log10(np.maximum(power, 1e-12) / max(power.max(), 1e-12))
