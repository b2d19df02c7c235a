"""ImageRepairGAN: the contract, and what is its own: tasks by name, holes, sizes, text that may be missing."""

import functools

import numpy as np
import pytest
from contracts import Case, run_model_contract
from tiny_models import image_repair_gan, repair_columns

from mmgen_tf.layers.best_symmetry import best_symmetry
from mmgen_tf.layers.smooth_fill import smooth_fill
from mmgen_tf.modalities.image.perceptual_distance import PerceptualDistance
from mmgen_tf.models.gan.image_repair_gan import ImageRepairGAN
from mmgen_tf.models.gan.unet_generator import UNetGenerator
from mmgen_tf.noise import Noise

OBJECTIVES = {"optimizer": "generator_loss", "discriminator_optimizer": "discriminator_loss"}


@pytest.fixture
def model(tmp_path):
    return Case(image_repair_gan, repair_columns(), tmp_path, objectives=OBJECTIVES).trained()


def test_keeps_the_contract(tmp_path):
    run_model_contract(image_repair_gan, repair_columns(), tmp_path, objectives=OBJECTIVES, missing=("text",))


def symmetric_image_repair_gan(**options):
    return image_repair_gan(symmetric=True, **options)


def test_of_symmetric_pictures_keeps_the_contract(tmp_path):
    """With the perceptual distance, but for the check on replicas, which float64 cannot lift above its rounding."""
    perceptual, exact = functools.partial(symmetric_image_repair_gan, perceptual_weight=0.5), symmetric_image_repair_gan
    run_model_contract(
        perceptual, repair_columns(), tmp_path, objectives=OBJECTIVES, missing=("text",), make_exact=exact
    )


@pytest.mark.parametrize("perceptual_weight", [0.0, 1.0])
def test_trains_on_whole_pictures_alone(perceptual_weight):
    model = image_repair_gan(perceptual_weight=perceptual_weight)
    model.compile()
    history = model.fit({"image": repair_columns()["image"]}, batch_size=8, verbose=0).history
    assert set(history) == set(model.loss_names) and np.isfinite(list(history.values())).all()


@pytest.mark.parametrize("residual", [False, True])
def test_objective_by_hand(tmp_path, residual):
    model = image_repair_gan(residual=residual, l1_weight=2.0, feature_weight=3.0)
    case = Case(lambda: model, repair_columns(), tmp_path, objectives=OBJECTIVES)
    batch = case.batch(6)
    model.compile(adversarial="least_squares")
    made = model.imagine(batch, Noise(4), training=False)
    losses = model.generator_losses(batch, made, Noise(0), training=False)
    answer = model.generator(
        model.seen(made["damaged"], made["mask"], made["task"]), model.text_encoder(batch["text"]), training=False
    )
    for row, task in enumerate(made["task"].numpy()):
        damaged, mask, said = (np.array(part)[row] for part in (made["damaged"], made["mask"], answer))
        whole = damaged + 2 * said if residual else said
        expected = np.where(mask > 0, said, damaged) if task == 0 else whole
        np.testing.assert_allclose(made["made"][row], expected, atol=1e-5)
    maps = [model.discriminator.maps(model.judged(x, made)) for x in (batch["image"], made["made"])]
    far = sum(np.abs(np.array(a) - np.array(b)).mean((1, 2, 3)) for a, b in zip(*maps))
    patches = np.array(model.discriminator.patches(model.judged(made["made"], made)))
    expected = ((patches - 1) ** 2 / 2).mean((1, 2)) + 2 * losses["l1_loss"].numpy() + 3 * far
    np.testing.assert_allclose(losses["generator_loss"], expected, rtol=1e-4)


def test_text_is_heard_and_may_be_left_out_while_training(tmp_path):
    model = image_repair_gan(symmetric=True, condition_dropout=0.999)
    batch = Case(lambda: model, repair_columns(), tmp_path, objectives=OBJECTIVES).batch(6)
    absent = batch | {"present": batch["present"] | {"text": np.zeros(6, bool)}}
    for training, same in ((True, True), (False, False)):
        told, untold = (np.array(model.imagine(each, Noise(4), training)["made"]) for each in (batch, absent))
        assert np.array_equal(told, untold) is same
    with pytest.raises(ValueError, match="condition_dim 0"):
        UNetGenerator(modulate=True)


def test_a_hole_may_take_from_the_best_symmetry(tmp_path):
    model = Case(symmetric_image_repair_gan, repair_columns(), tmp_path, objectives=OBJECTIVES).trained()
    columns, tasks = repair_columns(), np.array([0, 1, 0, 2])
    damaged = columns["image"][:4].astype("float32") / 127.5 - 1.0
    mask = (columns["mask"][:4] > 0) * np.float32(tasks[:, None, None, None] == 0)
    tokens = model.processors["text"].preprocess(np.array(columns["text"][:4]))
    made = np.array(model.repaired(damaged, mask, tasks, tokens, np.ones(4, bool), training=False))
    start = np.array(smooth_fill(damaged, mask))
    turned, its_mask = (np.array(each) for each in best_symmetry(start, mask))
    seen = np.concatenate([model.seen(start, mask, tasks), turned, its_mask], axis=-1)
    answer = np.array(model.generator(seen, model.text_encoder(tokens), training=False))
    for row, task in enumerate(tasks):
        share = (answer[row, ..., 3:] + 1) / 2 if task == 0 else 0.0
        whole = (1 - share) * start[row] + share * turned[row] + 2 * answer[row, ..., :3]
        expected = np.where(mask[row] > 0, whole, damaged[row]) if task == 0 else whole
        np.testing.assert_allclose(made[row], expected, atol=1e-5)


def test_the_perceptual_distance_counts_by_the_area_that_may_differ(tmp_path):
    model = image_repair_gan(perceptual_weight=2.0)
    batch = Case(lambda: model, repair_columns(), tmp_path, objectives=OBJECTIVES).batch(6)
    model.compile()
    made = model.imagine(batch, Noise(4), training=False)
    loss = model.generator_losses(batch, made, Noise(0), training=False)["generator_loss"]
    model.perceptual_weight = 0.0
    without = model.generator_losses(batch, made, Noise(0), training=False)["generator_loss"]
    area = np.where(made["task"] == 0, np.mean(made["mask"], (1, 2, 3)), 1.0)
    expected = without + 2.0 * np.array(PerceptualDistance()(made["made"], batch["image"])) / area
    np.testing.assert_allclose(loss, expected, rtol=1e-4)


@pytest.mark.parametrize("share", [0.0, 0.25, 0.6])
def test_tasks_come_in_their_shares(share):
    model = image_repair_gan(hole_share=share, augmentation=None)
    model.build()
    columns = repair_columns(400)
    batch = next(iter(model.examples(columns, 400).batches()))
    tasks = model.imagine(batch, Noise(0), training=False)["task"].numpy()
    found = np.bincount(tasks, minlength=4) / len(tasks)
    np.testing.assert_allclose(found, [share] + [(1 - share) / 3] * 3, atol=0.07)


def test_what_a_hole_leaves_is_kept(model):
    columns = repair_columns()
    picture, mask = columns["image"][0], columns["mask"][0]
    made = model.repair(picture, "inpaint", mask=mask)
    np.testing.assert_allclose(made[mask[..., 0] == 0].astype(int), picture[mask[..., 0] == 0], atol=1)
    assert np.abs(made[mask[..., 0] == 255].astype(int) - picture[mask[..., 0] == 255]).max() > 1
    several = model.repair(columns["image"][:3], "inpaint", mask=columns["mask"][:3], text=["thick one"] * 3)
    assert several.shape == (3, 8, 8, 3)


@pytest.mark.parametrize("task, side", [("upscale_2x", 4), ("upscale_4x", 2), ("upscale_2x", 8), ("colourise", 8)])
def test_pictures_of_each_size_and_grey_ones(model, task, side):
    picture = repair_columns()["image"][0, :side, :side]
    assert model.repair(picture, task).shape == (8, 8, 3)
    assert model.repair(picture[..., 0], task).shape == (8, 8, 3)


def test_bad_requests_are_refused(model):
    picture = repair_columns()["image"][0]
    for arguments, message in (
        ((picture, "colorise"), "Unknown task 'colorise'; did you mean colourise"),
        ((picture, "inpaint"), "inpaint needs a mask"),
        (
            (picture[:4], "colourise"),
            r"expected uint8 pictures of 8 x 8, grey or RGB; received uint8 of shape \(4, 8, 3\)",
        ),
        ((picture / 255.0, "upscale_2x"), "of 4 x 4 or 8 x 8, grey or RGB; received float64"),
    ):
        with pytest.raises(ValueError, match=message):
            model.repair(*arguments)
    with pytest.raises(ValueError, match=r"mask: wrong shape. Expected .*\(8, 8, 1\).*; received shape \(4, 8, 1\)"):
        model.repair(picture, "inpaint", mask=repair_columns()["mask"][0, :4])
    rgba = np.concatenate([picture, picture[..., :1]], -1)
    with pytest.raises(ValueError, match="damaged: wrong shape"):
        model.generate({"damaged": rgba, "task": "colourise"})


def test_wiring_that_cannot_be_is_refused():
    parts = image_repair_gan().get_config()
    with pytest.raises(ValueError, match="With symmetric=True .* 12 input channels and 4 .* received 8 and 3"):
        ImageRepairGAN(**{**parts, "symmetric": True})
    with pytest.raises(ValueError, match=r"hole_share must lie in \[0, 1\); received 1.0"):
        ImageRepairGAN(**{**parts, "hole_share": 1.0})
    without = {name: value for name, value in parts["processors"].items() if name != "mask"}
    with pytest.raises(ValueError, match="takes processors of .*'mask'"):
        ImageRepairGAN(**{**parts, "processors": without})
