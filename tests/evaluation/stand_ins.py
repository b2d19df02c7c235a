"""Models and judges whose answers are known, so that a protocol's figures can be counted by hand."""

import itertools
import types

import numpy as np
import tensorflow as tf

from mmgen_tf.layers.gaussian_encoder import GaussianEncoder
from mmgen_tf.modalities.image.image_processor import ImageProcessor
from mmgen_tf.modalities.image.mlp_image_decoder import MLPImageDecoder
from mmgen_tf.modalities.image.mlp_image_encoder import MLPImageEncoder
from mmgen_tf.modalities.label.label_decoder import LabelDecoder
from mmgen_tf.modalities.label.label_encoder import LabelEncoder
from mmgen_tf.modalities.label.label_processor import LabelProcessor
from mmgen_tf.models.vae.mvae import MVAE

SIDE = {"height": 8, "width": 8}
FIVE = tuple(f"image_{n}" for n in range(5))


class BrightnessClassifier:
    """Reads a class off the first pixel: the grey value is the class. No weights."""

    def __init__(self, name="image", shape=(8, 8, 1)):
        height, width, channels = shape
        self.processors = {name: ImageProcessor(name, height, width, channels, range=(0, 255))}
        self.input_names = (name,)

    def features(self, images):
        return images[:, :2, 0, 0]

    def logits(self, images):
        return tf.one_hot(tf.cast(images[:, 0, 0, 0], tf.int32), 10)


class Oracle:
    """Answers by a function `(inputs, name, count) -> values`; takes and makes all of `names`."""

    latent_sampler = None
    required_names = ()

    def __init__(self, names, answer, outputs=None, requires=()):
        self.input_names = tuple(name for name in names if not outputs or name not in outputs)
        self.output_names = tuple(outputs or names)
        self.required_names = tuple(requires)
        self.answer, self.calls = answer, []
        self.modalities = {
            "label": types.SimpleNamespace(vocabulary=tuple("0123456789")),
        }

    def directions(self):
        pairs = itertools.product(self.input_names, self.output_names)
        return [((i,), (o,)) for i, o in pairs if i != o] + [((), self.output_names)] * (not self.required_names)

    def generate(self, inputs=None, to=None, num_samples=1, seed=None, batch_size=256):
        self.calls.append((tuple(sorted(inputs or {})), tuple(to), seed))
        count = len(next(iter(inputs.values()))) if inputs else num_samples
        return {name: self.answer(inputs or {}, name, count) for name in to}


def pictures_of(classes, shape=(8, 8, 1)):
    """uint8 pictures that `BrightnessClassifier` reads as `classes`."""
    return np.broadcast_to(np.asarray(classes, "uint8")[:, None, None, None], (len(classes), *shape)).copy()


def five_pictures(count=40):
    """Columns like those of polydigits, and noise beside the first pixel."""
    labels = np.arange(count) % 10
    columns = {}
    for n, name in enumerate(FIVE):
        columns[name] = np.random.default_rng(n).integers(0, 256, (count, 8, 8, 1)).astype("uint8")
        columns[name][:, 0, 0, 0] = labels
    return columns | {"label": labels}


def five_picture_parts(width=4):
    """Processors, encoders and decoders of a tiny VAE over `FIVE`."""
    return {
        "processors": {name: ImageProcessor(name, range=(0, 1), **SIDE) for name in FIVE},
        "encoders": {name: GaussianEncoder(MLPImageEncoder(hidden_dims=(4,), **SIDE), width) for name in FIVE},
        "decoders": {name: MLPImageDecoder(width, hidden_dims=(4,), **SIDE) for name in FIVE},
    }


def labelled_mvae(latent=3):
    """A tiny MVAE over image and label."""
    return MVAE(
        processors={"image": ImageProcessor(range=(0, 1), **SIDE), "label": LabelProcessor(classes=range(10))},
        encoders={
            "image": GaussianEncoder(MLPImageEncoder(hidden_dims=(4,), **SIDE), latent),
            "label": GaussianEncoder(LabelEncoder(10, (4,)), latent),
        },
        decoders={
            "image": MLPImageDecoder(latent, hidden_dims=(4,), **SIDE),
            "label": LabelDecoder(10, latent, (4,)),
        },
    )
