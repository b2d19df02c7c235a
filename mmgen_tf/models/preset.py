"""Presets: a directory with config.json, model.weights.h5 and manifest.json. Loading one runs no code from it."""

import contextlib
import difflib
import json
import os
import pathlib
import shutil
import tempfile

import numpy as np

from mmgen_tf import registry
from mmgen_tf.shipped_files import (
    BACKBONES,
    CONFIG,
    MANIFEST,
    WEIGHTS,
    check_manifest,
    read_json,
    write_manifest,
    zoo_root,
)

__all__ = [
    "CONFIG", "MANIFEST", "WEIGHTS", "check_manifest", "clone", "construct_model", "halve", "load", "locate",
    "replaced", "save", "write_manifest", "zoo_entries", "zoo_root",
]  # fmt: skip
KEPT_BITS, COARSE_BITS = 6, 4  # behind the first, of weights in a float16 preset
SMALL = 512  # bytes: not worth compressing


def zoo_entries():
    """dict of variant name -> directory, for all that ships with the package."""
    found = (path.parent for path in sorted(zoo_root().glob(f"*/*/{CONFIG}")))
    return {path.name: path for path in found if path.parent.name != BACKBONES}


def locate(name_or_directory):
    """The directory of a zoo name or of a preset. Raises ValueError with the near names if there is none."""
    entries = zoo_entries()
    if str(name_or_directory) in entries:
        return entries[str(name_or_directory)]
    directory = pathlib.Path(name_or_directory)
    if (directory / CONFIG).is_file():
        return directory
    if directory.is_dir():
        raise ValueError(f"{directory} is not a preset: it has no {CONFIG}.")
    near = difflib.get_close_matches(str(name_or_directory), entries, n=3, cutoff=0.4)
    hint = f"did you mean {' or '.join(near)}?" if near else f"the zoo holds {', '.join(entries)}."
    raise ValueError(f"There is no preset {str(name_or_directory)!r}; {hint}")


def load(name_or_directory):
    """A built, uncompiled model from a preset, its files checked against the manifest.

    Raises:
        ValueError: for an unknown name, a missing, altered or truncated file (with both digests), a file outside the
            directory, a class that is not registered or a config key that its constructor lacks.
    """
    directory = locate(name_or_directory)
    check_manifest(directory)
    config = read_json(directory / CONFIG)
    if not isinstance(config.get("model"), dict) or "class" not in config["model"]:
        raise ValueError(f"{directory / CONFIG} must hold a model's class and config; it holds {sorted(config)}.")
    model = registry.from_config(config["model"])
    model.build()
    model.load_weights(str(directory / WEIGHTS))
    return model


def save(model, directory, weights_dtype="float32"):
    """Writes a preset: everything into a directory beside, which then takes the name."""
    if weights_dtype not in ("float32", "float16"):
        raise ValueError(f"weights_dtype must be 'float32' or 'float16'; received {weights_dtype!r}.")
    directory = pathlib.Path(directory)
    if directory.exists() and not (directory / CONFIG).is_file() and any(directory.iterdir()):
        raise ValueError(f"{directory} exists and is not a preset: it would be overwritten.")
    with replaced(directory) as fresh:
        config = {
            "format": 1,
            "inputs": list(model.input_names),
            "outputs": list(model.output_names),
            "requires": list(model.required_names),
            "from_nothing": any(not given for given, _ in model.directions()),
            "model": registry.to_config(model),
        }
        (fresh / CONFIG).write_text(json.dumps(config, indent=1) + "\n", encoding="utf-8")
        copy = clone(model)
        if weights_dtype == "float16":
            coarsen(copy)
        copy.save_weights(str(fresh / WEIGHTS))
        if weights_dtype == "float16":
            halve(fresh / WEIGHTS)
        write_manifest(fresh)


@contextlib.contextmanager
def replaced(directory):
    """A fresh directory beside `directory` that takes its name when all went well; else nothing has changed.

    Files that only the old directory holds (a recipe, a card) are kept.
    """
    directory.parent.mkdir(parents=True, exist_ok=True)
    fresh = pathlib.Path(tempfile.mkdtemp(prefix=f".{directory.name}.", dir=directory.parent))
    try:
        yield fresh
        os.chmod(fresh, 0o755)
        if directory.exists():
            for path in directory.iterdir():
                if not (fresh / path.name).exists():
                    (shutil.copytree if path.is_dir() else shutil.copy2)(path, fresh / path.name)
            old = directory.with_name(f".{directory.name}.old")
            shutil.rmtree(old, ignore_errors=True)
            directory.rename(old)
            fresh.rename(directory)
            shutil.rmtree(old)
        else:
            fresh.rename(directory)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def coarsen(model):
    """Rounds kernels and tables to `KEPT_BITS` bits behind the first, one less than bfloat16 keeps: a relative error of
    2^-7 at most. Those that `generate` does not use, a discriminator's, keep `COARSE_BITS`. Zeros in place of the last
    bits compress away."""
    used = {id(variable) for variable in model.averaged_variables()}
    for weight in model.weights:
        if "float" in weight.dtype and (len(weight.shape) > 1 or id(weight) not in used):
            parts = 2 ** (1 + (KEPT_BITS if id(weight) in used else COARSE_BITS))
            fraction, exponent = np.frexp(np.asarray(weight, "float32"))
            weight.assign(np.ldexp(np.round(fraction * parts) / parts, exponent))


def halve(path):
    """Rewrites the float32 arrays of a weights file as compressed float16, each in one piece, but for those with values
    that float16 does not reach; Keras widens them again on load."""
    import h5py

    fresh = path.with_name("half.weights.h5")
    with h5py.File(path, "r") as source, h5py.File(fresh, "w", libver=("v110", "v110")) as target:

        def copy(name, item):
            if isinstance(item, h5py.Dataset):
                data = item[()]
                reached = data.dtype == "float32" and np.abs(data).max(initial=0.0) <= np.finfo("float16").max
                data = data.astype("float16") if reached else data
                packed = {"compression": "gzip", "compression_opts": 9, "shuffle": True, "chunks": data.shape}
                created = target.create_dataset(name, data=data, **(packed if data.nbytes > SMALL else {}))
            else:
                created = target.require_group(name)
            created.attrs.update(item.attrs)

        source.visititems(copy)
        target.attrs.update(source.attrs)
    os.replace(fresh, path)


def construct_model(cls, config):
    """`cls` from a config of registered parts, unknown keys refused."""
    return registry.construct(cls, registry.from_config(config))


def clone(model):
    """A built, uncompiled copy of `model` with its weights, outside any strategy."""
    from keras import ops

    copy = registry.from_config(registry.to_config(model))
    for each in (model, copy):
        if not each.built:
            each.build()
    for target, source in zip(copy.weights, model.weights, strict=True):
        target.assign(ops.convert_to_numpy(source))
    return copy
