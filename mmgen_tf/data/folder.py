"""A user's own examples: a folder of files, and a table that says which belong together.

The table is `metadata.jsonl` or `metadata.csv`, one row an example, as in Hugging Face's ImageFolder and AudioFolder::

    file_name,text,label
    pictures/0001.png,a thick seven,7
    pictures/0002.png,,2

A modality's value stands in the column of its name. An image, sound or video stands there as the path of a file inside
the folder, or in the column `<name>_file_name`, or, where it is the only one of its sort asked for, in `file_name`. An
empty cell is a missing modality, which is normal.
"""

import csv
import json
import math
import pathlib
import re
import warnings

import numpy as np
import tensorflow as tf

TABLES = ("metadata.jsonl", "metadata.csv")
FILE_KINDS = ("image", "audio", "video")
_NAMED_ROWS = 5


def read_folder(directory, modalities, on_error="raise"):
    """Reads every example of a folder into memory.

    Args:
        directory: the folder, with one of `TABLES` in it.
        modalities: name -> `mmgen_tf.modality.Modality`, the ones to read.
        on_error: what a missing or corrupt file does: `"raise"`, or `"skip"` to leave its row out with a warning.

    Returns:
        name -> list with one cell a row, in the table's order. A cell is None where the modality is missing, else, by
        kind: image uint8 (h, w, c) and video uint8 (frames, h, w, c), resized to the modality's shape; audio float32
        (samples,), mono, at the modality's sample rate; text a string; label an int, the number of a class name.

    Raises:
        ValueError: for no folder, no table, an empty or malformed one, a column that is not there, a path that leads
            outside the folder, corrupt rows (also in `"skip"` mode, if no row is sound), or another `on_error`.
        ImportError: if a file needs a library that is not installed.
    """
    if on_error not in ("raise", "skip"):
        raise ValueError(f"Expected on_error 'raise' or 'skip'; received {on_error!r}.")
    directory = pathlib.Path(directory).expanduser()
    table, rows = _read_table(directory)
    columns = _find_columns(table, rows, modalities)
    cells, corrupt = {name: [] for name in modalities}, []
    for number, row in enumerate(rows, 1):
        try:
            values = {name: _read_cell(directory, row.get(columns[name]), modalities[name]) for name in modalities}
        except _CorruptCellError as error:
            corrupt.append(f"row {number}: {error}")
            continue
        for name, value in values.items():
            cells[name].append(value)
    if corrupt:
        message = f"{table}: {len(corrupt)} of {len(rows)} rows are corrupt: " + "; ".join(corrupt[:_NAMED_ROWS])
        message += "; and more." if len(corrupt) > _NAMED_ROWS else "."
        if on_error == "raise" or len(corrupt) == len(rows):
            raise ValueError(message)
        warnings.warn(f"Skipped. {message}", stacklevel=2)
    return cells


class _CorruptCellError(Exception):
    """One cell cannot be read, for the reason its message gives."""


def _read_table(directory):
    """The table's name and its rows, dictionaries of column -> value."""
    if not directory.is_dir():
        raise ValueError(f"Expected a folder; received {str(directory)!r}, which is none.")
    found = [name for name in TABLES if (directory / name).is_file()]
    if len(found) != 1:
        received = found or sorted(path.name for path in directory.iterdir())[:_NAMED_ROWS] or "an empty folder"
        raise ValueError(f"Expected one of {TABLES} in {str(directory)!r}; received {received}.")
    with open(directory / found[0], newline="", encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file)) if found[0].endswith(".csv") else _read_json_lines(file, found[0])
    if not rows:
        raise ValueError(f"{found[0]}: expected at least one row; received none.")
    return found[0], rows


def _read_json_lines(file, table):
    rows = []
    for number, line in enumerate(file, 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except json.JSONDecodeError:
            row = None
        if not isinstance(row, dict):
            raise ValueError(f"{table}, line {number}: expected a JSON object; received {line[:60]!r}.")
        rows.append(row)
    return rows


def _find_columns(table, rows, modalities):
    """Modality name -> its column."""
    present = {column: None for row in rows for column in row}  # a set that keeps the table's order
    files = [name for name, modality in modalities.items() if modality.kind in FILE_KINDS]
    columns = {}
    for name in modalities:
        wanted = [name]
        if name in files:
            wanted += [f"{name}_file_name"] + (["file_name"] if len(files) == 1 else [])
        columns[name] = next((column for column in wanted if column in present), None)
        if columns[name] is None:
            expected = " or ".join(map(repr, wanted))
            raise ValueError(f"{table}: modality {name!r}: expected a column {expected}; received {list(present)}.")
    return columns


def _read_cell(directory, value, modality):
    """One cell's value in its modality's form, None if it is empty."""
    if value is None or value != value or not str(value).strip():  # NaN alone differs from itself
        return None
    if modality.kind == "text":
        return str(value)
    if modality.kind == "label":
        return _read_label(value, modality)
    root = directory.resolve()
    path = (root / str(value)).resolve()
    if not path.is_relative_to(root):
        raise ValueError(f"Modality {modality.name!r}: expected a path inside the folder; received {value!r}.")
    if not path.is_file():
        raise _CorruptCellError(f"{modality.name} {value!r} is not a file")
    try:
        return {"image": _read_image, "video": read_video, "audio": _read_audio}[modality.kind](path, modality)
    except (tf.errors.InvalidArgumentError, ValueError, RuntimeError) as error:
        reason = getattr(error, "message", str(error)).splitlines()[0] if str(error) else type(error).__name__
        reason = re.sub(r"\{\{.*?\}\} |\s*\[Op:\w+\].*", "", reason)  # TensorFlow's names for its own nodes
        raise _CorruptCellError(f"{modality.name} {value!r} cannot be read ({reason})") from error


def _read_label(value, modality):
    if str(value) in (modality.vocabulary or ()):
        return modality.vocabulary.index(str(value))
    try:
        number = int(value)
    except (TypeError, ValueError):
        number = -1
    if number < 0 or (modality.vocabulary and number >= len(modality.vocabulary)):
        known = list(modality.vocabulary[:_NAMED_ROWS]) if modality.vocabulary else "class numbers"
        raise _CorruptCellError(f"{modality.name} {value!r} is no class; the classes are {known}")
    return number


def _read_image(path, modality):
    image = tf.io.decode_image(path.read_bytes(), channels=modality.value_shape[-1], expand_animations=False)
    return _resize(image, modality.value_shape[-3:-1])


def read_video(path, modality):
    """A GIF's frames, as many as the modality has, spread evenly over its length, uint8 in its shape."""
    frames = tf.io.decode_gif(path.read_bytes())
    if modality.value_shape[-1] == 1:
        frames = tf.image.rgb_to_grayscale(frames)
    which = np.linspace(0, len(frames) - 1, modality.value_shape[0]).round().astype("int32")
    return _resize(tf.gather(frames, which), modality.value_shape[-3:-1])


def _resize(images, size):
    """uint8 (..., h, w, c) pictures at another size, antialiased; untouched where the size is the same."""
    if tuple(images.shape[-3:-1]) != tuple(size):
        images = tf.image.resize(tf.cast(images, "float32"), size, antialias=True)
        images = tf.cast(tf.clip_by_value(tf.round(images), 0, 255), "uint8")
    return images.numpy()


def _read_audio(path, modality):
    if path.suffix.lower() == ".wav":
        samples, rate = (tensor.numpy() for tensor in tf.audio.decode_wav(path.read_bytes()))
    else:
        samples, rate = _soundfile().read(path, dtype="float32", always_2d=True)
    mono = samples.mean(axis=1)
    if modality.sample_rate and rate != modality.sample_rate:
        divisor = math.gcd(int(rate), modality.sample_rate)
        mono = _signal().resample_poly(mono, modality.sample_rate // divisor, int(rate) // divisor)
    return mono.astype("float32")


def _soundfile():
    try:
        import soundfile
    except ImportError as error:
        raise ImportError('Reading FLAC and OGG needs soundfile: pip install "mmgen_tf[audio]".') from error
    return soundfile


def _signal():
    try:
        from scipy import signal
    except ImportError as error:
        raise ImportError('Resampling audio needs scipy: pip install "mmgen_tf[audio]".') from error
    return signal
