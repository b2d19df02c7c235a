"""Training speed beside PyTorch eager: the same networks, batches and data in one run, ratios first.

    python -m benchmarks.train_throughput [--rounds 5] [--seconds 8] [--write docs/benchmarks/train_throughput.json]

Needs the extra `bench`. Both sides take turns on the same in-memory arrays, so that a noisy machine is noisy for both;
medians over rounds. Keras takes several steps between two looks at Python (`compile(steps_per_execution=...)`).
Floating point operations of a step are PyTorch's own count, forward and backward.
"""

import os
import statistics
import subprocess
import sys
import time

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "1")  # as the `mmgen` command does

import numpy as np
import tensorflow as tf
import torch
from torch.utils.flop_counter import FlopCounterMode

from benchmarks import torch_peers
from benchmarks.report import ask, matmul_peak, tell
from mmgen_tf import training, zoo
from mmgen_tf.data.builders.digits.captions import compose_captions
from mmgen_tf.modalities.text.text_processor import TextProcessor

EXAMPLES = 12_800
STEPS_PER_EXECUTION = 10


def columns():
    """Pictures of noise and true captions: speed does not depend on what is drawn."""
    random = np.random.default_rng(0)
    label, *others = (random.integers(0, high, EXAMPLES) for high in (10, 3, 3))
    image = random.integers(0, 256, (EXAMPLES, 28, 28, 1)).astype("uint8")
    return {"image": image, "text": compose_captions(label, *others, seed=0), "label": label}


def keras_side(recipe, data, batch, **options):
    """A function that trains for about so many seconds by `fit` and returns samples a second."""
    model = recipe.build_model(data, recipe.settings)
    model.compile(steps_per_execution=STEPS_PER_EXECUTION, **options)
    model.fit(data, batch_size=batch, drop_remainder=True, verbose=0)
    steps = EXAMPLES // batch

    def measure(seconds):
        begin, done = time.perf_counter(), 0
        while time.perf_counter() - begin < seconds:
            model.fit(data, batch_size=batch, drop_remainder=True, verbose=0)
            done += steps * batch
        return done / (time.perf_counter() - begin)

    return model, measure


def torch_side(step, image, text, batch):
    """The same for a PyTorch step, and its floating point operations a sample."""
    with FlopCounterMode(display=False) as counter:
        step(image[:batch].float() / 255.0, text[:batch])
    return torch_measure(step, image, text, batch), counter.get_total_flops() / batch


def torch_measure(step, image, text, batch):
    """A function that trains a PyTorch step over tensors in memory, shuffled each epoch, as `keras_side`'s does."""

    def measure(seconds):
        begin, done = time.perf_counter(), 0
        while time.perf_counter() - begin < seconds:
            for index in torch.randperm(EXAMPLES)[: EXAMPLES // batch * batch].split(batch):
                step(image[index].float() / 255.0, text[index])
                done += len(index)
        return done / (time.perf_counter() - begin)

    return measure


def mvae(data, image, text, words):
    recipe = training.load_recipe("mvae_binary_digits")
    ours = keras_side(recipe, data, 128)
    peer = torch_peers.MVAE()
    optimizer = torch.optim.Adam(peer.parameters(), 1e-3)

    def step(x, labels):
        optimizer.zero_grad()
        peer.loss(x, labels).backward()
        optimizer.step()

    return ours, torch_side(step, image, torch.from_numpy(data["label"]), 128), peer


def conditional_gan(data, image, text, words):
    ours = keras_side(training.load_recipe("cgan_digits"), data, 64)
    peer = torch_peers.ConditionalGAN(words)
    optimizers = peer.optimizers()
    return ours, torch_side(lambda x, tokens: peer.step(x * 2 - 1, tokens, *optimizers), image, text, 64), peer


def cold_seconds(command):
    """Wall seconds of a process, best of three."""
    times = []
    for _ in range(3):
        begin = time.perf_counter()
        subprocess.run(command, check=True, capture_output=True)
        times.append(time.perf_counter() - begin)
    return round(min(times), 2)


def load_seconds(name):
    """Seconds that `zoo.load` takes, best of three."""
    times = []
    for _ in range(3):
        begin = time.perf_counter()
        zoo.load(name)
        times.append(time.perf_counter() - begin)
    return round(min(times), 2)


def main():
    arguments = ask(__doc__, rounds=5)
    data, report = columns(), {"threads": torch.get_num_threads(), "rounds": arguments.rounds}
    report["steps_per_execution"] = STEPS_PER_EXECUTION
    image = torch.from_numpy(data["image"].transpose(0, 3, 1, 2).copy())
    text = TextProcessor.adapted(data["text"])
    tokens = torch.from_numpy(text.preprocess(tf.constant(data["text"])).numpy()).long()
    peaks = [matmul_peak()]
    for name, make in (("mvae", mvae), ("conditional_gan", conditional_gan)):
        (model, ours), (peers, flops), peer = make(data, image, tokens, len(text.modality.vocabulary))
        trainable = sum(int(np.prod(v.shape)) for v in model.trainable_variables)
        rounds = [(ours(arguments.seconds), peers(arguments.seconds)) for _ in range(arguments.rounds)]
        peaks.append(matmul_peak())
        fast, slow = (statistics.median(side) for side in zip(*rounds))
        report[name] = {
            "ratio": round(statistics.median(a / b for a, b in rounds), 2),
            "keras_samples_per_second": round(fast),
            "pytorch_eager_samples_per_second": round(slow),
            "mflop_per_sample": round(flops / 1e6, 1),
            "keras_share_of_matmul_peak": round(fast * flops / max(peaks), 3),
            "keras_parameters": trainable,
            "pytorch_parameters": sum(p.numel() for p in peer.parameters()),
        }
    report["matmul_peak_gflops"] = round(max(peaks) / 1e9, 1)
    generate = ["-m", "mmgen_tf.cli.main", "generate", "cgan_digits", "--text", "a thick seven", "--out", os.devnull]
    report["cold_generate_seconds"] = cold_seconds([sys.executable, *generate])
    for name, code in (
        ("import_tensorflow", "import tensorflow"),
        ("import_keras", "import keras"),
        ("import_keras_and_mmgen_tf", "import keras, mmgen_tf; mmgen_tf.GenerativeModel, mmgen_tf.zoo"),
    ):
        report[f"cold_{name}_seconds"] = cold_seconds([sys.executable, "-c", code])
    report["load_seconds"] = {name: load_seconds(name) for name in zoo.names()}
    tell(report, arguments.write)


if __name__ == "__main__":
    main()
