"""A user's folder: which column is whose, what each kind decodes to, and what each mistake says."""

import json
import sys
import warnings

import numpy as np
import pytest
import tensorflow as tf

from mmgen_tf.data.folder import read_folder
from mmgen_tf.modality import Modality

IMAGE = Modality("image", "image", (8, 8, 3), range=(-1, 1))
TEXT = Modality("text", "text", (12,), "int32")
LABEL = Modality("label", "label", (), "int32", vocabulary=("cat", "dog"))
AUDIO = Modality("audio", "audio", (4000,), range=(-1, 1), sample_rate=4000)
PICTURE = np.random.default_rng(0).integers(0, 256, (8, 8, 3)).astype("uint8")


def write_jsonl(folder, rows):
    (folder / "metadata.jsonl").write_text("\n".join(json.dumps(row) for row in rows))


def write_png(path, picture=PICTURE):
    path.write_bytes(tf.io.encode_png(picture).numpy())


def tone(rate, seconds=1.0, hertz=200):
    return 0.5 * np.sin(2 * np.pi * hertz * np.arange(int(rate * seconds)) / rate).astype("float32")


@pytest.fixture
def pictures(tmp_path):
    """A folder of three rows: whole, without text, without image."""
    (tmp_path / "sub").mkdir()
    write_png(tmp_path / "sub/a.png")
    (tmp_path / "b.jpg").write_bytes(tf.io.encode_jpeg(PICTURE).numpy())
    (tmp_path / "metadata.csv").write_text("file_name,text,label\nsub/a.png,a cat,cat\nb.jpg,,1\n,a dog,\n")
    return tmp_path


def test_csv_cells_are_values_and_empty_cells_are_missing(pictures):
    columns = read_folder(pictures, {"image": IMAGE, "text": TEXT, "label": LABEL})
    np.testing.assert_array_equal(columns["image"][0], PICTURE)
    assert columns["image"][1].dtype == np.uint8 and columns["image"][2] is None
    assert columns["text"] == ["a cat", None, "a dog"]
    assert columns["label"] == [0, 1, None]


def test_jsonl_cells_and_absent_keys(tmp_path):
    write_png(tmp_path / "a.png")
    write_jsonl(tmp_path, [{"image": "a.png", "text": "seven"}, {"text": 7}, {"image": None, "text": float("nan")}])
    columns = read_folder(tmp_path, {"image": IMAGE, "text": TEXT})
    assert [value is None for value in columns["image"]] == [False, True, True]
    assert columns["text"] == ["seven", "7", None]


@pytest.mark.parametrize("channels", [1, 3])
def test_a_picture_is_resized_and_has_the_modality_channels(pictures, channels):
    small = Modality("image", "image", (4, 6, channels), range=(-1, 1))
    image = read_folder(pictures, {"image": small})["image"][0]
    assert image.shape == (4, 6, channels) and image.dtype == np.uint8
    assert abs(image.mean() - PICTURE.mean()) < 15


def test_wav_and_flac_become_mono_at_the_modality_rate(tmp_path):
    pytest.importorskip("scipy")
    soundfile = pytest.importorskip("soundfile")
    stereo = np.stack([tone(8000), tone(8000)], axis=1)
    (tmp_path / "a.wav").write_bytes(tf.audio.encode_wav(stereo, 8000).numpy())
    soundfile.write(tmp_path / "b.flac", tone(4000), 4000)
    write_jsonl(tmp_path, [{"audio_file_name": "a.wav"}, {"audio_file_name": "b.flac"}])
    for samples in read_folder(tmp_path, {"audio": AUDIO})["audio"]:
        assert samples.shape == (4000,) and samples.dtype == np.float32
        np.testing.assert_allclose(samples[200:-200], tone(4000)[200:-200], atol=0.01)


def test_video_is_spread_over_its_length(tmp_path):
    image = pytest.importorskip("PIL.Image")
    frames = [image.fromarray(np.full((8, 8), 60 * n, "uint8")) for n in range(4)]
    frames[0].save(tmp_path / "a.gif", save_all=True, append_images=frames[1:])
    write_jsonl(tmp_path, [{"file_name": "a.gif"}])
    video = read_folder(tmp_path, {"video": Modality("video", "video", (2, 4, 4, 1), range=(-1, 1))})["video"][0]
    assert video.shape == (2, 4, 4, 1) and video[0].max() == 0 and abs(int(video[1].min()) - 180) < 3


def test_file_name_belongs_to_a_modality_only_where_it_is_alone(pictures):
    with pytest.raises(ValueError, match=r"expected a column 'image' or 'image_file_name'; received \['file_name'"):
        read_folder(pictures, {"image": IMAGE, "audio": AUDIO})
    with pytest.raises(ValueError, match=r"'caption': expected a column 'caption'; received \['file_name', 'text'"):
        read_folder(pictures, {"caption": Modality("caption", "text", (12,), "int32")})


def test_corrupt_rows_are_listed_or_skipped_with_one_warning(pictures):
    (pictures / "broken.png").write_bytes(b"not a picture")
    with open(pictures / "metadata.csv", "a") as table:
        table.write("broken.png,x,cat\nnowhere.png,x,cat\nb.jpg,x,bird\n")
    modalities = {"image": IMAGE, "label": LABEL}
    listed = "3 of 6 rows are corrupt: row 4: image 'broken.png' .*; row 5: image 'nowhere.png' .*; row 6: label 'bird"
    with pytest.raises(ValueError, match=listed):
        read_folder(pictures, modalities)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        columns = read_folder(pictures, modalities, on_error="skip")
    assert len(caught) == 1 and "3 of 6 rows" in str(caught[0].message)
    assert len(columns["image"]) == len(columns["label"]) == 3


@pytest.mark.parametrize("on_error", ["raise", "skip"])
def test_all_rows_corrupt_is_an_error(tmp_path, on_error):
    write_jsonl(tmp_path, [{"image": f"{n}.png"} for n in range(9)])
    with pytest.raises(ValueError, match="9 of 9 rows are corrupt: row 1: .*; and more"):
        read_folder(tmp_path, {"image": IMAGE}, on_error=on_error)


@pytest.mark.parametrize("value", ["../secret.png", "/etc/hostname", "sub/../../secret.png"])
def test_a_path_out_of_the_folder_is_refused_even_when_skipping(tmp_path, value):
    write_jsonl(tmp_path, [{"image": value}])
    with pytest.raises(ValueError, match="expected a path inside the folder"):
        read_folder(tmp_path, {"image": IMAGE}, on_error="skip")


def test_folders_without_a_readable_table_are_refused(tmp_path):
    with pytest.raises(ValueError, match="Expected a folder"):
        read_folder(tmp_path / "nowhere", {"text": TEXT})
    with pytest.raises(ValueError, match="received an empty folder"):
        read_folder(tmp_path, {"text": TEXT})
    (tmp_path / "metadata.csv").write_text("text\n")
    with pytest.raises(ValueError, match="at least one row"):
        read_folder(tmp_path, {"text": TEXT})
    write_jsonl(tmp_path, [{"text": "x"}])
    with pytest.raises(ValueError, match=r"received \['metadata.jsonl', 'metadata.csv'\]"):
        read_folder(tmp_path, {"text": TEXT})
    (tmp_path / "metadata.csv").unlink()
    for line in ("{oops", "[1]"):
        (tmp_path / "metadata.jsonl").write_text(f'{{"text": "x"}}\n{line}\n')
        with pytest.raises(ValueError, match="line 2: expected a JSON object"):
            read_folder(tmp_path, {"text": TEXT})
    with pytest.raises(ValueError, match="received 'ignore'"):
        read_folder(tmp_path, {"text": TEXT}, on_error="ignore")


def test_a_missing_library_is_named_with_its_extra(tmp_path, monkeypatch):
    (tmp_path / "a.flac").write_bytes(b"fLaC")
    write_jsonl(tmp_path, [{"audio": "a.flac"}])
    monkeypatch.setitem(sys.modules, "soundfile", None)
    with pytest.raises(ImportError, match=r"mmgen_tf\[audio\]"):
        read_folder(tmp_path, {"audio": AUDIO}, on_error="skip")
