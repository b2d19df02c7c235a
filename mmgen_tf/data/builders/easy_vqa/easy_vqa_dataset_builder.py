"""The easy-VQA dataset: a picture, a question about it, the answer."""

import pathlib

import numpy as np
import tensorflow_datasets as tfds

from mmgen_tf.data import easy_vqa_files
from mmgen_tf.data.easy_vqa_files import SIDE, SPLITS
from mmgen_tf.data.source_builder import PackageBuilder


class Builder(PackageBuilder):
    """Builder of the easy-VQA dataset; see its README.

    Arguments are those of `PackageBuilder`.
    """

    VERSION = tfds.core.Version("1.0.0")
    RELEASE_NOTES = {"1.0.0": "Initial release."}
    PACKAGE = easy_vqa_files.EASY_VQA_PACKAGE
    # TFDS 4.9.10 would look for it with `importlib_resources`, which it does not depend on.
    code_path = pathlib.Path(__file__)

    def _info(self):
        features = {
            "image": tfds.features.Image(shape=(SIDE, SIDE, 3), doc="One shape on a light ground."),
            "text": tfds.features.Text(doc="A question about it."),
            "answer": tfds.features.Text(doc="One of 13 words."),
            "picture": tfds.features.Scalar(dtype=np.int64, doc="The picture's number in its split."),
        }
        return self.dataset_info_from_configs(
            features=tfds.features.FeaturesDict(features), license="MIT", disable_shuffling=True
        )

    def _split_generators(self, dl_manager):
        directory = self._package.fetch(local=self._source)
        return {split: self._generate_examples(directory, split) for split in SPLITS}

    def _generate_examples(self, directory, split):
        pictures = {}
        for index, (text, answer, number) in enumerate(easy_vqa_files.read_questions(directory, split)):
            if number not in pictures:
                pictures[number] = easy_vqa_files.read_picture(directory, split, number)
            yield index, {"image": pictures[number], "text": text, "answer": answer, "picture": number}
