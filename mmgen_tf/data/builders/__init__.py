"""The datasets this package knows how to prepare: a folder is a dataset, a dataset is a folder.

Each `<name>/` holds `<name>_dataset_builder.py`, a builder of TensorFlow Datasets (TFDS), with its description,
citation and tags beside it. Listing them imports nothing; TFDS is imported when one is prepared or loaded.
"""

import ast
import difflib
import importlib
import pathlib

_HERE = pathlib.Path(__file__).parent
_BATCH = 1024


def list_builders():
    """The datasets there are: name -> the first line of the folder's docstring, sorted by name."""
    names = sorted(path.parent.name for path in _HERE.glob("*/*_dataset_builder.py"))
    return {name: _first_line(_HERE / name / "__init__.py") for name in names}


def prepare(name, data_dir=None, source=None, **kwargs):
    """Fetches the data of a dataset and writes it for TFDS to read; does nothing where that has been done.

    Args:
        name: one of `list_builders()`.
        data_dir: the folder that TFDS keeps datasets in; None is `$TFDS_DATA_DIR`, else `~/tensorflow_datasets`.
        source: a local copy of the package the data travels in, or a folder of its files; None asks for it by name.
        **kwargs: more of the builder's own arguments.

    Returns:
        The prepared `tfds.core.DatasetBuilder`.

    Raises:
        ValueError: for an unknown name.
        PackageUnavailableError: if the data cannot be had.
    """
    builder = _create(name, data_dir, source=source, **kwargs)
    builder.download_and_prepare()
    return builder


def load(name, split, data_dir=None, columns=None, prepare=True, **kwargs):
    """Reads a split of a dataset into memory, always in the same order.

    Args:
        name: one of `list_builders()`.
        split: a TFDS split, such as `"train"`, `"test"` or `"train[:1000]"`.
        data_dir: see `prepare`.
        columns: names of the features to read, all of them if None.
        prepare: whether to prepare the dataset where that has not been done.
        **kwargs: more of the builder's own arguments, such as `source`.

    Returns:
        Feature name -> array of n rows: uint8 (n, h, w, c) images, object (n,) of Python strings, numbers (n,). A
        feature whose shape varies from row to row is an object array (n,) of arrays.

    Raises:
        ValueError: for an unknown name, split or column.
        FileNotFoundError: if the dataset is not prepared and `prepare` is False.
    """
    builder = _create(name, data_dir, **kwargs)
    if prepare:
        builder.download_and_prepare()
    elif not builder.is_prepared():
        raise FileNotFoundError(f"Expected dataset {name!r} prepared in {str(builder.data_path)!r}; received nothing.")
    features = builder.info.features
    columns = list(features) if columns is None else list(columns)
    if unknown := sorted(set(columns) - set(features)):
        raise ValueError(f"Dataset {name!r}: expected columns among {sorted(features)}; received {unknown}.")
    return _read(builder, split, columns)


def _read(builder, split, columns):
    import numpy as np
    import tensorflow_datasets as tfds

    features = builder.info.features
    dataset = builder.as_dataset(
        split=split,
        shuffle_files=False,
        decoders=tfds.decode.PartialDecoding({column: True for column in columns}),
        read_config=tfds.ReadConfig(interleave_cycle_length=1, try_autocache=False),
    )
    varying = any(None in features[column].shape for column in columns)
    chunks = list((dataset if varying else dataset.batch(_BATCH)).as_numpy_iterator())
    arrays = {}
    for column in columns:
        if varying:
            values = np.empty(len(chunks), object)
            values[:] = [chunk[column] for chunk in chunks]
            values = values if None in features[column].shape else np.stack(values)
        else:
            values = np.concatenate([chunk[column] for chunk in chunks])
        if isinstance(features[column], tfds.features.Text):
            values = np.array([value.decode() for value in values], object)
        arrays[column] = values
    return arrays


def _create(name, data_dir, **kwargs):
    known = list_builders()
    if name not in known:
        near = difflib.get_close_matches(name, known)
        hint = f" Did you mean {' or '.join(near)}?" if near else ""
        raise ValueError(f"Expected a dataset among {sorted(known)}; received {name!r}.{hint}")
    module = importlib.import_module(f"{__name__}.{name}.{name}_dataset_builder")
    return module.Builder(data_dir=data_dir, **kwargs)


def _first_line(path):
    docstring = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    return docstring.partition("\n")[0]
