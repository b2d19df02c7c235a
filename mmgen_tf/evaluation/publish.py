"""Brings a preset's metrics.json, card.md, samples.png and examples/ up to date."""

import json
import shutil

import tensorflow as tf

from mmgen_tf.data import builders
from mmgen_tf.evaluation.card import SKELETON, render_card
from mmgen_tf.evaluation.evaluate import write_metrics
from mmgen_tf.evaluation.samples import draw_samples
from mmgen_tf.modalities.audio.wav_file import write_wav
from mmgen_tf.modalities.video.gif_file import write_gif
from mmgen_tf.models import preset

SAMPLES = 8
COLLECTION = 40  # examples of a model that finds them


def publish(name_or_directory, records, dataset="digits", data_dir=None, choose=None, stride=1, shown=None):
    """Writes what people look at into the preset's directory and returns the paths.

    Args:
        name_or_directory: zoo name or preset directory.
        records: of `evaluate`.
        dataset: the builder whose first test examples are shown.
        data_dir: where TFDS keeps datasets.
        choose: None, or function of columns giving those that the model reads, as a recipe's `choose_columns`.
        stride: every so many of the test examples are shown, where those that follow each other are alike.
        shown: None, or function giving columns to show in place of the test examples, where these may not be passed on.
    """
    directory = preset.locate(name_or_directory)
    model = preset.load(directory)
    count = SAMPLES if model.directions() else COLLECTION
    if shown:
        test, stride = shown(), 1
    else:
        test = builders.load(dataset, f"test[:{count * stride}]", data_dir)
        test = choose(test) if choose else test
    test = model.example_inputs({name: column[::stride] for name, column in test.items()})
    write_metrics(records, directory)
    card = directory / "card.md"
    text = card.read_text(encoding="utf-8") if card.is_file() else SKELETON.format(name=directory.name)
    card.write_text(render_card(text, records), encoding="utf-8")
    draw_samples(model, test, directory / "samples.png", rows=SAMPLES)
    write_examples(model, test, directory / "examples")
    return [directory / name for name in ("metrics.json", "card.md", "samples.png", "examples")]


def write_examples(model, columns, directory):
    """A small folder of inputs in the form that `fit` and `read_folder` take, for the demo to start from."""
    shutil.rmtree(directory, ignore_errors=True)
    directory.mkdir()
    lines = []
    for row in range(len(next(iter(columns.values())))):
        line = {}
        for name in model.input_names:
            value, modality = columns[name][row], model.modalities[name]
            if modality.kind == "image":
                line[f"{name}_file_name"] = f"{name}_{row}.png"
                (directory / line[f"{name}_file_name"]).write_bytes(tf.io.encode_png(value).numpy())
            elif modality.kind == "video":
                line[f"{name}_file_name"] = f"{name}_{row}.gif"
                write_gif(directory / line[f"{name}_file_name"], value, modality.frame_rate)
            elif modality.kind == "audio":
                line[f"{name}_file_name"] = f"{name}_{row}.wav"
                write_wav(directory / line[f"{name}_file_name"], value, modality.sample_rate)
            else:
                line[name] = value if isinstance(value, str) else int(value)
        lines.append(json.dumps(line, ensure_ascii=False) + "\n")
    (directory / "metadata.jsonl").write_text("".join(lines), encoding="utf-8")
