"""Evaluation: the protocol on drawn pictures with known answers, cards, examples."""

import numpy as np
import pytest

from mmgen_tf import zoo
from mmgen_tf.data import builders
from mmgen_tf.data.builders.digits.captions import compose_captions
from mmgen_tf.data.folder import read_folder
from mmgen_tf.evaluation.card import BEGIN, END, render_card
from mmgen_tf.evaluation.demonstrations import demonstrations
from mmgen_tf.evaluation.digits_protocol import evaluate_digits
from mmgen_tf.evaluation.evaluate import Protocol
from mmgen_tf.evaluation.judge import Judge
from mmgen_tf.evaluation.publish import examples_of, write_examples
from mmgen_tf.evaluation.samples import draw_samples
from tests.tiny_models import (
    captioned_pictures,
    described_videos,
    dual_encoder,
    image_repair_gan,
    repair_columns,
    video_rnn,
)

RECORD = {"metric": "accuracy", "value": 0.5, "split": "test", "n": 10, "seed": 0, "protocol": "p", "commit": "c"}


@pytest.fixture(scope="module")
def columns():
    random = np.random.default_rng(0)
    attributes = [random.integers(0, high, 40) for high in (10, 3, 3)]
    texts = np.array(compose_captions(*attributes, seed=0), object)
    pictures = zoo.load("cgan_digits").generate({"text": list(texts)}, seed=0)
    return dict(zip(("label", "thickness", "slant"), attributes, strict=True)) | {"text": texts, "image": pictures}


@pytest.mark.parametrize("name", ["cgan_digits", "mvae_digits", "digit_classifier"])
def test_protocol_gives_every_figure_of_the_card(name, columns, monkeypatch):
    monkeypatch.setattr("mmgen_tf.evaluation.digits_protocol.LIKELIHOOD_SAMPLES", 2)
    figures = evaluate_digits(zoo.load(name), columns, {"image": Judge(zoo.load("digit_classifier"))})
    published = [line.split("|")[1].strip() for line in zoo.card(name).splitlines() if line.startswith("| ")]
    assert {metric for metric, _, _ in figures} <= set(published)
    assert all(np.isfinite(value) for _, value, _ in figures)


def test_a_wrong_digit_is_counted(columns):
    judge = {"image": Judge(zoo.load("digit_classifier"))}
    right = dict((m, v) for m, v, _ in evaluate_digits(zoo.load("digit_classifier"), columns, judge))["accuracy"]
    shifted = {**columns, "label": (columns["label"] + 1) % 10}
    wrong = dict((m, v) for m, v, _ in evaluate_digits(zoo.load("digit_classifier"), shifted, judge))["accuracy"]
    assert right >= 0.9 and wrong <= 0.1


def test_card_is_rendered_between_its_markers():
    card = render_card(f"# x\n{BEGIN}\nold\n{END}\ntail\n", [RECORD])
    assert (
        card.startswith("# x\n")
        and card.endswith("tail\n")
        and "old" not in card
        and "| accuracy | 0.5 | 10 | p |" in card
    )
    assert render_card(card, [RECORD]) == card
    signed = render_card(card, [RECORD | {"protocol": "case:lc|tok:13a"}])
    assert r"| case:lc\|tok:13a |" in signed  # one cell of Markdown
    with pytest.raises(ValueError, match="markers"):
        render_card("# x", [RECORD])


def test_samples_and_examples(columns, tmp_path):
    model = zoo.load("mvae_digits")
    draw_samples(model, columns, tmp_path / "samples.png", rows=2)
    assert (tmp_path / "samples.png").stat().st_size > 1000
    few = {name: column[:3] for name, column in columns.items()}
    write_examples(model, few, tmp_path / "examples")
    model.compile()
    losses = model.evaluate(tmp_path / "examples", return_dict=True, verbose=0)
    assert np.isfinite(losses["loss"])


def test_examples_come_from_each_split_that_a_protocol_shows(monkeypatch):
    asked = []

    def load(builder, split, data_dir):
        asked.append((builder, split))
        return {"text": np.array([f"{split[:4]} {row}" for row in range(6)], object)}

    monkeypatch.setattr(builders, "load", load)
    protocol = Protocol("emoji", "emoji", None, shown_splits=("held_out", "test"), stride=3)
    assert examples_of(protocol, 4) == {"text": ["held 0", "held 3", "test 0", "test 3"]}
    assert asked == [("emoji", "held_out[:6]"), ("emoji", "test[:6]")]


def test_demonstrations_of_what_finds_and_of_what_repairs(tmp_path):
    columns = captioned_pictures(12)
    model = dual_encoder()
    both = demonstrations(model, columns, rows=4, draws=3)
    assert [(shown.given, shown.to) for shown in both] == [(("text",), ("image",)), (("image",), ("text",))]
    assert both[0].title == "text \N{RIGHTWARDS ARROW} image" and len(both[0].lines) == 4
    given, found = both[0].lines[0]
    places, _ = model.search({"text": given["text"]}, k=3)
    np.testing.assert_array_equal(both[1].lines[0][0]["image"], columns["image"][0])
    assert len(found["image"]) == 3 and len(places) == 3
    repairs = image_repair_gan()
    examples = repairs.example_inputs({name: repair_columns(5)[name] for name in ("image", "text")})
    assert examples["task"] == ["inpaint", "colourise", "upscale_2x", "upscale_4x", "inpaint"]
    assert examples["mask"][0].max() == 255 and not examples["mask"][1].any()
    for number, (which, shown) in enumerate(((model, columns), (repairs, examples))):
        draw_samples(which, shown, tmp_path / f"{number}.png", rows=4)
        assert (tmp_path / f"{number}.png").stat().st_size > 1000


def test_demonstrations_of_what_describes_videos(tmp_path):
    model, columns = video_rnn(), described_videos(8)
    (shown,) = demonstrations(model, columns, rows=3, draws=5)
    assert [len(told["text"]) for _, told in shown.lines] == [1, 1, 1]  # all draws alike are shown once
    draw_samples(model, columns, tmp_path / "samples.png", rows=3)
    assert (tmp_path / "samples.png").stat().st_size > 1000
    write_examples(model, columns, tmp_path / "examples")
    again = read_folder(tmp_path / "examples", {"video": model.modalities["video"]})["video"]
    assert np.abs(np.stack(again).astype(int) - columns["video"]).max() <= 1
