"""The fusion blocks on one task: accuracy, parameters, cost, and what is left when a modality is missing or shuffled.

    python -m benchmarks.fusion_table [--rounds 5] [--seconds 2] [--write docs/benchmarks/fusion_table.md]

Accuracies are those of each variant's metrics.json. Parameters are of the block alone: encoders and softmax are the
same for all. Cost is the time of the block on the tokens of 128 questions (64 regions, and words), after the encoders,
medians of rounds in which all take turns, relative to the cheapest.
"""

import os
import statistics
import time

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "1")  # as the `mmgen` command does

import numpy as np
import tensorflow as tf

from benchmarks.report import ask
from mmgen_tf import evaluation, zoo
from mmgen_tf.models import preset

ROWS = 128
PREFIX = "fusion_"
FIGURES = {
    "vqa_accuracy": "accuracy",
    "vqa_accuracy_without_image": "no image",
    "vqa_accuracy_without_text": "no text",
    "vqa_accuracy_shuffled_image": "shuffled image",
    "vqa_accuracy_shuffled_text": "shuffled text",
}


def variants():
    """Names of the zoo's fusion classifiers."""
    return [name for name in zoo.names() if name.startswith(PREFIX)]


def block_of(model, random):
    """A function that runs the model's fusion block, compiled, on tokens of noise."""
    lengths = {"image": model.encoders["image"].grid[0] * model.encoders["image"].grid[1]}
    lengths["text"] = model.modalities["text"].shape[0]
    tokens = {
        name: tf.constant(random.normal(size=(ROWS, lengths[name], width)).astype("float32"))
        for name, width in model.fusion.widths.items()
    }
    there = {name: tf.ones((ROWS, lengths[name], 1)) for name in tokens}
    graph = tf.function(lambda: model.fusion(tokens, there), autograph=False)
    return lambda: graph().numpy()


def milliseconds(run, seconds):
    """The mean time of a call, over about so many seconds."""
    count, begin = 0, time.perf_counter()
    while time.perf_counter() - begin < seconds:
        run()
        count += 1
    return 1000.0 * (time.perf_counter() - begin) / count


def measured(names, rounds, seconds):
    """dict of name -> `(parameters of the block, milliseconds)`."""
    models, random = {name: zoo.load(name) for name in names}, np.random.default_rng(0)
    blocks = {name: block_of(model, random) for name, model in models.items()}
    for run in blocks.values():
        run()  # compiles
    times = [{name: milliseconds(run, seconds) for name, run in blocks.items()} for _ in range(rounds)]
    weights = {name: sum(int(np.prod(w.shape)) for w in model.fusion.weights) for name, model in models.items()}
    return {name: (weights[name], statistics.median(line[name] for line in times)) for name in names}


def markdown(rows):
    """The table.

    Args:
        rows: list of `(name, block's class, records, parameters, milliseconds)`.
    """
    least = min(cost for *_, cost in rows)
    header = ["variant", "block", *FIGURES.values(), "parameters of the block", "cost", "n"]
    lines = [
        "# Fusion blocks",
        "",
        "Written by `python -m benchmarks.fusion_table`. One task, easy-VQA; one pair of encoders, one recipe: only",
        "the block differs. What is left without a modality, or with another row's, is what questions or pictures give",
        "away alone: a model that fell less would not need both. Cost is relative to the cheapest block.",
        "",
        f"| {' | '.join(header)} |",
        f"| {' | '.join(['---'] * len(header))} |",
    ]
    for name, block, records, parameters, cost in rows:
        values = {record["metric"]: record["value"] for record in records}
        cells = [name, f"`{block}`", *(f"{values[figure]:.4f}" for figure in FIGURES)]
        cells += [f"{parameters:,}", f"{cost / least:.1f}", f"{records[0]['n']:,}"]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def main():
    arguments = ask(__doc__, rounds=5)
    names = variants()
    found = measured(names, arguments.rounds, min(arguments.seconds, 2.0))
    rows = [
        (name, type(zoo.load(name).fusion).__name__, evaluation.read_metrics(preset.locate(name)), *found[name])
        for name in names
    ]
    page = markdown(sorted(rows, key=lambda row: row[-1]))
    print(page)
    if arguments.write:
        arguments.write.write_text(page, encoding="utf-8")


if __name__ == "__main__":
    main()
