"""The `mmgen` command: what it writes, and that a mistake is one clear line and exit status 2."""

import json
import re
import subprocess
import sys

import numpy as np
import pytest
import tensorflow as tf


def test_list_and_card(mmgen):
    status, out, _ = mmgen("list", "--markdown")
    assert status == 0 and "| digit_classifier | ImageClassifier |" in out
    status, out, _ = mmgen("card", "digit_classifier")
    assert status == 0 and "accuracy" in out


def test_list_into_a_page(mmgen, tmp_path):
    page = tmp_path / "page.md"
    page.write_text("a\n<!-- zoo table: begin -->\nold\n<!-- zoo table: end -->\nb\n")
    assert mmgen("list", "--into", page)[0] == 0
    assert page.read_text().startswith("a\n<!-- zoo table: begin -->\n| name") and "old" not in page.read_text()


def test_generate_writes_a_grid(mmgen, tmp_path):
    out = tmp_path / "grid.png"
    status, told, _ = mmgen(
        "generate", "cgan_digits", "--text", "a thick seven", "--text", "thin 3", "-n", "4", "--out", out
    )
    assert status == 0 and str(out) in told
    assert tf.io.decode_png(out.read_bytes()).shape == (2 * 29, 4 * 29, 1)


def test_generate_reads_a_picture(mmgen, tmp_path):
    picture = tmp_path / "seven.png"
    status, *_ = mmgen("generate", "cgan_digits", "--text", "a thick seven leaning left", "--seed", 3, "--out", picture)
    assert status == 0
    drawn = tf.io.decode_png(picture.read_bytes()).numpy()[:28, :28]
    picture.write_bytes(tf.io.encode_png(np.repeat(drawn, 2, axis=0).repeat(2, axis=1)).numpy())
    status, told, _ = mmgen("generate", "digit_classifier", "--image", picture)
    assert status == 0 and told.strip() == "label: 7"
    status, told, _ = mmgen("generate", "mvae_digits", "--image", picture, "--to", "text")
    assert status == 0 and told.startswith("text: ")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("generate", "cgan_digit", "--text", "a"), "did you mean cgan_digits"),
        (("generate", "cgan_digits"), "needs ['text']"),
        (("generate", "cgan_digits", "--text", ""), "an empty text"),
        (("generate", "cgan_digits", "--text", "zebra"), "no known word"),
        (("generate", "cgan_digits", "--text", "a", "--to", "imagee"), "did you mean 'image'"),
        (("generate", "digit_classifier", "--image", "nowhere.png"), "no picture nowhere.png"),
        (("train", "cgan_digits", "--set", "epoch=2"), "did you mean 'epochs'"),
        (("train", "nothing.py"), "no recipe file"),
        (("train", "cgan_digits", "--data", "nowhere"), "nowhere"),
        (("train", "cgan_digits", "--strategy", "two"), "expected one of one, mirrored, multi_worker"),
        (("data", "prepare", "digit"), "digits"),
        (("card", "cgan"), "cgan_digits"),
    ],
)
def test_mistakes_are_one_line(mmgen, monkeypatch, tmp_path, arguments, message):
    monkeypatch.chdir(tmp_path)
    status, _, told = mmgen(*arguments)
    assert status == 2 and message in told
    assert len(told.strip().splitlines()) == 1 and told.startswith("mmgen: ")


def test_unwritable_out(mmgen, tmp_path):
    (tmp_path / "file").write_text("")
    status, _, told = mmgen("generate", "cgan_digits", "--text", "a thick seven", "--out", tmp_path / "file" / "a.png")
    assert status == 2 and told.startswith("mmgen: ")
    status, _, told = mmgen("export", "cgan_digits", "--to", tmp_path / "file" / "saved")
    assert status == 2 and told.startswith("mmgen: ")


def test_fine_tune_a_folder_then_resume(mmgen, tmp_path):
    """`train NAME --data FOLDER` starts from the pretrained weights; a second run wants --resume."""
    folder = tmp_path / "mine"
    folder.mkdir()
    lines = []
    for row in range(4):
        (folder / f"{row}.png").write_bytes(tf.io.encode_png(np.full((28, 28, 1), 40 * row, np.uint8)).numpy())
        lines.append(json.dumps({"file_name": f"{row}.png", "text": f"a thick {row}"}))
    (folder / "metadata.jsonl").write_text("\n".join(lines))
    train = ("train", "cgan_digits", "--data", folder, "--out", tmp_path / "run", "--set", "batch_size=2", "--set")
    status, told, error = mmgen(*train, "epochs=1")
    assert status == 0, error
    assert (tmp_path / "run" / "preset" / "config.json").is_file() and (tmp_path / "run" / "history.csv").is_file()
    assert list((tmp_path / "run" / "samples").glob("epoch_0001_text_to_image.png"))
    status, _, told = mmgen(*train, "epochs=2")
    assert status == 2 and "--resume" in told
    assert mmgen(*train, "epochs=2", "--resume")[0] == 0


def test_demo_writes_a_gallery(mmgen, tmp_path):
    status, told, error = mmgen("demo", "--out", tmp_path)
    assert status == 0, error
    page = (tmp_path / "index.html").read_text(encoding="utf-8")
    for name in ("cgan_digits", "cgan_mlp_digits", "mvae_digits", "digit_classifier"):
        assert f"<h2>{name}</h2>" in page
        assert f"<a href='#{name}'>" in page and f"id='{name}'" in page
    sources = re.findall(r"src='([^']+)'", page)
    assert len(sources) > 1000 and all((tmp_path / source).is_file() for source in sources)
    assert len(list((tmp_path / "mvae_digits").glob("*.png"))) > 50 and not list(tmp_path.glob("*.png"))
    assert str(tmp_path / "index.html") in told


def test_the_command_is_installed_and_quiet():
    command = [sys.executable, "-m", "mmgen_tf.cli.main", "generate", "cgan_digit", "--text", "a"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert done.returncode == 2 and done.stdout == ""
    assert done.stderr.startswith("mmgen: There is no preset 'cgan_digit'; did you mean cgan_digits or ")
    assert len(done.stderr.splitlines()) == 1
