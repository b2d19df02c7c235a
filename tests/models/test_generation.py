"""Requests in human values: which forms they take, and which forms the answers have."""

import numpy as np
import pytest
from tiny_models import captions, image_classifier, mlp_gan, mvae, pictures

from mmgen_tf.modalities.text.text_processor import TextProcessor


@pytest.fixture(scope="module")
def gan():
    return mlp_gan()


@pytest.fixture(scope="module")
def vae():
    return mvae()


@pytest.mark.parametrize(
    "texts, num_samples, shape",
    [
        ("thin one", 1, (8, 8, 1)),
        ("thin one", 3, (3, 8, 8, 1)),
        (["thin one"], 1, (1, 8, 8, 1)),
        (("thin one", "thick"), 1, (2, 8, 8, 1)),
        (np.array(["thin one", "thick"]), 3, (2, 3, 8, 8, 1)),
    ],
)
def test_the_form_of_the_answer_follows_the_question(gan, texts, num_samples, shape):
    answer = gan.generate({"text": texts}, num_samples=num_samples)
    assert answer.shape == shape and answer.dtype == np.uint8


def test_several_answers_are_a_dict_and_samples_of_words_are_lists(vae):
    words = vae.generate({"image": pictures(2)}, num_samples=3)
    assert [len(row) for row in words] == [3, 3] and all(isinstance(text, str) for row in words for text in row)
    assert isinstance(vae.generate({"image": pictures(1)[0]}), str)
    assert set(vae.generate({"image": pictures(2)}, to=["text"])) == {"text"}
    both = vae.generate()
    assert both["image"].shape == (8, 8, 1) and isinstance(both["text"], str)
    assert set(vae.generate({"image": pictures(1), "text": captions(1)})) == {"image", "text"}


def test_a_seed_decides_the_draws(gan):
    first, again, other, fresh, fresher = (
        gan.generate({"text": "thin one"}, num_samples=4, seed=seed) for seed in (1, 1, 2, None, None)
    )
    np.testing.assert_array_equal(first, again)
    assert (first != other).any() and (fresh != fresher).any()
    assert len(np.unique(first.reshape(4, -1), axis=0)) == 4


def test_long_requests_are_answered_in_parts(gan):
    answer = gan.generate({"text": captions(7)}, seed=0, batch_size=3)
    assert answer.shape == (7, 8, 8, 1) and len(np.unique(answer.reshape(7, -1), axis=0)) == 7


def test_none_in_a_list_is_missing_and_none_alone_is_absent(vae):
    pair = pictures(2)
    blank = vae.generate({"image": [pair[0], None], "text": [None, "thin"]}, to="text")
    assert len(blank) == 2
    absent = vae.generate({"image": pair, "text": None}, to="image", seed=0)
    np.testing.assert_array_equal(absent, vae.generate({"image": pair}, to="image", seed=0))


@pytest.mark.parametrize(
    "inputs, options, message",
    [
        ({"txt": "thin"}, {}, r"inputs by modality: 'txt' is not one of \['text'\]; did you mean 'text'\?"),
        ({"text": "thin"}, {"to": "imag"}, r"outputs by modality: 'imag' is not one of .*did you mean 'image'\?"),
        ({"text": "thin"}, {"to": ["image", "sound"]}, "'sound' is not one of"),
        ({}, {}, r"ConditionalGAN needs \['text'\] to generate; received inputs \[\]"),
        ({"text": None}, {}, r"needs \['text'\]"),
        ({"text": ["thin", None]}, {}, "'text' may not be missing; row 1 has none"),
        ({"text": []}, {}, "length of at least 1"),
        ({"text": "thin"}, {"num_samples": 0}, "num_samples must be at least 1; received 0"),
        ({"text": "thin"}, {"temprature": 1.0}, "ConditionalGAN takes options: 'temprature' is not one of"),
        ({"text": "thin"}, {"batch_size": 0}, "batch_size must be at least 1; received 0"),
    ],
)
def test_bad_requests_are_refused(gan, inputs, options, message):
    with pytest.raises(ValueError, match=message):
        gan.generate(inputs, **options)


def test_inputs_that_do_not_go_together_are_refused(vae):
    with pytest.raises(ValueError, match="one and the same length of at least 1; received .*'image': 2, 'text': 1"):
        vae.generate({"image": pictures(2), "text": ["thin"]})
    with pytest.raises(ValueError, match="Give either one value or a list for every modality"):
        vae.generate({"image": pictures(2), "text": "thin"})


def test_a_processor_belongs_to_its_name():
    model = image_classifier()
    processors = {"picture": model.processors["image"], "label": model.processors["label"]}
    with pytest.raises(ValueError, match=r"processors\['picture'\] makes the modality 'image'; names must agree"):
        type(model)(processors, model.encoder)


def test_a_vocabulary_that_the_weights_were_not_made_for_is_refused():
    model = mlp_gan()
    model.build()
    longer = TextProcessor(vocabulary=[*model.modalities["text"].vocabulary[2:], "more"], sequence_length=4)
    model.processors["text"] = longer
    for use in (lambda: model.generate({"text": "thin one"}), model.compile):
        with pytest.raises(ValueError, match=r"was made for \d+ words, .*; the vocabulary of 'text' has \d+"):
            use()
