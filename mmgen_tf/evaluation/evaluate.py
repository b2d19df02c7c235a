"""Scores a variant on its dataset's test split and writes metrics.json: machines write numbers."""

import dataclasses
import difflib
import functools
import json
import os
import pathlib
import subprocess
from collections.abc import Callable

import mmgen_tf
from mmgen_tf.data import builders
from mmgen_tf.data.open_photos import open_photos
from mmgen_tf.evaluation.answers_protocol import evaluate_answers
from mmgen_tf.evaluation.binary_digits_protocol import evaluate_binary_digits
from mmgen_tf.evaluation.captions_protocol import evaluate_captions
from mmgen_tf.evaluation.cdsprites_protocol import evaluate_cdsprites
from mmgen_tf.evaluation.classifier_protocol import evaluate_classifier
from mmgen_tf.evaluation.digits4_protocol import evaluate_digits4
from mmgen_tf.evaluation.digits_protocol import evaluate_digits
from mmgen_tf.evaluation.emoji_protocol import evaluate_emoji
from mmgen_tf.evaluation.judge import Judge
from mmgen_tf.evaluation.polydigits_protocol import evaluate_polydigits
from mmgen_tf.evaluation.sprite_videos_protocol import evaluate_sprite_videos
from mmgen_tf.evaluation.translation_protocol import evaluate_translations, shown_translations
from mmgen_tf.models import preset
from mmgen_tf.models.classifier.image_classifier import ImageClassifier
from mmgen_tf.models.contrastive.dual_encoder import DualEncoder

METRICS = "metrics.json"


@dataclasses.dataclass(frozen=True)
class Protocol:
    """How models of one dataset are scored.

    Args:
        builder: name of the builder whose test split is used.
        title: what the records call the data.
        figures: function of (model, test, judges, seed) giving a list of (metric, value, protocol).
        judges: dict of modality -> zoo name of the classifier that reads it, or of the dual encoder.
        more_splits: further splits, whole, that `figures` takes by name.
        shown_splits: splits of which as many examples each are shown, the first split's first.
        stride: every so many of their examples are shown; those that follow each other may be alike.
        shown: None, or function giving columns to show in their place, where they may not be passed on.
    """

    builder: str
    title: str
    figures: Callable
    judges: dict = dataclasses.field(default_factory=dict)
    more_splits: tuple = ()
    shown_splits: tuple = ("test",)
    stride: int = 1
    shown: Callable | None = None


DIGIT_JUDGE = {"image": "digit_classifier"}
PROTOCOLS = {
    "digits": Protocol("digits", "MNIST", evaluate_digits, DIGIT_JUDGE, more_splits=("train",)),
    "binary_digits": Protocol("digits", "MNIST", evaluate_binary_digits, DIGIT_JUDGE),
    "polydigits": Protocol(
        "polydigits", "polydigits", evaluate_polydigits, {f"image_{n}": "polydigits_classifier" for n in range(5)}
    ),
    "digits4": Protocol(
        "digits4", "digits4", evaluate_digits4,
        {**DIGIT_JUDGE, "sign": "sign_classifier", "audio": "spoken_digit_classifier"},
    ),
    "easy_vqa": Protocol("easy_vqa", "easy-VQA", evaluate_answers, stride=13),
    "shape_dialogue": Protocol(
        "shape_dialogue", "shape dialogues", functools.partial(evaluate_answers, headline="exact_answers"), stride=7
    ),
    "flickr8k": Protocol("flickr8k", "Flickr8k", evaluate_captions, shown=open_photos),
    "multi30k": Protocol("multi30k", "Multi30K", evaluate_translations, shown=shown_translations),
    "sprite_videos": Protocol("sprite_videos", "sprite videos", evaluate_sprite_videos, stride=37),
    "emoji": Protocol(
        "emoji", "emoji", evaluate_emoji, {"image": "dual_encoder_emoji"}, more_splits=("held_out", "train"),
        shown_splits=("held_out", "test"), stride=16,
    ),
    **{
        name: Protocol(name, name, functools.partial(evaluate_cdsprites, level=level))
        for level, name in ((level, f"cdsprites/level_{level}") for level in range(1, 6))
    },
}  # fmt: skip


def protocol_of(dataset):
    """The `Protocol` of a dataset's name. Raises ValueError, with the known names, for None and for any other."""
    if dataset not in PROTOCOLS:
        near = difflib.get_close_matches(str(dataset), PROTOCOLS, n=1)
        hint = f" Did you mean {near[0]!r}?" if near else ""
        raise ValueError(f"Expected the dataset to score on, one of {list(PROTOCOLS)}; received {dataset!r}.{hint}")
    return PROTOCOLS[dataset]


def evaluate(name_or_directory, dataset=None, data_dir=None, seed=0, limit=None):
    """The records of a variant or preset directory.

    Args:
        name_or_directory: zoo name or preset directory.
        dataset: a name in `PROTOCOLS`, which decides the test split and what is measured. A preset does not say on what
            it was trained; the recipe of a zoo variant does, and `mmgen evaluate` asks it.
        data_dir: where TFDS keeps datasets.
        seed: of the draws.
        limit: number of test examples, all if None.

    Returns:
        list of dicts with metric, value, split, n, seed, protocol, commit; the headline figure first.

    Raises:
        ValueError: if there is no protocol for the dataset, no such preset, no evaluation network that the protocol
            needs, or nothing of the protocol applies to the model.
    """
    protocol = protocol_of(dataset)
    model = preset.load(name_or_directory)
    split = "test" if limit is None else f"test[:{limit}]"
    test = builders.load(protocol.builder, split, data_dir)
    if isinstance(model, ImageClassifier):
        figures = evaluate_classifier(model, test, protocol.title)
    else:
        more = {name: builders.load(protocol.builder, name, data_dir) for name in protocol.more_splits}
        figures = protocol.figures(model, test, _judges(protocol.judges, model), seed, **more)
    if not figures:
        raise ValueError(f"No figure of {dataset!r} applies to a model with the directions {model.directions()}.")
    shared = {"split": split, "n": len(next(iter(test.values()))), "seed": seed}
    return [
        {"metric": metric, "value": round(float(value), 5), **shared, "protocol": how, "commit": commit()}
        for metric, value, how in figures
    ]


def _judges(names, model):
    """dict of modality -> `Judge`, or the dual encoder itself, for the modalities that the model has; each is loaded
    once. A dual encoder needs no judge."""
    if isinstance(model, DualEncoder):
        return {}
    names = {modality: name for modality, name in names.items() if modality in model.processors}
    loaded = {name: preset.load(name) for name in sorted(set(names.values()))}
    judges = {name: judge if isinstance(judge, DualEncoder) else Judge(judge) for name, judge in loaded.items()}
    return {modality: judges[name] for modality, name in names.items()}


def write_metrics(records, directory):
    """Writes metrics.json into a preset directory, beside and renamed."""
    path = pathlib.Path(directory) / METRICS
    fresh = path.with_suffix(".part")
    fresh.write_text(json.dumps(records, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    os.replace(fresh, path)


def read_metrics(directory):
    """The records of a preset directory, [] if it has none."""
    path = pathlib.Path(directory) / METRICS
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else []


def commit():
    """The checkout's commit, or the package's version where it is installed without one."""
    root = pathlib.Path(mmgen_tf.__file__).resolve().parent.parent
    try:
        asked = subprocess.run(
            ["git", "-C", str(root), "rev-parse", "--short=12", "HEAD"], capture_output=True, text=True, timeout=10
        )
    except (OSError, subprocess.TimeoutExpired):
        return f"v{mmgen_tf.__version__}"
    inside = (root / ".git").exists() and asked.returncode == 0
    return asked.stdout.strip() if inside else f"v{mmgen_tf.__version__}"
