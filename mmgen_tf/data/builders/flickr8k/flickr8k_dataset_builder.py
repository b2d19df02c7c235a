"""Flickr8k: a photo and its five captions."""

import pathlib

import tensorflow_datasets as tfds

from mmgen_tf.data import flickr8k_files, local_members
from mmgen_tf.data.flickr8k_files import PER_PHOTO, SIDE, SPLITS
from mmgen_tf.data.source_builder import LocalBuilder

TEXTS = ("text", *(f"text_{number}" for number in range(1, PER_PHOTO)))


class Builder(LocalBuilder):
    """Builder of Flickr8k; see its README.

    `source` holds `flickr8k/`; arguments are those of `LocalBuilder`.
    """

    VERSION = tfds.core.Version("1.0.0")
    RELEASE_NOTES = {"1.0.0": "Initial release."}
    # TFDS 4.9.10 would look for it with `importlib_resources`, which it does not depend on.
    code_path = pathlib.Path(__file__)

    def _info(self):
        features = {"image": tfds.features.Image(shape=(SIDE, SIDE, 3), encoding_format="jpeg")}
        features |= {name: tfds.features.Text(doc="A caption.") for name in TEXTS}
        features["name"] = tfds.features.Text(doc="The photo's file name.")
        return self.dataset_info_from_configs(
            features=tfds.features.FeaturesDict(features), license="for research only", disable_shuffling=True
        )

    def _split_generators(self, dl_manager):
        local_members.require(self._root, flickr8k_files.PHOTOS)
        captions = flickr8k_files.read_captions(self._root)
        places, names = {}, {split: flickr8k_files.read_split(self._root, split) for split in SPLITS}
        for split, listed in names.items():
            places |= {name: (split, place) for place, name in enumerate(listed)}
        rows = {split: [None] * len(listed) for split, listed in names.items()}
        for path, content in flickr8k_files.PHOTOS.read(self._root):
            name = pathlib.PurePosixPath(path).name
            if name in places:
                split, place = places[name]
                rows[split][place] = (name, content)
        for split, listed in names.items():
            absent = [name for name, row in zip(listed, rows[split]) if row is None or name not in captions]
            if absent:
                raise ValueError(
                    f"flickr8k: split {split!r} names {absent[0]!r} and {len(absent) - 1} others without a photo or a "
                    f"caption."
                )
        return {split: self._generate_examples(rows[split], captions) for split in SPLITS}

    def _generate_examples(self, rows, captions):
        for index, (name, content) in enumerate(rows):
            texts = dict(zip(TEXTS, captions[name]))
            yield index, {"image": flickr8k_files.decode_photo(name, content), **texts, "name": name}
