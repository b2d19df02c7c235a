"""ImageClassifier: the contract, and what is its own."""

import numpy as np
import pytest
from contracts import run_model_contract
from tiny_models import SIDE, image_classifier, labelled_pictures

from mmgen_tf.modalities.image.image_processor import ImageProcessor
from mmgen_tf.models.classifier.image_classifier import ImageClassifier


def test_keeps_the_contract(tmp_path):
    run_model_contract(image_classifier, labelled_pictures(), tmp_path)


def test_answers_class_names_and_features():
    model, columns = image_classifier(), labelled_pictures()
    assert model.generate({"image": columns["image"][0]}) in ("a", "b", "c")
    assert set(model.generate({"image": columns["image"]})) <= {"a", "b", "c"}
    tensor = model.processors["image"].preprocess(columns["image"])
    assert model.features(tensor).shape == (19, 8) and model.logits(tensor).shape == (19, 3)


def test_accuracy_is_the_share_of_right_answers():
    model, columns = image_classifier(), labelled_pictures()
    model.compile()
    answers = model.generate({"image": columns["image"]})
    right = np.mean([answer == "abc"[label] for answer, label in zip(answers, columns["label"])])
    assert model.evaluate(columns, batch_size=4, verbose=0, return_dict=True)["accuracy"] == pytest.approx(right)


def test_augmentation_is_for_training_only():
    model, columns = image_classifier(), labelled_pictures()
    model.compile()
    first, second = (model.evaluate(columns, verbose=0) for _ in range(2))
    assert first == second
    model.augmentation = lambda images, noise: 1 / 0
    assert model.evaluate(columns, verbose=0) == first
    with pytest.raises(ZeroDivisionError):
        model.compile(run_eagerly=True)
        model.fit(columns, verbose=0)


def test_takes_one_picture_or_sound_and_one_label():
    with pytest.raises(ValueError, match=r"one image or audio processor and one label processor; received \['image'\]"):
        ImageClassifier({"image": ImageProcessor(**SIDE)}, encoder=None)
