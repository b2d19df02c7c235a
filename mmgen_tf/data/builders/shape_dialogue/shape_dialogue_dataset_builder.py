"""The shape dialogues: several turns about one picture, each with all that was said before."""

import pathlib

import numpy as np
import tensorflow_datasets as tfds

from mmgen_tf.data import easy_vqa_files
from mmgen_tf.data.builders.shape_dialogue.dialogue_turns import draw_dialogues, history_of
from mmgen_tf.data.easy_vqa_files import SIDE, SPLITS
from mmgen_tf.data.source_builder import PackageBuilder

PER_PICTURE = {"train": 4, "test": 2}
SEEDS = {"train": 1, "test": 2}


class Builder(PackageBuilder):
    """Builder of the shape dialogues; see its README.

    Arguments are those of `PackageBuilder`.
    """

    VERSION = tfds.core.Version("1.1.0")
    RELEASE_NOTES = {"1.0.0": "Initial release.", "1.1.0": "Four dialogues a picture for training."}
    PACKAGE = easy_vqa_files.EASY_VQA_PACKAGE
    # TFDS 4.9.10 would look for it with `importlib_resources`, which it does not depend on.
    code_path = pathlib.Path(__file__)

    def _info(self):
        features = {
            "image": tfds.features.Image(shape=(SIDE, SIDE, 3), doc="One shape on a light ground."),
            "history": tfds.features.Text(doc="What was said before."),
            "text": tfds.features.Text(doc="The new question."),
            "answer": tfds.features.Text(doc="One word."),
            "needs_history": tfds.features.Scalar(dtype=np.bool_, doc="Whether another history has another answer."),
            "turn": tfds.features.Scalar(dtype=np.int64, doc="Its place in the dialogue."),
        }
        return self.dataset_info_from_configs(
            features=tfds.features.FeaturesDict(features),
            license="MIT (pictures), Apache-2.0 (dialogues)",
            disable_shuffling=True,
        )

    def _split_generators(self, dl_manager):
        directory = self._package.fetch(local=self._source)
        return {split: self._generate_examples(directory, split) for split in SPLITS}

    def _generate_examples(self, directory, split):
        stated = easy_vqa_files.stated_pictures(easy_vqa_files.read_questions(directory, split))
        row = 0
        for number, turns in draw_dialogues(stated, PER_PICTURE[split], SEEDS[split]):
            picture = easy_vqa_files.read_picture(directory, split, number)
            for place, turn in enumerate(turns):
                yield row, {
                    "image": picture, "history": history_of(turns[:place]), "text": turn.text, "answer": turn.answer,
                    "needs_history": turn.needs_history, "turn": place,
                }  # fmt: skip
                row += 1
