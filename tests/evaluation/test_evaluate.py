"""Choosing a protocol, judging, scoring classifiers, and the command and the table on top of it."""

import json
import sys

import numpy as np
import pytest

from benchmarks import vae_table
from mmgen_tf import evaluation
from mmgen_tf.cli import main as cli
from mmgen_tf.cli.evaluate import recipe_of
from mmgen_tf.data import builders
from mmgen_tf.evaluation.classifier_protocol import evaluate_classifier
from mmgen_tf.evaluation.evaluate import PROTOCOLS, protocol_of
from mmgen_tf.evaluation.judge import BATCH, Judge
from mmgen_tf.models import preset
from tests.evaluation.stand_ins import BrightnessClassifier, five_pictures, labelled_mvae, pictures_of
from tests.tiny_models import image_classifier, labelled_pictures, mvae

RECORD = {"metric": "coherence_1", "value": 0.5, "split": "test", "n": 10, "seed": 4, "protocol": "p", "commit": "c"}


@pytest.fixture
def tiny(tmp_path, monkeypatch):
    """A saved tiny model; datasets and judges are stand-ins."""
    asked = []

    def load(name, split, data_dir=None):
        asked.append((name, split))
        pictures = five_pictures(10)
        return {"image": pictures["image_0"], "label": pictures["label"]}

    def preset_load(name, load=preset.load):
        return BrightnessClassifier() if name == "digit_classifier" else load(name)

    monkeypatch.setattr(builders, "load", load)
    monkeypatch.setattr(preset, "load", preset_load)
    monkeypatch.setattr("mmgen_tf.evaluation.binary_digits_protocol.SAMPLES", 2)
    labelled_mvae().save_to_preset(tmp_path / "model")
    return tmp_path / "model", asked


def test_judge_reads_in_batches_and_checks():
    judge, classes = Judge(BrightnessClassifier()), np.arange(BATCH + 3) % 10
    features, read = judge(pictures_of(classes))
    np.testing.assert_array_equal(read, classes)
    assert features.shape == (BATCH + 3, 2)
    for wrong in (pictures_of(classes, (9, 8, 1)), pictures_of(classes).astype("float32"), pictures_of(classes)[:0]):
        with pytest.raises(ValueError, match=r"expected uint8 values \(n, 8, 8, 1\).*received"):
            judge(wrong)
    with pytest.raises(ValueError, match="reads one modality; received a model of"):
        Judge(mvae())


def test_judge_agrees_with_the_classifier():
    model, columns = image_classifier(), labelled_pictures(11)
    model.build()
    features, classes = Judge(model)(columns["image"])
    answers = model.generate({"image": columns["image"]}, to="label")
    assert ["abc"[n] for n in classes] == answers and features.shape == (11, 8)


def test_classifier_of_one_and_of_several_modalities():
    columns = five_pictures(20)
    columns["image_3"] = pictures_of((columns["label"] + (np.arange(20) < 5)) % 10)
    several = {name: value for name, value, _ in evaluate_classifier(BrightnessClassifier(), columns, "five")}
    assert several["accuracy"] == pytest.approx(0.95) and several["accuracy_image_3"] == 0.75
    assert list(several) == ["accuracy", *(f"accuracy_image_{n}" for n in range(5))]
    one = evaluate_classifier(BrightnessClassifier(), {"image": columns["image_0"], "label": columns["label"]}, "one")
    assert one == [("accuracy", 1.0, "class with the highest probability, one test split")]
    with pytest.raises(ValueError, match="Expected the columns 'label' and 'image'"):
        evaluate_classifier(BrightnessClassifier(), {"text": ["a"]}, "none")


def test_every_dataset_has_its_protocol():
    known = {
        "digits",
        "binary_digits",
        "multi30k",
        "polydigits",
        "digits4",
        "easy_vqa",
        "emoji",
        "flickr8k",
        "shape_dialogue",
        "sprite_videos",
        *(f"cdsprites/level_{n}" for n in range(1, 6)),
    }
    assert set(PROTOCOLS) == known
    assert protocol_of("binary_digits").builder == "digits"
    assert protocol_of("cdsprites/level_3").figures.keywords == {"level": 3}
    with pytest.raises(ValueError, match="one of .*'polydigits'.*received 'polydigit'. Did you mean 'polydigits'"):
        protocol_of("polydigit")
    with pytest.raises(ValueError, match="received None"):
        evaluation.evaluate("anything")


def test_records_of_a_preset_directory(tiny):
    directory, asked = tiny
    records = evaluation.evaluate(directory, "binary_digits", seed=2, limit=10)
    assert asked == [("digits", "test[:10]")] and records[0]["metric"] == "joint_log_likelihood"
    for record in records:
        assert set(record) == set(RECORD) and record["n"] == 10 and record["seed"] == 2
        assert record["value"] == round(record["value"], 5)
    assert json.loads(json.dumps(records)) == records


def test_command(tiny, capsys, monkeypatch):
    directory, _ = tiny
    monkeypatch.setattr(cli, "import_quietly", lambda: None)

    def mmgen(*arguments):
        monkeypatch.setattr(sys, "argv", ["mmgen", "evaluate", *map(str, arguments)])
        try:
            cli.main()
        except SystemExit as stop:
            told = capsys.readouterr()
            return stop.code or 0, told.out, told.err
        told = capsys.readouterr()
        return 0, told.out, told.err

    status, out, error = mmgen(directory, "--dataset", "binary_digits", "--json")
    assert status == 0, error
    assert json.loads(out)[0]["metric"] == "joint_log_likelihood"
    status, _, error = mmgen(directory)
    assert status == 2 and "Expected the dataset to score on" in error and len(error.splitlines()) == 1
    status, _, error = mmgen(directory, "--dataset", "binary_digits", "--as", "coherence_half_missing")
    assert status == 2 and "without" in error
    status, _, error = mmgen(directory, "--dataset", "binary_digits", "--as", "something")
    assert status == 2 and "coherence_half_missing" in error


def test_a_zoo_variant_knows_its_dataset(tmp_path):
    assert recipe_of("mvae_digits").dataset == "digits" and recipe_of(str(tmp_path)) is None


def test_table_holds_figures_published_ones_and_failures():
    rows = [
        ("polydigits", "one", "MVAE", [RECORD], ""),
        ("polydigits", "two", "", [], "no weights"),
        vae_table.preset_row("nowhere", "cdsprites/level_1"),
    ]
    table = vae_table.markdown(rows)
    assert "| one | MVAE | 0.5 |  |  |  |  |  | 4 | 10 |  |" in table and "| no weights |" in table
    assert "| published | MoPoE | 0.67 | 0.79 | 0.84 | 0.85 |" in table
    assert "| nowhere |" in table and "failed: There is no preset 'nowhere'" in table
    assert "## binary_digits" not in table
    widths = {line.count("|") for line in table.split("## polydigits")[1].split("##")[0].splitlines() if line}
    assert len(widths) == 1


def test_table_reads_the_zoo():
    rows = {name: (dataset, model, bool(records)) for dataset, name, model, records, _ in vae_table.zoo_rows()}
    assert rows["mvae_digits"] == ("digits", "MVAE", True) and "digit_classifier" not in rows
    assert "cgan_digits" not in rows
