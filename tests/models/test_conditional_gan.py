"""ConditionalGAN: the contract for both pairs, and what is its own: objectives, penalties, clipping."""

import keras
import numpy as np
import pytest
from contracts import Case, replica_difference, run_model_contract, weight_difference, weights_of
from tiny_models import SIDE, captioned_pictures, dcgan, mlp_gan, residual_gan

from mmgen_tf.losses.adversarial import ADVERSARIAL_LOSSES
from mmgen_tf.modalities.image.image_processor import ImageProcessor
from mmgen_tf.modalities.image.perceptual_distance import PerceptualDistance
from mmgen_tf.models.gan.conditional_gan import ConditionalGAN
from mmgen_tf.noise import Noise

OBJECTIVES = {"optimizer": "generator_loss", "discriminator_optimizer": "discriminator_loss"}


def exact_mlp_gan():
    return mlp_gan(dropout=0.0)


def made_of(batch, scale=1.0):
    """As `imagine` gives it."""
    return {"tokens": batch["text"], "drawn": scale * batch["image"]}


@pytest.fixture
def case(tmp_path):
    return Case(exact_mlp_gan, captioned_pictures(), tmp_path, objectives=OBJECTIVES)


def test_mlp_pair_keeps_the_contract(tmp_path):
    run_model_contract(mlp_gan, captioned_pictures(), tmp_path, objectives=OBJECTIVES, make_exact=exact_mlp_gan)


def test_dcgan_pair_keeps_the_contract(tmp_path):
    """Taught by both distances, so that the text encoder learns with the generator."""

    def taught():
        return dcgan(reconstruction_weight=2.0, perceptual_weight=1.0)

    run_model_contract(taught, captioned_pictures(), tmp_path, objectives=OBJECTIVES)


def test_residual_pair_keeps_the_contract(tmp_path):
    run_model_contract(
        residual_gan, captioned_pictures(), tmp_path, objectives=OBJECTIVES, options={"adversarial": "hinge"}
    )


@pytest.mark.parametrize("adversarial", ADVERSARIAL_LOSSES)
def test_every_objective_trains(case, adversarial):
    options = {"gradient_penalty_weight": 10.0} if adversarial == "wasserstein" else {}
    model = case.compiled(adversarial=adversarial, **options)
    logs = model.train_step(case.batch())
    assert set(logs) == {"generator_loss", "discriminator_loss", "loss"} and np.isfinite(list(logs.values())).all()
    assert weight_difference(model, case.compiled()) > 0


@pytest.mark.parametrize("weight", [0.0, 0.5])
def test_objective_by_hand(case, weight):
    model, batch = mlp_gan(dropout=0.0, mismatch_weight=weight), case.batch(4)
    model.compile(adversarial="least_squares")
    losses = model.compute_losses(batch, Noise(3))
    condition = model.text_encoder(batch["text"])
    fake = model.generator(Noise(3).normal((4, 4)), condition)
    on_real, on_fake = model.discriminator(batch["image"], condition), model.discriminator(fake, condition)
    on_other = model.discriminator(batch["image"], model.text_encoder(np.roll(batch["text"], -1, axis=0)))
    expected = (on_real - 1) ** 2 / 2 + (on_fake**2 / 2 + weight * on_other**2 / 2) / (1 + weight)
    np.testing.assert_allclose(losses["discriminator_loss"], expected, rtol=1e-5)
    np.testing.assert_allclose(losses["generator_loss"], (on_fake - 1) ** 2 / 2, rtol=1e-5)
    np.testing.assert_allclose(losses["loss"], losses["generator_loss"] + losses["discriminator_loss"], rtol=1e-6)


def test_the_distances_to_the_picture_by_hand(case):
    model, batch = mlp_gan(dropout=0.0), case.batch(4)
    model.compile()
    plain, made = model.compute_losses(batch, Noise(3)), model.imagine(batch, Noise(3), training=False)
    model.reconstruction_weight, model.perceptual_weight = 3.0, 2.0
    model.compile()
    taught = model.compute_losses(batch, Noise(3))
    far = np.abs(np.array(batch["image"]) - made["drawn"]).mean((1, 2, 3))
    expected = 3.0 * far + 2.0 * np.array(PerceptualDistance()(made["drawn"], batch["image"]))
    np.testing.assert_allclose(taught["generator_loss"] - plain["generator_loss"], expected, rtol=1e-4)
    np.testing.assert_allclose(taught["discriminator_loss"], plain["discriminator_loss"], rtol=1e-6)


def test_the_text_encoder_learns_with_whoever_is_told_most(case):
    """With the generator where that is told what the picture looks like, else with the discriminator."""
    told, untold = case.compiled(), case.compiled()
    told.reconstruction_weight = 1.0
    for model, players in ((told, ("generator", "discriminator")), (untold, ("discriminator", "generator"))):
        teacher, other = (model.optimized_variables()[player] for player in players)
        paths = {weight.path for weight in model.text_encoder.trainable_weights}
        assert paths <= {weight.path for weight in teacher} and not paths & {weight.path for weight in other}


def test_penalties_of_a_linear_discriminator(case):
    """Without hidden layers D(x, t) is linear in x, so both penalties are known."""
    model, batch = case.compiled(r1_weight=3.0, gradient_penalty_weight=5.0), case.batch(4)
    model.discriminator.features = lambda image, training: keras.ops.reshape(image, (-1, 64))
    model.discriminator.score = lambda features, condition, training: keras.ops.sum(features * 0.5, axis=-1)
    squared = 64 * 0.5**2
    expected = 3.0 * squared / 2 + 5.0 * (squared**0.5 - 1) ** 2
    np.testing.assert_allclose(model.penalty(batch, made_of(batch, 0.1), Noise(0)), np.full(4, expected), rtol=1e-5)


def test_penalties_come_every_interval_and_weigh_as_many_times(case):
    model, batch = case.compiled(r1_weight=1.0, penalty_interval=3), case.batch(4)
    every = case.compiled(r1_weight=1.0)
    for step in range(4):
        model.discriminator_optimizer.iterations.assign(step)
        rows, full = (m.penalty(batch, made_of(batch), Noise(0)) for m in (model, every))
        np.testing.assert_allclose(rows, 3 * full if step % 3 == 0 else 0 * full, rtol=1e-5)


def test_the_generator_step_leaves_the_discriminator_alone(case):
    model = case.compiled(discriminator_optimizer=keras.optimizers.SGD(0.0))
    before = model.generator.get_weights(), model.discriminator.get_weights() + model.text_encoder.get_weights()
    model.train_step(case.batch())
    after = model.generator.get_weights(), model.discriminator.get_weights() + model.text_encoder.get_weights()
    assert any((a != b).any() for a, b in zip(before[0], after[0]))
    assert all((a == b).all() for a, b in zip(before[1], after[1]))


def test_clipping_bounds_the_step(case):
    before = weights_of(case.compiled())
    model = case.compiled(learning_rate=1.0, gradient_clip_norm=0.01)
    model.train_step(case.batch())
    moved = sum(np.sum((a - b) ** 2) for a, b in zip(weights_of(model), before))
    assert moved == pytest.approx(2 * 0.01**2, rel=1e-3)  # two optimizers, each with a step of length 0.01


@pytest.mark.parametrize(
    "options",
    [
        {"gradient_clip_norm": 0.05, "learning_rate": 0.5},
        {"r1_weight": 1.0, "gradient_penalty_weight": 1.0, "penalty_interval": 2},
        {"ema_decay": 0.5},
    ],
    ids=lambda options: next(iter(options)),
)
def test_two_replicas_equal_one_with(case, options):
    assert replica_difference(case, **options) <= 1e-5


def test_takes_one_text_and_one_image():
    with pytest.raises(ValueError, match=r"one text and one image processor; received kinds \['image'\]"):
        ConditionalGAN({"image": ImageProcessor(**SIDE)}, None, None, None)
