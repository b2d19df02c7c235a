"""The sprite videos: clips of eight frames and sentences, some combinations of factors held out."""

import pathlib

import tensorflow_datasets as tfds

from mmgen_tf.data import local_members
from mmgen_tf.data.builders.sprite_videos import sprite_clips
from mmgen_tf.data.source_builder import LocalBuilder

HELD_OUT_SHARE, SPLIT_SEED = 0.1, 0
CLIPS = {"train": 4, "test": 2}  # of each combination
SEEDS = {"train": 1, "test": 2}


class Builder(LocalBuilder):
    """Builder of the sprite videos, from `lpc_sprites/` in `source`; see its README.

    Args:
        limit: None, or the combinations of each split to take, as tests inject.
        **kwargs: of `LocalBuilder`.
    """

    VERSION = tfds.core.Version("1.0.0")
    RELEASE_NOTES = {"1.0.0": "Initial release."}
    # TFDS 4.9.10 would look for it with `importlib_resources`, which it does not depend on.
    code_path = pathlib.Path(__file__)

    def __init__(self, *, limit=None, **kwargs):
        self._limit = limit
        super().__init__(**kwargs)

    def _info(self):
        shape = (sprite_clips.FRAMES, sprite_clips.SIDE, sprite_clips.SIDE, 3)
        features = {
            "video": tfds.features.Video(shape=shape, doc="One person on white."),
            "text": tfds.features.Text(doc="States the six factors."),
        }
        for name, words in sprite_clips.FACTORS.items():
            features[name] = tfds.features.ClassLabel(names=words)
        return self.dataset_info_from_configs(
            features=tfds.features.FeaturesDict(features),
            supervised_keys=("video", "text"),
            license="CC BY-SA 3.0 or GPL 3.0",
            disable_shuffling=True,
        )

    def _split_generators(self, dl_manager):
        local_members.require(self._root, sprite_clips.SHEETS)
        wardrobe = sprite_clips.Wardrobe(self._root)
        splits = dict(zip(("train", "test"), sprite_clips.held_out(HELD_OUT_SHARE, SPLIT_SEED)))
        return {split: self._generate_examples(split, rows[: self._limit], wardrobe) for split, rows in splits.items()}

    def _generate_examples(self, split, rows, wardrobe):
        index = 0
        for numbers in rows:
            for drawn in sprite_clips.draw_rows(numbers, CLIPS[split], SEEDS[split]):
                yield (
                    index,
                    {
                        "video": wardrobe.clip(**drawn),
                        "text": sprite_clips.sentence_of(drawn["factors"]),
                        **dict(zip(sprite_clips.FACTORS, numbers, strict=True)),
                    },
                )
                index += 1
