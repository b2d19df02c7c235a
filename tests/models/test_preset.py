"""Presets: whole or not there, checked against their manifest, and nothing in them is run."""

import json
import os
import shutil

import keras
import numpy as np
import pytest
from contracts import weight_difference
from tiny_models import dcgan, image_classifier, mlp_gan

import mmgen_tf
from mmgen_tf.modalities.image.image_processor import ImageProcessor
from mmgen_tf.modalities.image.mlp_image_encoder import MLPImageEncoder
from mmgen_tf.modalities.label.label_processor import LabelProcessor
from mmgen_tf.models import preset


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    folder = tmp_path_factory.mktemp("saved") / "preset"
    dcgan().save_to_preset(folder)
    return folder


@pytest.fixture
def copied(saved, tmp_path):
    return shutil.copytree(saved, tmp_path / "preset")


def contents(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def rewrite(folder, change):
    """Changes config.json and signs it, as someone who wants to harm would."""
    config = json.loads((folder / preset.CONFIG).read_text())
    change(config["model"])
    (folder / preset.CONFIG).write_text(json.dumps(config))
    preset.write_manifest(folder)


@pytest.mark.parametrize("step", ["write_manifest", "halve", "clone"])
def test_a_full_stop_in_mid_saving_leaves_the_old_preset_and_no_litter(copied, monkeypatch, step):
    before = contents(copied)
    monkeypatch.setattr(preset, step, lambda *_: 1 / 0)
    for target in (copied, copied.with_name("new")):
        with pytest.raises(ZeroDivisionError):
            mlp_gan().save_to_preset(target, weights_dtype="float16")
    assert contents(copied) == before and os.listdir(copied.parent) == ["preset"]


def test_saving_again_replaces_the_model_and_keeps_what_lies_beside_it(copied):
    (copied / "card.md").write_text("mine")
    (copied / "pictures").mkdir()
    model = image_classifier()
    model.save_to_preset(copied)
    assert weight_difference(model, mmgen_tf.ImageClassifier.from_preset(copied)) == 0
    assert (copied / "card.md").read_text() == "mine" and (copied / "pictures").is_dir()
    assert os.listdir(copied.parent) == ["preset"]


def test_what_is_no_preset_is_not_overwritten(tmp_path):
    (tmp_path / "thesis.tex").write_text("irreplaceable")
    with pytest.raises(ValueError, match="is not a preset: it would be overwritten"):
        mlp_gan().save_to_preset(tmp_path)
    with pytest.raises(ValueError, match="'float32' or 'float16'; received 'int8'"):
        mlp_gan().save_to_preset(tmp_path / "new", weights_dtype="int8")
    assert os.listdir(tmp_path) == ["thesis.tex"]


def test_half_precision_halves_the_weights_and_loads_as_float32(tmp_path):
    processors = {"image": ImageProcessor(), "label": LabelProcessor(classes=("a", "b"))}
    model = mmgen_tf.ImageClassifier(processors, MLPImageEncoder(hidden_dims=(256, 256)))
    model.save_to_preset(tmp_path / "whole")
    model.save_to_preset(tmp_path / "half", weights_dtype="float16")
    loaded = mmgen_tf.GenerativeModel.from_preset(tmp_path / "half")
    assert {weight.dtype for weight in loaded.trainable_weights} == {"float32"}
    for one, other in zip(loaded.trainable_weights, model.trainable_weights):
        if len(one.shape) == 1:  # biases keep what float16 keeps
            np.testing.assert_array_equal(one, np.float16(other))
        np.testing.assert_allclose(one, other, rtol=2**-7, atol=1e-7)
        fractions = np.unique(np.abs(np.frexp(np.asarray(one))[0]))
        assert len(one.shape) == 1 or len(fractions) <= 2**6 + 1
    model.trainable_weights[0].assign(1e6 * model.trainable_weights[0])  # beyond what float16 reaches
    model.save_to_preset(tmp_path / "large", weights_dtype="float16")
    kept = mmgen_tf.GenerativeModel.from_preset(tmp_path / "large").trainable_weights[0]
    np.testing.assert_allclose(kept, model.trainable_weights[0], rtol=2**-7)
    assert np.abs(kept).max() > np.finfo("float16").max
    sizes = [(tmp_path / name / preset.WEIGHTS).stat().st_size for name in ("whole", "half")]
    assert sizes[1] < 0.4 * sizes[0]


def test_a_truncated_or_altered_file_is_named_with_both_digests(copied):
    weights = copied / preset.WEIGHTS
    expected = json.loads((copied / preset.MANIFEST).read_text())[preset.WEIGHTS]
    weights.write_bytes(weights.read_bytes()[:-100])
    message = f"model.weights.h5 is truncated or altered: expected SHA-256 {expected}, received"
    with pytest.raises(ValueError, match=message):
        preset.load(copied)
    weights.unlink()
    with pytest.raises(ValueError, match="not a whole preset: model.weights.h5 is missing"):
        preset.load(copied)


@pytest.mark.parametrize("name", ["../outside", "/etc/hostname", "sub/file", "link"])
def test_a_path_outside_the_preset_is_refused(copied, name):
    (copied.parent / "outside").write_text("secret")
    (copied / "link").symlink_to(copied.parent / "outside")
    manifest = json.loads((copied / preset.MANIFEST).read_text())
    (copied / preset.MANIFEST).write_text(json.dumps({**manifest, name: "0" * 64}))
    with pytest.raises(ValueError, match=f"manifest.json names '{name}', which lies outside the preset"):
        preset.load(copied)


def test_weights_that_are_a_link_to_elsewhere_are_refused(copied):
    (copied / preset.WEIGHTS).rename(copied.parent / "elsewhere.h5")
    (copied / preset.WEIGHTS).symlink_to(copied.parent / "elsewhere.h5")
    with pytest.raises(ValueError, match="'model.weights.h5', which lies outside the preset"):
        preset.load(copied)


@pytest.mark.parametrize(
    "text, message",
    [
        ("{}", "must name config.json and model.weights.h5"),
        ("{oops", "not JSON"),
        ("[]", "must hold a JSON object; it holds a list"),
    ],
)
def test_a_manifest_that_is_none_is_refused(copied, text, message):
    (copied / preset.MANIFEST).write_text(text)
    with pytest.raises(ValueError, match=message):
        preset.load(copied)
    (copied / preset.MANIFEST).unlink()
    with pytest.raises(ValueError, match="not a whole preset: it has no manifest.json"):
        preset.load(copied)


def test_a_class_that_is_not_registered_is_refused(copied):
    rewrite(copied, lambda model: model["config"]["generator"].update({"class": "DCGANGenerater"}))
    with pytest.raises(ValueError, match="not registered: 'DCGANGenerater'; did you mean DCGANGenerator"):
        preset.load(copied)
    rewrite(copied, lambda model: model["config"]["generator"].update({"class": "subprocess.Popen"}))
    with pytest.raises(ValueError, match="not registered: 'subprocess.Popen'"):
        preset.load(copied)


def test_an_unknown_config_key_is_refused(copied):
    rewrite(copied, lambda model: model["config"].update({"mismatch": 1.0}))
    message = r"ConditionalGAN has no config key \['mismatch'\] \(did you mean 'mismatch_weight'"
    with pytest.raises(ValueError, match=message):
        preset.load(copied)


def test_a_config_without_a_model_is_refused(copied):
    for text in ("{oops", "[]", "{}", '{"model": 7}'):
        (copied / preset.CONFIG).write_text(text)
        preset.write_manifest(copied)
        with pytest.raises(ValueError, match="config.json"):
            preset.load(copied)


def test_another_class_is_refused(saved):
    with pytest.raises(ValueError, match="holds a model of class ConditionalGAN; expected ImageClassifier"):
        mmgen_tf.ImageClassifier.from_preset(saved)


def test_unknown_names_give_near_ones(tmp_path):
    with pytest.raises(ValueError, match="no preset 'digit_clasifier'; did you mean .*digit_classifier"):
        preset.load("digit_clasifier")
    with pytest.raises(ValueError, match="not a preset: it has no config.json"):
        preset.load(tmp_path)


def test_a_clone_is_apart_from_its_original():
    model = mlp_gan()
    model.compile()
    copy = model.clone()
    assert weight_difference(model, copy) == 0 and not copy.compiled
    copy.generator.hidden[0].kernel.assign_add(keras.ops.ones_like(copy.generator.hidden[0].kernel))
    assert weight_difference(model, copy) == 1


def test_what_generate_does_not_use_is_rounded_more_in_half_precision(tmp_path):
    model = mlp_gan()
    model.save_to_preset(tmp_path / "half", weights_dtype="float16")
    loaded = mmgen_tf.GenerativeModel.from_preset(tmp_path / "half")
    for part in ("generator", "text_encoder"):
        for one, other in zip(getattr(loaded, part).weights, getattr(model, part).weights, strict=True):
            np.testing.assert_allclose(one, other, rtol=2**-7, atol=1e-7)
    for one, other in zip(loaded.discriminator.weights, model.discriminator.weights, strict=True):
        np.testing.assert_allclose(one, other, rtol=2.0**-5 + 2.0**-10)
        assert len(np.unique(np.frexp(np.abs(np.asarray(one)))[0])) <= 2**4 + 1
