"""What generated pictures are worth to a classifier: trained on them, or on a few real ones and them, tested on real
ones (Ravuri & Vinyals 2019)."""

import keras
import numpy as np

from mmgen_tf.evaluation.draws import draw_from
from mmgen_tf.fused_adam import FusedAdam
from mmgen_tf.layers.random_affine import RandomAffine
from mmgen_tf.modalities.image.image_encoder import ImageEncoder
from mmgen_tf.modalities.image.image_processor import ImageProcessor
from mmgen_tf.modalities.label.label_processor import LabelProcessor
from mmgen_tf.models.classifier.image_classifier import ImageClassifier

REAL_A_CLASS, DRAWN_A_CLASS = 100, 1000
STEPS, BATCH = 2000, 64


def first_of_each_class(labels, count):
    """Row numbers, int64 ascending: the first `count` of each class, or all of a class that has fewer."""
    labels = np.asarray(labels)
    return np.sort(np.concatenate([np.flatnonzero(labels == label)[:count] for label in np.unique(labels)]))


def augmentation_figures(model, train, test, seed=0):
    """Accuracies on the test pictures of one classifier after 100 real pictures a class, after drawn ones, after both.

    Every training has the same number of steps of the same size, and pictures that are turned and moved a little.

    Args:
        model: a `GenerativeModel` from `text` to `image`.
        train: columns `image`, `text` and `label`; captions of it are drawn from.
        test: columns `image` and `label`.
        seed: of draws and classifiers.

    Returns:
        list of `(metric, value, protocol)`.
    """
    few = first_of_each_class(train["label"], REAL_A_CLASS)
    many = first_of_each_class(train["label"], DRAWN_A_CLASS)
    captions = {"text": [train["text"][row] for row in many]}
    drawn = draw_from(model, captions, ["text"], ["image"], seed)["image"], np.asarray(train["label"])[many]
    real = train["image"][few], np.asarray(train["label"])[few]
    both = tuple(np.concatenate(parts) for parts in zip(real, drawn, strict=True))
    alone, score, together = (accuracy_after(*rows, test, seed) for rows in (real, drawn, both))
    how = f"a small convolutional classifier after {STEPS:,} steps on"
    few_real, many_drawn = f"{len(few):,} real training pictures", f"{len(many):,} drawn for training captions"
    return [
        ("classification_accuracy_gain", together - alone, f"{how} {few_real} and {many_drawn}, less the former"),
        ("classification_accuracy_score", score, f"{how} {many_drawn}"),
        ("classification_accuracy_of_few", alone, f"{how} {few_real}"),
    ]  # fmt: skip


def accuracy_after(pictures, labels, test, seed=0):
    """Share of the test pictures that a classifier reads right after it has learnt from pictures and labels."""
    answers = taught(pictures, labels, seed).generate({"image": test["image"]}, to="label", batch_size=500)
    return float(np.mean(np.array(answers, int) == np.asarray(test["label"])))


def taught(pictures, labels, seed=0, steps=None):
    """A small convolutional `ImageClassifier` that has learnt from pictures and labels, ints from 0, for `STEPS`."""
    steps, labels = steps or STEPS, np.asarray(labels)
    batch_size = min(BATCH, len(labels))
    height, width, channels = pictures.shape[1:]
    size = {"height": height, "width": width, "channels": channels}
    keras.utils.set_random_seed(seed)
    model = ImageClassifier(
        processors={
            "image": ImageProcessor(range=(-1, 1), **size),
            "label": LabelProcessor(classes=[str(label) for label in range(labels.max() + 1)]),
        },
        encoder=ImageEncoder(filters=(16, 32), output_dim=64, **size),
        augmentation=RandomAffine(rotation=10, zoom=0.1, shift=2),
        seed=seed,
    )
    schedule = keras.optimizers.schedules.CosineDecay(2e-3, steps, alpha=0.01)
    model.compile(optimizer=FusedAdam(schedule, weight_decay=1e-3))
    model.fit(
        {"image": pictures, "label": labels}, batch_size=batch_size, drop_remainder=True, verbose=0,
        epochs=-(-steps // (len(labels) // batch_size)),
    )  # fmt: skip
    return model
