"""The polydigits dataset: MNIST digits of one class in five modalities, each over a photograph of its own."""

import hashlib
import pathlib

import numpy as np
import tensorflow_datasets as tfds

from mmgen_tf.data import mnist_files
from mmgen_tf.data.builders.polydigits import digit_composer
from mmgen_tf.data.source_builder import PackageBuilder

SEEDS = {"train": 1, "test": 2}
# Of `digit_composer.pair_instances`, little-endian int32 in C order, for the pictures of `mnist_files.MNIST_PACKAGE`.
PAIRS_SHA256 = {
    "train": "32813089ab77b002ab0791cfe2d70ce25854ad41545d39e89b6011f5ea3462dd",
    "test": "bece9a50156280e9b99c1c6b588a6a103f695d5187c810200c0ece3694924ee6",
}
_CHUNK = 1000


class Builder(PackageBuilder):
    """Builder of the polydigits dataset; see its README.

    The digits come from `mnist_files.fetch`.

    Arguments are those of `PackageBuilder`.
    """

    VERSION = tfds.core.Version("1.0.0")
    RELEASE_NOTES = {"1.0.0": "Initial release."}
    PACKAGE = mnist_files.MNIST_PACKAGE
    # TFDS 4.9.10 would look for it with `importlib_resources`, which it does not depend on.
    code_path = pathlib.Path(__file__)

    def _info(self):
        # Raw bytes: photographs hardly compress, and are then read several times faster than PNG.
        features = {
            name: tfds.features.Tensor(
                shape=(28, 28, 3), dtype=np.uint8, encoding="bytes", doc=f"A digit over the photograph {background!r}."
            )
            for name, background in zip(digit_composer.MODALITIES, digit_composer.BACKGROUNDS, strict=True)
        }
        features["label"] = tfds.features.ClassLabel(num_classes=10)
        return self.dataset_info_from_configs(
            features=tfds.features.FeaturesDict(features),
            license="CC BY-SA 3.0",
            disable_shuffling=True,  # rows keep MNIST's own order
        )

    def _split_generators(self, dl_manager):
        directory = mnist_files.fetch(self._source, dl_manager, self._package)
        return {split: self._generate_examples(split, *self._pair(directory, split)) for split in mnist_files.FILES}

    def _pair(self, directory, split):
        """The digits of a split, its labels, and which digits stand together, held to the pinned digest."""
        images, labels = mnist_files.read_split(directory, split)
        pairs = digit_composer.pair_instances(labels, SEEDS[split])
        received = hashlib.sha256(pairs.astype("<i4").tobytes()).hexdigest()
        if self._package == mnist_files.MNIST_PACKAGE and received != PAIRS_SHA256[split]:
            raise ValueError(f"Pairs of {split!r}: expected SHA-256 {PAIRS_SHA256[split]}; received {received}.")
        return images, labels, pairs

    def _generate_examples(self, split, images, labels, pairs):
        for start in range(0, len(labels), _CHUNK):
            rows = slice(start, start + _CHUNK)
            columns = {
                name: digit_composer.compose_digits(images[pairs[rows, n]], n, seed=[SEEDS[split], n, start])
                for n, name in enumerate(digit_composer.MODALITIES)
            }
            columns["label"] = labels[rows]
            for index, row in enumerate(zip(*columns.values(), strict=True), start):
                yield index, dict(zip(columns, row, strict=True))
