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


def publish(name_or_directory, records, protocol, data_dir=None, choose=None):
    """Writes what people look at into the preset's directory and returns the paths.

    Args:
        name_or_directory: zoo name or preset directory.
        records: of `evaluate`.
        protocol: the `Protocol` of the records, which says what is shown.
        data_dir: where TFDS keeps datasets.
        choose: None, or function of columns giving those that the model reads, as a recipe's `choose_columns`.
    """
    directory = preset.locate(name_or_directory)
    model = preset.load(directory)
    count = SAMPLES if model.directions() else COLLECTION
    shown = protocol.shown() if protocol.shown else examples_of(protocol, count, data_dir, choose)
    shown = model.example_inputs(shown)
    write_metrics(records, directory)
    card = directory / "card.md"
    text = card.read_text(encoding="utf-8") if card.is_file() else SKELETON.format(name=directory.name)
    card.write_text(render_card(text, records), encoding="utf-8")
    draw_samples(model, shown, directory / "samples.png", rows=SAMPLES)
    write_examples(model, shown, directory / "examples")
    return [directory / name for name in ("metrics.json", "card.md", "samples.png", "examples")]


def examples_of(protocol, count, data_dir=None, choose=None):
    """Columns of about `count` examples, as many of each split that the protocol shows; `choose` as `publish`."""
    each, parts = -(-count // len(protocol.shown_splits)) * protocol.stride, []
    for split in protocol.shown_splits:
        columns = builders.load(protocol.builder, f"{split}[:{each}]", data_dir)
        columns = choose(columns) if choose else columns
        parts.append({name: column[:: protocol.stride] for name, column in columns.items()})
    return {name: [value for part in parts for value in part[name]] for name in parts[0]}


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
