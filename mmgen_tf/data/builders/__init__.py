"""The datasets this package knows how to prepare: a folder is a dataset, a dataset is a folder.

Each `<name>/` holds `<name>_dataset_builder.py`, a builder of TensorFlow Datasets (TFDS), with its description,
citation and tags beside it. Listing them imports nothing; TFDS is imported when one is prepared or loaded. A dataset
that comes in several configs is asked for as `"name/config"`.
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
        name: one of `list_builders()`, followed by `/` and a config where the dataset has configs.
        data_dir: the folder that TFDS keeps datasets in; None is `$TFDS_DATA_DIR`, else `~/tensorflow_datasets`.
        source: a local copy of the package the data travels in, or a folder of its files; None asks for it by name.
        **kwargs: more of the builder's own arguments.

    Returns:
        The prepared `tfds.core.DatasetBuilder`.

    Raises:
        ValueError: for an unknown name or config, or a config too many or too few.
        PackageUnavailableError: if the data cannot be had.
    """
    builder = _create(name, data_dir, source=source, **kwargs)
    builder.download_and_prepare()
    return builder


def load(name, split, data_dir=None, columns=None, prepare=True, missing_ratio=0.0, missing_seed=0, **kwargs):
    """Reads a split of a dataset into memory, always in the same order.

    Args:
        name: one of `list_builders()`, followed by `/` and a config where the dataset has configs.
        split: a TFDS split, such as `"train"`, `"test"` or `"train[:1000]"`.
        data_dir: see `prepare`.
        columns: names of the features to read, all of them if None.
        prepare: whether to prepare the dataset where that has not been done.
        missing_ratio: where it is above 0, the rows that are read pass through `missing.with_missing`: every value of
            a modality is missing with this probability, and each row keeps at least one. A modality is a column of
            texts, or of arrays such as pictures and sounds; numbers (n,), such as labels, are never missing. The
            stored data stay complete.
        missing_seed: the seed of that draw.
        **kwargs: more of the builder's own arguments, such as `source`.

    Returns:
        Feature name -> array of n rows: uint8 (n, h, w, c) images, object (n,) of Python strings, numbers (n,). A
        feature whose shape varies from row to row is an object array (n,) of arrays. With a `missing_ratio` above 0
        there is also `"present"`: modality -> bool (n,).

    Raises:
        ValueError: for an unknown name, config, split or column, a `missing_ratio` outside [0, 1), or one above 0 where
            no modality is read.
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
    arrays = _read(builder, split, columns)
    if missing_ratio == 0:
        return arrays
    from mmgen_tf.data import missing

    modalities = [column for column in columns if _is_modality(features[column])]
    return missing.with_missing(arrays, modalities, missing_ratio, missing_seed)


def _is_modality(feature):
    import tensorflow_datasets as tfds

    return isinstance(feature, tfds.features.Text) or len(feature.shape) > 0


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
    size, start, arrays = builder.info.splits[split].num_examples, 0, {}
    for column in columns:  # filled batch by batch, so that a split is never in memory twice
        shape, dtype = features[column].shape, features[column].np_dtype
        arrays[column] = np.empty(size, object) if None in shape else np.empty((size, *shape), dtype)
    for chunk in (dataset if varying else dataset.batch(_BATCH)).as_numpy_iterator():
        where = start if varying else slice(start, start + len(chunk[columns[0]]))
        for column in columns:
            arrays[column][where] = chunk[column]
        start = start + 1 if varying else where.stop
    for column in columns:
        if isinstance(features[column], tfds.features.Text):
            arrays[column] = np.array([value.decode() for value in arrays[column]], object)
    return arrays


def _create(name, data_dir, **kwargs):
    name, slash, config = name.partition("/")
    known = list_builders()
    if name not in known:
        raise ValueError(f"Expected a dataset among {sorted(known)}; received {name!r}.{_hint(name, known)}")
    module = importlib.import_module(f"{__name__}.{name}.{name}_dataset_builder")
    configs = [f"{name}/{each.name}" for each in module.Builder.BUILDER_CONFIGS]
    if not configs and not slash:
        return module.Builder(data_dir=data_dir, **kwargs)
    asked = name + slash + config
    if not configs:
        raise ValueError(f"Dataset {name!r} has no configs: expected {name!r}; received {asked!r}.")
    if asked not in configs:
        raise ValueError(f"Dataset {name!r}: expected one of {configs}; received {asked!r}.{_hint(asked, configs)}")
    return module.Builder(data_dir=data_dir, config=config, **kwargs)


def _hint(name, known):
    near = difflib.get_close_matches(name, known)
    return f" Did you mean {' or '.join(near)}?" if near else ""


def _first_line(path):
    docstring = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    return docstring.partition("\n")[0]
