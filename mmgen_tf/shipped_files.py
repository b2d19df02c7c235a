"""Folders of JSON and weights, in the package or a user's own, each file held to a digest in the manifest."""

import hashlib
import importlib.util
import json
import pathlib

CONFIG, WEIGHTS, MANIFEST = "config.json", "model.weights.h5", "manifest.json"
BACKBONES = "backbones"  # of the zoo's folders the one whose networks are parts of variants, not variants


def zoo_root():
    """The folder of the zoo that ships with the package."""
    return pathlib.Path(importlib.util.find_spec("mmgen_tf.zoo").submodule_search_locations[0])


def write_manifest(directory):
    """Writes the SHA-256 digests of the files that loading reads."""
    digests = {name: hashlib.sha256((directory / name).read_bytes()).hexdigest() for name in (CONFIG, WEIGHTS)}
    (directory / MANIFEST).write_text(json.dumps(digests, indent=1) + "\n", encoding="utf-8")


def check_manifest(directory):
    """Raises ValueError unless every file of the manifest lies in the directory and has its digest."""
    if not (directory / MANIFEST).is_file():
        raise ValueError(f"{directory} is not a whole preset: it has no {MANIFEST}.")
    expected = read_json(directory / MANIFEST)
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


def read_json(path):
    """The object that a JSON file holds. Raises ValueError if it holds none."""
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise ValueError(f"{path} is not JSON: {error}") from None
    if not isinstance(value, dict):
        raise ValueError(f"{path} must hold a JSON object; it holds a {type(value).__name__}.")
    return value
