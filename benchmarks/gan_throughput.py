"""The conditional GAN beside PyTorch in its three ways, and `generate` beside the bare generator, in one run.

    python -m benchmarks.gan_throughput [--rounds 3] [--seconds 8] [--write docs/benchmarks/gan_throughput.json]

Needs the extra `bench`, and a C++ compiler for `torch.compile`. The networks are those of the recipe `cgan_digits`; all
sides take turns on the same arrays in memory, batch 64; medians over rounds. Generation is of 1,000 pictures for 1,000
sentences, batch 64, beside the compiled generator alone on noise and conditions that are ready.
"""

import os
import statistics
import time

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "1")  # as the `mmgen` command does

import tensorflow as tf
import torch

from benchmarks import torch_peers
from benchmarks.report import ask, tell
from benchmarks.train_throughput import columns, keras_side, torch_measure
from mmgen_tf import training, zoo
from mmgen_tf.modalities.text.text_processor import TextProcessor

BATCH, PICTURES = 64, 1000


def peer(way, words, image, tokens):
    """A function that trains the peer for about so many seconds and returns images a second."""
    model = torch_peers.ConditionalGAN(words)
    form = torch.contiguous_format if way == "eager" else torch.channels_last
    model = model.to(memory_format=form)
    optimizers = model.optimizers()
    if way == "compiled":
        model.generator, model.text_encoder = torch.compile(model.generator), torch.compile(model.text_encoder)
        model.discriminator.trunk = torch.compile(model.discriminator.trunk)

    def step(x, words):
        model.step((x * 2 - 1).contiguous(memory_format=form), words, *optimizers)

    step(image[:BATCH].float() / 255.0, tokens[:BATCH])  # compiles
    return torch_measure(step, image, tokens, BATCH)


def generation(name, sentences, rounds):
    """Seconds of `generate`, and of the bare generator, medians."""
    model = zoo.load(name)
    noise = tf.random.normal((BATCH, model.generator.noise_dim))
    tokens = model.processors["text"].preprocess(tf.constant(sentences[:BATCH]))
    condition = model.text_encoder(tokens)
    bare = tf.function(lambda z, c: model.generator(z, c, training=False), autograph=False)

    def whole():
        model.generate({"text": sentences}, to="image", seed=0, batch_size=BATCH)

    def alone():
        for start in range(0, len(sentences), BATCH):
            rows = min(BATCH, len(sentences) - start)
            bare(noise[:rows], condition[:rows]).numpy()

    times = []
    for number in range(rounds + 1):
        begin = time.perf_counter()
        whole()
        middle = time.perf_counter()
        alone()
        if number:  # the first compiles
            times.append((middle - begin, time.perf_counter() - middle))
    return {
        "generate_over_bare": round(statistics.median(a / b for a, b in times), 2),
        "generate_seconds": round(statistics.median(a for a, _ in times), 3),
        "bare_seconds": round(statistics.median(b for _, b in times), 3),
    }


def main():
    arguments, data = ask(__doc__, rounds=3), columns()
    image = torch.from_numpy(data["image"].transpose(0, 3, 1, 2).copy())
    text = TextProcessor.adapted(data["text"])
    tokens = torch.from_numpy(text.preprocess(tf.constant(data["text"])).numpy()).long()
    _, ours = keras_side(training.load_recipe("cgan_digits"), data, BATCH)
    ways = ("eager", "channels_last", "compiled")
    peers = {way: peer(way, len(text.modality.vocabulary), image, tokens) for way in ways}
    sides = (ours, *peers.values())
    rounds = [[side(arguments.seconds) for side in sides] for _ in range(arguments.rounds)]
    report = {"threads": torch.get_num_threads(), "rounds": arguments.rounds}
    for number, way in enumerate(ways, 1):
        report[f"ratio_to_pytorch_{way}"] = round(statistics.median(line[0] / line[number] for line in rounds), 2)
    report["images_per_second"] = round(statistics.median(line[0] for line in rounds))
    for number, way in enumerate(ways, 1):
        report[f"images_per_second_pytorch_{way}"] = round(statistics.median(line[number] for line in rounds))
    sentences = [str(sentence) for sentence in data["text"][:PICTURES]]
    report |= {"pictures": PICTURES, **generation("cgan_digits", sentences, 3 * arguments.rounds)}
    tell(report, arguments.write)


if __name__ == "__main__":
    main()
