"""SavedModels: every signature, in a clean process that has only TensorFlow, against Python."""

import json
import pathlib
import subprocess
import sys

import numpy as np
import pytest
import tensorflow as tf
from tiny_models import captioned_pictures, dcgan, mvae

RUNNER = """
import json, sys
import numpy as np
import tensorflow as tf
calls = json.loads(sys.argv[2])
signatures = tf.saved_model.load(sys.argv[1]).signatures
assert not [name for name in sys.modules if name.split(".")[0] in ("mmgen_tf", "keras_hub")]
for number, (name, arguments) in enumerate(calls):
    wanted = signatures[name].structured_input_signature[1]
    given = {key: tf.constant(np.array(value), wanted[key].dtype) for key, value in arguments.items()}
    answers = {key: value.numpy() for key, value in signatures[name](**given).items()}
    answers = {key: np.char.decode(v.astype(bytes), "utf-8") if v.dtype == object else v for key, v in answers.items()}
    np.savez(f"{sys.argv[3]}/{number}.npz", **answers)
"""


def in_clean_process(saved, calls, folder):
    """The answers of a SavedModel's signatures, computed where nothing of mmgen_tf is imported."""
    script = folder / "runner.py"
    script.write_text(RUNNER)
    command = [sys.executable, str(script), str(saved), json.dumps(calls), str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=240)
    assert done.returncode == 0, done.stderr[-2000:]
    return [dict(np.load(folder / f"{number}.npz")) for number in range(len(calls))]


def test_conditional_gan(tmp_path):
    model = dcgan()
    model.build()
    model.export(tmp_path / "saved")
    texts = ["thick one", "thin two", "thin one"]
    calls = [
        ("generate", {"text": texts, "num_samples": 2, "seed": 3}),
        ("text_to_image", {"text": texts, "num_samples": 1, "seed": 4}),
    ]
    many, one = in_clean_process(tmp_path / "saved", calls, tmp_path)
    expected = model.generate({"text": texts}, num_samples=2, seed=3)
    assert many["image"].dtype == np.uint8
    assert np.abs(many["image"].reshape(expected.shape).astype(int) - expected).max() <= 1
    assert np.abs(one["image"].astype(int) - model.generate({"text": texts}, seed=4)).max() <= 1


def test_mvae_with_missing_rows(tmp_path):
    model, columns = mvae(), captioned_pictures(4)
    model.build()
    model.export(tmp_path / "saved")
    pictures, texts = columns["image"].tolist(), columns["text"]
    masks = {"image_present": [True, False, True, False], "text_present": [True, True, False, False]}
    calls = [
        ("generate", {"image": pictures, "text": texts, **masks, "num_samples": 1, "seed": 5}),
        ("image_to_text", {"image": pictures, "num_samples": 1, "seed": 6}),
        ("encode", {"image": pictures, "text": texts, **masks}),
        ("decode", {"z": np.linspace(-1, 1, 16).reshape(2, 8).tolist()}),
    ]
    everything, captions, latent, decoded = in_clean_process(tmp_path / "saved", calls, tmp_path)
    given = {
        name: [v if here else None for v, here in zip(columns[name], masks[f"{name}_present"])] for name in columns
    }
    expected = model.generate(given, to=["image", "text"], seed=5)
    assert np.abs(everything["image"].astype(int) - expected["image"]).max() <= 1
    assert list(everything["text"]) == expected["text"]
    assert list(captions["text"]) == model.generate({"image": columns["image"]}, to="text", seed=6)
    values = {name: model.processors[name].preprocess(tf.constant(columns[name])) for name in columns}
    mean, log_variance = model.encode(values, {name: np.array(masks[f"{name}_present"]) for name in columns})
    np.testing.assert_allclose(latent["mean"], mean, atol=1e-5)
    np.testing.assert_allclose(latent["log_variance"], log_variance, atol=1e-5)
    assert decoded["image"].shape == (2, 8, 8, 1) and decoded["text"].shape == (2,)


def test_refuses_a_directory_in_use(tmp_path):
    (tmp_path / "mine.txt").write_text("keep")
    with pytest.raises(ValueError, match="holds something already"):
        dcgan().export(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_a_failed_export_leaves_nothing(tmp_path, monkeypatch):
    def fail(*_, **__):
        raise OSError("disk full")

    monkeypatch.setattr("mmgen_tf.export.saved_model.os.replace", fail)
    with pytest.raises(OSError, match="disk full"):
        dcgan().export(tmp_path / "saved")
    assert not list(pathlib.Path(tmp_path).iterdir())
