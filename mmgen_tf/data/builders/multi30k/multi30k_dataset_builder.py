"""Multi30K: a sentence in four languages, and the photo it describes where the user has it."""

import gzip
import pathlib

import numpy as np
import tensorflow_datasets as tfds

from mmgen_tf.data import flickr8k_files, local_members
from mmgen_tf.data.local_members import LocalMembers
from mmgen_tf.data.source_builder import LocalBuilder

LANGUAGES = ("en", "de", "fr", "cs")
SPLITS = {"train": "train", "validation": "val", "test": "test_2016_flickr"}
SENTENCES = LocalMembers(
    "multi30k", "multi30k.tar", (".gz", ".txt"), "train.en.gz ... and images_train.txt ...",
    "Multi30K dataset of Elliott, Frank, Sima'an and Specia",
)  # fmt: skip
BLANK = np.zeros((1, 1, 3), "uint8")


class Builder(LocalBuilder):
    """Builder of Multi30K; see its README.

    `source` holds `multi30k/` and, for photos, `flickr8k/`; arguments are those of `LocalBuilder`.
    """

    VERSION = tfds.core.Version("1.0.0")
    RELEASE_NOTES = {"1.0.0": "Initial release."}
    # TFDS 4.9.10 would look for it with `importlib_resources`, which it does not depend on.
    code_path = pathlib.Path(__file__)

    def _info(self):
        features = {"text": tfds.features.Text(doc="English.")}
        features |= {f"text_{language}": tfds.features.Text() for language in LANGUAGES[1:]}
        features["image"] = tfds.features.Image(shape=(None, None, 3), encoding_format="png")
        features["has_image"] = tfds.features.Scalar(dtype=np.bool_)
        return self.dataset_info_from_configs(
            features=tfds.features.FeaturesDict(features), license="for research only", disable_shuffling=True
        )

    def _split_generators(self, dl_manager):
        local_members.require(self._root, SENTENCES)
        files = {pathlib.PurePosixPath(path).name: content for path, content in SENTENCES.read(self._root)}
        photos = {}
        if flickr8k_files.PHOTOS.is_there(self._root):
            for path, content in flickr8k_files.PHOTOS.read(self._root):
                photos[flickr8k_files.photo_number(path)] = content
        return {split: self._generate_examples(read_rows(files, part), photos) for split, part in SPLITS.items()}

    def _generate_examples(self, rows, photos):
        for index, (name, *sentences) in enumerate(rows):
            content = photos.get(flickr8k_files.photo_number(name))
            image = BLANK if content is None else flickr8k_files.decode_photo(name, content)
            texts = {"text" if language == "en" else f"text_{language}": s for language, s in zip(LANGUAGES, sentences)}
            yield index, {**texts, "image": image, "has_image": content is not None}


def read_rows(files, part):
    """List of `(photo's file name, sentence in each of LANGUAGES)`.

    Args:
        files: dict of file name -> content.
        part: of `SPLITS`, as the files are named.

    Raises:
        ValueError: for a file that is missing, or files of different lengths.
    """
    wanted = {f"images_{part}.txt": None} | {f"{part}.{language}.gz": language for language in LANGUAGES}
    if absent := sorted(set(wanted) - set(files)):
        raise ValueError(f"multi30k: expected {absent[0]!r} among the files; received {sorted(files)[:5]} and others.")
    columns = []
    for name in wanted:
        content = gzip.decompress(files[name]) if name.endswith(".gz") else files[name]
        columns.append([line.strip() for line in content.decode("utf-8").strip("\n").split("\n")])
    lengths = dict(zip(wanted, map(len, columns)))
    if len(set(lengths.values())) > 1:
        raise ValueError(f"multi30k: expected files of one length; received {lengths}.")
    return list(zip(*columns, strict=True))
