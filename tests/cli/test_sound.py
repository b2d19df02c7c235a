"""Sounds, and pictures of any name, through `mmgen generate`, `mmgen demo`, example folders and sample sheets."""

import types

import numpy as np
import pytest
import tensorflow as tf
from sounding_model import RATE, SoundingModel, examples

from mmgen_tf import zoo
from mmgen_tf.data.folder import read_folder
from mmgen_tf.evaluation.publish import write_examples
from mmgen_tf.evaluation.samples import draw_samples
from mmgen_tf.modalities.audio.wav_file import read_wav, write_wav
from mmgen_tf.models import preset


@pytest.fixture
def directory(tmp_path):
    """A preset of the model, with examples."""
    model = SoundingModel()
    model.build()
    preset.save(model, tmp_path / "sounding")
    write_examples(model, examples(2), tmp_path / "sounding" / "examples")
    return tmp_path / "sounding"


def test_generate_writes_a_file_for_each_picture_modality_and_each_sound(mmgen, directory, tmp_path):
    out = tmp_path / "new" / "all.png"
    status, told, error = mmgen("generate", directory, "-n", 3, "--out", out)
    assert status == 0, error
    names = {path.name for path in out.parent.iterdir()}
    assert names == {"all_drawing.png", "all_photo.png", "all_sound_0.wav", "all_sound_1.wav", "all_sound_2.wav"}
    assert all(str(out.parent / name) in told for name in names) and told.count("word: ") == 3
    assert tf.io.decode_png((out.parent / "all_photo.png").read_bytes()).shape[-1] == 3
    sounds = [read_wav(out.parent / f"all_sound_{draw}.wav", RATE) for draw in range(3)]
    assert all(sound.shape == (400,) for sound in sounds) and not np.allclose(sounds[0], sounds[1])
    status, told, _ = mmgen("generate", directory, "--to", "sound", "--out", out)
    assert status == 0 and told == f"sound: {out.parent / 'all_sound.wav'}\n"


def test_generate_reads_values_of_every_kind(mmgen, directory, tmp_path):
    sound = write_wav(tmp_path / "a.wav", 0.5 * np.ones(300), RATE)
    picture = tmp_path / "a=b.png"
    picture.write_bytes(tf.io.encode_png(np.zeros((16, 16, 3), np.uint8)).numpy())
    given = ("--input", f"sound={sound}", "--input", f"photo={picture}")
    status, told, error = mmgen("generate", directory, *given, "--input", "word=two", "--out", tmp_path / "a.png")
    assert status == 0, error
    assert told == f"drawing: {tmp_path / 'a.png'}\n"
    by_name = mmgen("generate", directory, "--to", "photo", "--input", "word=two", "--out", tmp_path / "name.png")
    by_number = mmgen("generate", directory, "--to", "photo", "--input", "word=1", "--out", tmp_path / "number.png")
    assert by_name[0] == by_number[0] == 0
    assert (tmp_path / "name.png").read_bytes() == (tmp_path / "number.png").read_bytes()
    several = ("--input", "word=one", "--input", "word=two", "--to", "sound", "--out", tmp_path / "b.png")
    assert mmgen("generate", directory, *several)[1].count("b_sound_") == 2


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ("sound", "--input expects NAME=VALUE"),
        ("sond=a.wav", "did you mean 'sound'"),
        ("sound=nowhere.wav", "no sound file nowhere.wav"),
        ("photo=nowhere.png", "no picture nowhere.png"),
        ("word=four", "no such class"),
        ("word=3", "no such class"),
    ],
)
def test_mistakes_are_one_line(mmgen, directory, given, message):
    status, _, told = mmgen("generate", directory, "--input", given)
    assert status == 2 and message in told and len(told.strip().splitlines()) == 1


def test_demo_plays_what_was_given_and_what_was_made(mmgen, directory, tmp_path, monkeypatch):
    monkeypatch.chdir(directory.parent)
    row = types.SimpleNamespace(name=directory.name, model="SoundingModel", headline="none")
    monkeypatch.setattr(zoo, "list", lambda: [row])
    monkeypatch.setattr(SoundingModel, "directions", lambda self: [(("sound",), ("drawing", "photo", "sound"))])
    status, _, error = mmgen("demo", "--out", tmp_path / "gallery")
    assert status == 0, error
    page = (tmp_path / "gallery" / "index.html").read_text(encoding="utf-8")
    assert page.count("<audio controls src=") == 2 + 2 * 6 and page.count("<img ") == 2 * 2 * 6
    assert "alt='photo'" in page and "alt='drawing'" in page
    for suffix, count in ((".wav", 14), (".png", 24)):
        assert len(list((tmp_path / "gallery" / directory.name).glob(f"*{suffix}"))) == count


def test_examples_hold_sounds_that_read_back(directory):
    model, columns = preset.load(directory), examples(2)
    read = read_folder(directory / "examples", model.modalities)
    for name in ("drawing", "photo", "word"):
        np.testing.assert_array_equal(read[name], columns[name])
    np.testing.assert_allclose(read["sound"], columns["sound"], atol=2**-14)
    assert (directory / "examples" / "sound_1.wav").is_file()


def test_a_sample_sheet_draws_sounds(directory, tmp_path, monkeypatch):
    pytest.importorskip("matplotlib")
    directions = [(("sound", "word"), ("photo",)), (("drawing",), ("sound", "word")), ((), ("sound",))]
    monkeypatch.setattr(SoundingModel, "directions", lambda self: directions)
    draw_samples(preset.load(directory), examples(3), tmp_path / "samples.png", rows=3)
    picture = tf.io.decode_png((tmp_path / "samples.png").read_bytes(), channels=3).numpy()
    assert (picture[..., 2].astype(int) - picture[..., 0] > 100).sum() > 500  # the blue of a waveform
