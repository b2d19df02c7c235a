"""JointGAN: the contract, and what is its own: relaxed words, pairs, mismatched pairs."""

import numpy as np
import pytest
from contracts import Case, run_model_contract
from tiny_models import captioned_pictures, joint_gan, pair_processors

from mmgen_tf.losses.gradient_penalty import r1_penalty
from mmgen_tf.models.gan.joint_gan import JointGAN
from mmgen_tf.noise import Noise

OBJECTIVES = {"optimizer": "generator_loss", "discriminator_optimizer": "discriminator_loss"}


@pytest.fixture
def case(tmp_path):
    return Case(joint_gan, captioned_pictures(), tmp_path, objectives=OBJECTIVES)


def test_keeps_the_contract(tmp_path):
    run_model_contract(joint_gan, captioned_pictures(), tmp_path, objectives=OBJECTIVES)


@pytest.mark.parametrize("weight", [0.0, 0.5])
def test_objective_by_hand(tmp_path, weight):
    case = Case(lambda: joint_gan(mismatch_weight=weight), captioned_pictures(), tmp_path, objectives=OBJECTIVES)
    model, batch = case.compiled(adversarial="least_squares"), case.batch(4)
    losses, made = model.compute_losses(batch, Noise(3)), model.imagine(batch, Noise(3), training=False)
    words = model.one_hot(batch["text"])

    def pair(pictures, said):
        return model.discriminator(pictures, model.text_encoder(said))

    on_real, on_fake = pair(batch["image"], words), pair(made["image"], made["text"])
    on_other = pair(batch["image"], np.roll(words, -1, axis=0))
    of_real, of_fake = (model.text_discriminator({"text": said}) for said in (words, made["text"]))
    expected = (on_real - 1) ** 2 / 2 + (on_fake**2 / 2 + weight * on_other**2 / 2) / (1 + weight)
    expected += (of_real - 1) ** 2 / 2 + of_fake**2 / 2
    np.testing.assert_allclose(losses["discriminator_loss"], expected, rtol=1e-4)
    expected = (on_fake - 1) ** 2 / 2 + (of_fake - 1) ** 2 / 2
    np.testing.assert_allclose(losses["generator_loss"], expected, rtol=1e-4)


def test_a_picture_is_drawn_for_the_words_beside_it(case):
    model = case.trained()
    drawn = model.generate(num_samples=6, seed=1)
    tokens = model.processors["text"].preprocess(drawn["text"])
    noise = Noise([1, 0])
    noise.normal((6, model.trunk.input_dim))
    model.text_generator.draw(np.zeros((6, 6), "float32"), noise, 1.0)  # the draws that the words took
    again = model.processors["image"].postprocess(model.drawn(model.one_hot(tokens), noise, training=False))
    assert np.abs(again.numpy().astype(int) - drawn["image"]).max() <= 1


def test_penalty_is_of_picture_and_words(case):
    model, batch = case.compiled(r1_weight=1.0), case.batch(4)
    made = model.imagine(batch, Noise(0), training=True)
    rows = model.penalty(batch, made, Noise(0))
    real, _, score = model.penalised(batch, made)
    of_pictures = r1_penalty(lambda image: score({**real, "image": image}), real["image"])
    assert rows.shape == (4,) and np.min(rows - of_pictures) > 0


def test_narrow_noise_narrows_what_comes(case):
    model = case.trained()
    wide, narrow = (
        model.generate(to="image", num_samples=64, seed=0, **t) for t in ({}, {"truncation": 0.01, "temperature": 0.0})
    )
    assert narrow.astype(float).std(0).mean() < wide.astype(float).std(0).mean()
    with pytest.raises(ValueError, match="truncation must be positive; received 0"):
        model.generate(truncation=0)


def test_wiring_that_cannot_be_is_refused():
    with pytest.raises(ValueError, match=r"one text and one image processor; received kinds \['image'\]"):
        JointGAN({"image": pair_processors()["image"]}, *[None] * 6)
    with pytest.raises(ValueError, match="text_temperature must be positive; received 0"):
        joint_gan(text_temperature=0)
