"""Presets: a directory with config.json, model.weights.h5 and manifest.json. Loading one runs no code from it."""

import contextlib
import difflib
import hashlib
import importlib.util
import json
import os
import pathlib
import shutil
import tempfile

from mmgen_tf import registry

CONFIG, WEIGHTS, MANIFEST = "config.json", "model.weights.h5", "manifest.json"


def zoo_root():
    """The folder of the zoo that ships with the package."""
    return pathlib.Path(importlib.util.find_spec("mmgen_tf.zoo").submodule_search_locations[0])


def zoo_entries():
    """dict of variant name -> directory, for all that ships with the package."""
    return {path.parent.name: path.parent for path in sorted(zoo_root().glob(f"*/*/{CONFIG}"))}


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
    config = _read_json(directory / CONFIG)
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
        clone(model).save_weights(str(fresh / WEIGHTS))
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


def write_manifest(directory):
    """Writes the SHA-256 digests of the files that loading reads."""
    digests = {name: hashlib.sha256((directory / name).read_bytes()).hexdigest() for name in (CONFIG, WEIGHTS)}
    (directory / MANIFEST).write_text(json.dumps(digests, indent=1) + "\n", encoding="utf-8")


def check_manifest(directory):
    """Raises ValueError unless every file of the manifest lies in the directory and has its digest."""
    if not (directory / MANIFEST).is_file():
        raise ValueError(f"{directory} is not a whole preset: it has no {MANIFEST}.")
    expected = _read_json(directory / MANIFEST)
    if not {CONFIG, WEIGHTS} <= set(expected):
        raise ValueError(f"{directory / MANIFEST} must name {CONFIG} and {WEIGHTS}; it names {sorted(expected)}.")
    for name, digest in expected.items():
        path = directory / name
        if pathlib.PurePath(name).name != name or path.resolve().parent != directory.resolve():
            raise ValueError(f"{directory / MANIFEST} names {name!r}, which lies outside the preset.")
        if not path.is_file():
            raise ValueError(f"{directory} is not a whole preset: {name} is missing.")
        received = hashlib.sha256(path.read_bytes()).hexdigest()
        if received != digest:
            raise ValueError(f"{path} is truncated or altered: expected SHA-256 {digest}, received {received}.")


def _read_json(path):
    """The object that a JSON file holds. Raises ValueError if it holds none."""
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise ValueError(f"{path} is not JSON: {error}") from None
    if not isinstance(value, dict):
        raise ValueError(f"{path} must hold a JSON object; it holds a {type(value).__name__}.")
    return value


def halve(path):
    """Rewrites the float32 arrays of a weights file as compressed float16, but for those with values that float16 does
    not reach; Keras widens them again on load."""
    import h5py
    import numpy as np

    fresh = path.with_name("half.weights.h5")
    with h5py.File(path, "r") as source, h5py.File(fresh, "w") as target:

        def copy(name, item):
            if isinstance(item, h5py.Dataset):
                data = item[()]
                options = {"compression": "gzip"} if data.ndim else {}
                reached = data.dtype == "float32" and np.abs(data).max(initial=0.0) <= np.finfo("float16").max
                data = data.astype("float16") if reached else data
                created = target.create_dataset(name, data=data, **options)
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
