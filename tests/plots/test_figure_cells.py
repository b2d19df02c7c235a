import sys

import numpy as np
import pytest

from mmgen_tf.modality import Modality
from mmgen_tf.plots.figure_cells import cell_figure, new_figure, show_value, spectrogram

RATE = 8000


def modality(kind, shape=(8, 8, 1)):
    return Modality("shown", kind, shape)


def cell(value, kind, shape=(8, 8, 1)):
    axes = new_figure(1, 1).subplots()
    show_value(axes, value, modality(kind, shape))
    return axes


def test_a_picture_is_shown_as_it_is():
    grey, coloured = np.arange(64, dtype="uint8").reshape(8, 8, 1), np.full((8, 8, 3), 7, "uint8")
    (shown,) = cell(grey, "image").images
    np.testing.assert_array_equal(shown.get_array(), grey[..., 0])
    assert shown.get_clim() == (0, 255) and shown.cmap.name == "gray"
    np.testing.assert_array_equal(cell(coloured, "image").images[0].get_array(), coloured)


def test_words_classes_and_missing_values():
    assert cell("a thick seven leaning far to the left", "text").texts[0].get_text().split() == (
        "a thick seven leaning far to the left".split()
    )
    assert cell("seven", "label").texts[0].get_text() == "seven" and not cell("seven", "label").images
    assert cell(None, "image").texts[0].get_text() == "missing"


def test_a_video_is_four_frames_in_a_row():
    video = np.repeat(np.arange(10, dtype="uint8"), 64).reshape(10, 8, 8, 1)
    shown = cell(video, "video").images[0].get_array()
    assert shown.shape == (8, 32) and shown[0, ::8].tolist() == [0, 3, 6, 9]


def test_a_clip_is_a_spectrogram_whose_peak_is_its_tone():
    tone = 0.5 * np.sin(2 * np.pi * 1000 * np.arange(RATE) / RATE)
    shown = spectrogram(tone, bins=64)
    assert shown.shape == (64, RATE // 64 - 1) and shown.max() == 0
    assert (shown.argmax(axis=0) == round(1000 / (RATE / 2) * 64)).all()
    assert len(cell(tone, "audio", (RATE,)).images) == 1
    assert np.isfinite(spectrogram(np.zeros(5))).all()


def test_cells_are_axes_with_titles_and_columns_as_wide_as_their_kind():
    picture = np.zeros((8, 8, 1), "uint8")
    figure = cell_figure(
        [[picture, "one"], [picture, "two"]], ["left", None], [modality("image"), modality("text")], ["a", "b"]
    )
    assert len(figure.axes) == 4 and figure.axes[0].get_gridspec().get_width_ratios() == [1.0, 1.7]
    assert [axes.get_title(loc="left") for axes in figure.axes] == ["left", "", "", ""]
    assert [axes.get_ylabel() for axes in figure.axes] == ["a", "", "b", ""]


def test_a_missing_matplotlib_is_named_with_its_extra(monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    with pytest.raises(ImportError, match=r'pip install "mmgen_tf\[plots\]"'):
        new_figure(1, 1)
