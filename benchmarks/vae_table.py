"""The multimodal VAEs of the zoo beside each other, one table a dataset, with what papers report.

    python -m benchmarks.vae_table [--write docs/benchmarks/vae_table.md]
    python -m benchmarks.vae_table --preset runs/mine/preset --dataset polydigits [--limit 1000]

Figures are those of each variant's metrics.json; a preset directory is evaluated. Nothing is left out: a variant
without weights or figures has a row that says so.
"""

import argparse
import json
import os
import pathlib

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "1")  # as the `mmgen` command does

from mmgen_tf import evaluation, registry, training
from mmgen_tf.models import preset

COHERENCES = tuple(f"coherence_{size}" for size in range(1, 5))
STRICT = tuple(f"{way}_strict_accuracy" for way in ("text_to_image", "image_to_text", "joint"))
COLUMNS = {
    "digits": ("text_to_image_coherence", *STRICT[:2], "joint_coherence", "joint_log_likelihood"),
    "binary_digits": (
        "joint_log_likelihood", "image_log_likelihood", "image_to_label_accuracy", "label_to_image_coherence",
        "joint_coherence",
    ),
    "polydigits": (*COHERENCES, "coherence_half_missing", "joint_coherence"),
    "digits4": ("worst_direction_accuracy", "joint_coherence"),
    **{f"cdsprites/level_{level}": STRICT for level in range(1, 6)},
}  # fmt: skip
VAES = "mmgen_tf.models.vae."
ELSEWHERE = "their own data, networks and judges: not comparable to the digit"
# dataset -> (model, figures, what was measured and where)
PUBLISHED = {
    "binary_digits": (
        ("MVAE", {"joint_log_likelihood": -86.26}, "MNIST, nats; Wu & Goodman 2018"),
        ("JMVAE", {"joint_log_likelihood": -86.86}, "MNIST, nats; Suzuki et al. 2016"),
    ),
    "polydigits": (
        (
            "MoPoE",
            dict(zip(COHERENCES, (0.67, 0.79, 0.84, 0.85))),
            "PolyMNIST, as MultiVae reproduces Sutter et al. 2021",
        ),
        (
            "MVTCAE",
            dict(zip(COHERENCES, (0.64, 0.82, 0.88, 0.91))),
            "PolyMNIST, as MultiVae reproduces Hwang et al. 2021",
        ),
        ("MMVAE", dict.fromkeys(COHERENCES, 0.71), "PolyMNIST, the same for every size; Shi et al. 2019"),
        ("mmJSD", dict(zip(COHERENCES, (0.69, 0.57, 0.64, 0.67))), "PolyMNIST; Sutter et al. 2020"),
        ("MMVAE+", {}, "PolyMNIST, conditional coherence 0.869, one figure; Palumbo et al. 2023"),
    ),
    "cdsprites/level_1": (("MVAE", dict(zip(STRICT, (0.52, 0.63, 0.05))), "CdSprites+; Sejnova et al. 2024"),),
}


def zoo_rows():
    """One `(dataset, name, model, records, note)` for every variant of the zoo that is a VAE, finished or not."""
    rows = []
    for recipe_path in sorted(preset.zoo_root().glob("*/*/recipe.py")):
        directory = recipe_path.parent
        if directory.parent.name == "classification":
            continue
        recipe, model = training.load_recipe(recipe_path), _model_class(directory)
        dataset = recipe.protocol or recipe.dataset
        kind = registry.HOMES.get(model, "") if model else recipe_path.read_text(encoding="utf-8")
        if dataset not in COLUMNS or VAES not in kind:
            continue
        records = evaluation.read_metrics(directory)
        note = "" if records else "not evaluated"
        note = note if (directory / preset.WEIGHTS).is_file() else "no weights"
        rows.append((dataset, directory.name, model or "", records, note))
    return rows


def preset_row(name, dataset, data_dir=None, limit=None, seed=0):
    """The row of a preset that is evaluated now; what goes wrong becomes its note."""
    try:
        records = evaluation.evaluate(name, dataset, data_dir=data_dir, limit=limit, seed=seed)
        model, note = _model_class(preset.locate(name)), ""
    except (ValueError, FileNotFoundError) as error:
        records, model, note = [], "", f"failed: {' '.join(str(error).split())}"
    return dataset, pathlib.Path(name).name if pathlib.Path(name).name != "preset" else str(name), model, records, note


def markdown(rows):
    """Rows -> Markdown, a table for each dataset that has any; published figures stand below our own."""
    lines = ["# Multimodal VAEs", "", "Written by `python -m benchmarks.vae_table`. Higher is better in every column."]
    for dataset, columns in COLUMNS.items():
        ours = [row for row in rows if row[0] == dataset]
        if not ours:
            continue
        lines += ["", f"## {dataset}", "", _line(["variant", "model", *columns, "seed", "n", "note"])]
        lines.append(_line(["---"] * (len(columns) + 5)))
        for _, name, model, records, note in ours:
            values = {record["metric"]: record["value"] for record in records}
            shared = [str(records[0]["seed"]), f"{records[0]['n']:,}"] if records else ["", ""]
            lines.append(_line([name, model, *_cells(values, columns), *shared, note]))
        for model, values, source in PUBLISHED.get(dataset, ()):
            lines.append(_line(["published", model, *_cells(values, columns), "", "", f"{source}; {ELSEWHERE}"]))
    return "\n".join(lines) + "\n"


def _model_class(directory):
    """The class that a preset's config names, None without one."""
    path = directory / preset.CONFIG
    return json.loads(path.read_text(encoding="utf-8"))["model"]["class"] if path.is_file() else None


def _cells(values, columns):
    return [f"{values[column]:.4g}" if column in values else "" for column in columns]


def _line(cells):
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--preset", action="append", default=[], help="a preset directory to evaluate; repeatable")
    parser.add_argument("--dataset", choices=list(COLUMNS), help="on what the presets are scored")
    parser.add_argument("--data-dir", type=pathlib.Path, help="where datasets are kept")
    parser.add_argument("--limit", type=int, help="number of test examples; all if not given")
    parser.add_argument("--seed", type=int, default=0, help="of the draws")
    parser.add_argument("--write", type=pathlib.Path, help="a Markdown file; printed if not given")
    asked = parser.parse_args()
    if asked.preset and not asked.dataset:
        parser.error("--preset needs --dataset")
    rows = [] if asked.preset else zoo_rows()
    rows += [preset_row(name, asked.dataset, asked.data_dir, asked.limit, asked.seed) for name in asked.preset]
    if asked.write:
        asked.write.write_text(markdown(rows), encoding="utf-8")
    else:
        print(markdown(rows))


if __name__ == "__main__":
    main()
