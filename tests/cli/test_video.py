"""Videos and options of a model through `mmgen generate` and `mmgen demo`."""

import types

import numpy as np
import pytest
from tiny_models import described_videos, video_rnn

from mmgen_tf import zoo
from mmgen_tf.evaluation.publish import write_examples
from mmgen_tf.modalities.video.gif_file import write_gif


@pytest.fixture
def directory(tmp_path):
    """A preset of a model that describes clips, with examples."""
    model = video_rnn()
    model.save_to_preset(tmp_path / "describing")
    write_examples(model, described_videos(2), tmp_path / "describing" / "examples")
    return tmp_path / "describing"


def test_a_gif_is_described_greedily_and_by_beams(mmgen, directory, tmp_path):
    clip = described_videos(1)["video"][0]
    path = write_gif(tmp_path / "clip.gif", clip)
    expected = zoo.load(directory).generate({"video": clip}, to="text", num_beams=2)
    status, out, _ = mmgen("generate", directory, "--input", f"video={path}", "--option", "num_beams=2")
    assert status == 0 and out.strip() == f"text: {expected}".strip()
    assert mmgen("generate", directory, "--input", f"video={path}", "-n", 2)[1].count("text:") == 2


def test_what_is_no_video_and_no_option_is_told(mmgen, directory, tmp_path):
    (tmp_path / "broken.gif").write_bytes(b"none")
    path = write_gif(tmp_path / "clip.gif", np.zeros((3, 8, 8, 1), "uint8"))
    for arguments, message in (
        (("--input", "video=nowhere.gif"), "There is no video nowhere.gif"),
        (("--input", f"video={tmp_path / 'broken.gif'}"), "is not a GIF that can be read"),
        (("--input", f"video={path}", "--option", "beams=3"), "'beams' is not one of"),
        (("--input", f"video={path}", "--option", "temperature=0"), "temperature must be positive"),
        (("--input", f"video={path}", "--option", "return_attention=true"), "shows no attention"),
        ((), "needs ['video'] to generate"),
    ):
        status, _, told = mmgen("generate", directory, *arguments)
        assert status == 2 and message in told


def test_the_demo_shows_clips_and_what_was_looked_at(mmgen, directory, tmp_path, monkeypatch):
    monkeypatch.chdir(directory.parent)
    row = types.SimpleNamespace(name=directory.name, model="MultimodalRNN", headline="")
    monkeypatch.setattr(zoo, "list", lambda: [row])
    status, _, told = mmgen("demo", "--out", tmp_path / "gallery")
    assert status == 0, told
    page = (tmp_path / "gallery" / "index.html").read_text(encoding="utf-8")
    assert "describing/video_to_text_input_0_video_0.gif" in page and "describing/attention.png" in page
    assert (tmp_path / "gallery" / "describing" / "attention.png").stat().st_size > 1000
