import sys

import matplotlib.image
import numpy as np
import pytest
from tiny_models import attention_gan, captions, multimodal_rnn, multimodal_transformer, told_pictures, video_rnn

from mmgen_tf.plots import attention_sheet


@pytest.mark.parametrize("make", [multimodal_transformer, multimodal_rnn])
def test_a_part_for_each_modality_that_was_given(make, tmp_path):
    model, columns = make(), told_pictures(1)
    both = {"image": columns["image"][0], "text": columns["text"][0]}
    figure = attention_sheet(model, both, seed=0)
    assert figure.get_suptitle() == model.generate(both, to="answer")
    pictures, table = figure.subfigs
    words = [axes.get_title(loc="left") for axes in pictures.axes]
    assert words[0] == "" and " ".join(words[1:]) == figure.get_suptitle()
    assert [tick.get_text() for tick in table.axes[0].get_xticklabels()] == columns["text"][0].split()
    assert len(attention_sheet(model, {"text": columns["text"][0]}).subfigs) == 1
    figure.savefig(tmp_path / "sheet.png")
    assert matplotlib.image.imread(tmp_path / "sheet.png").std() > 0.01


def test_a_start_that_is_not_said_has_no_row(monkeypatch):
    model, columns = multimodal_transformer(), told_pictures(1)
    said = model.processors["answer"]
    monkeypatch.setattr(said, "pieces", lambda text: ["<s>", "two", "digits"])
    monkeypatch.setattr(said, "begins", True)
    monkeypatch.setattr(type(model), "generate", lambda *_, **__: ("two digits", np.ones((4, 40), "float32")))
    (part,) = attention_sheet(model, {"text": columns["text"][0]}).subfigs
    assert [tick.get_text() for tick in part.axes[0].get_yticklabels()] == ["two", "digits"]


def test_pictures_go_on_in_another_line(monkeypatch):
    monkeypatch.setattr(sys.modules[attention_sheet.__module__], "COLUMNS", 2)
    model, columns = multimodal_transformer(), told_pictures(1)
    monkeypatch.setattr(model.processors["answer"], "pieces", lambda said: ["two", "thin", "digits", "here"])
    (part,) = attention_sheet(model, {"image": columns["image"][0]}).subfigs
    shown = [axes.get_title(loc="left") for axes in part.axes if axes.axison]
    assert shown == ["", "two", "thin", "digits", "here"] and len(part.axes) == 6


def test_frames_lie_above_their_table():
    model = video_rnn()
    figure = attention_sheet(model, {"video": np.zeros((3, 8, 8, 1), "uint8")})
    (part,) = figure.subfigs
    assert [tick.get_text() for tick in part.axes[1].get_xticklabels()] == ["frame 1", "frame 2", "frame 3"]
    assert part.axes[1].images[0].get_array().shape[1] == 3


def test_a_drawn_picture_under_each_word_of_its_sentence():
    model, (text,) = attention_gan(), captions(1)
    figure = attention_sheet(model, {"text": text}, seed=0)
    shown = [axes.get_title(loc="left") for axes in figure.axes]
    assert shown == ["picture", *text.split()[: len(shown) - 1]] and len(shown) > 1 and figure.get_suptitle() == text
