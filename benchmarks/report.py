"""What the speed benchmarks ask on the command line, and how they report."""

import argparse
import json
import pathlib
import time

import tensorflow as tf


def ask(doc, rounds):
    """Arguments `rounds`, `seconds` (of one side's turn) and `write` of a benchmark with this docstring."""
    parser = argparse.ArgumentParser(description=doc.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=rounds)
    parser.add_argument("--seconds", type=float, default=8.0)
    parser.add_argument("--write", type=pathlib.Path)
    return parser.parse_args()


def tell(report, path=None):
    """Prints a dict as JSON, and writes it where a path is given."""
    written = json.dumps(report, indent=1)
    print(written)
    if path:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(written + "\n", encoding="utf-8")


def matmul_peak():
    """Measured float32 matmul peak of this machine in floating point operations a second, best of several sizes."""
    best = 0.0
    for size in (1024, 2048, 3072):
        a = tf.random.normal((size, size))
        multiply = tf.function(tf.matmul)
        multiply(a, a)
        for _ in range(5):
            begin = time.perf_counter()
            multiply(a, a).numpy()
            best = max(best, 2 * size**3 / (time.perf_counter() - begin))
    return best
