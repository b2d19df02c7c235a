"""Scores a variant on its dataset's test split and writes metrics.json: machines write numbers."""

import json
import os
import pathlib
import subprocess

import mmgen_tf
from mmgen_tf.data import builders
from mmgen_tf.models import preset

METRICS = "metrics.json"


def evaluate(name_or_directory, dataset="digits", data_dir=None, seed=0, limit=None):
    """The records of a variant or preset directory.

    Args:
        name_or_directory: zoo name or preset directory.
        dataset: the builder whose test split is used; it decides the protocol.
        data_dir: where TFDS keeps datasets.
        seed: of the draws.
        limit: number of test examples, all if None.

    Returns:
        list of dicts with metric, value, split, n, seed, protocol, commit; the headline figure first.

    Raises:
        ValueError: if there is no protocol for the dataset.
    """
    if dataset != "digits":
        raise ValueError(f"There is no evaluation protocol for {dataset!r}; expected 'digits'.")
    from mmgen_tf.evaluation.digits_protocol import DigitJudge, evaluate_digits

    model = preset.load(name_or_directory)
    split = "test" if limit is None else f"test[:{limit}]"
    test = builders.load(dataset, split, data_dir)
    figures = evaluate_digits(model, test, DigitJudge(preset.load("digit_classifier")), seed)
    shared = {"split": split, "n": len(test["label"]), "seed": seed}
    return [
        {"metric": metric, "value": value, **shared, "protocol": protocol, "commit": commit()}
        for metric, value, protocol in figures
    ]


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
