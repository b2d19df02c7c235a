"""PerceptualDistance: the formula by hand, what gradients reach, and what it takes as near."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from mmgen_tf.modalities.hub_parts import shipped_backbone
from mmgen_tf.modalities.image.perceptual_distance import PerceptualDistance
from mmgen_tf.noise import Noise


@pytest.fixture(scope="module")
def distance():
    return PerceptualDistance()


def pictures(seed, count=3):
    return np.random.default_rng(seed).uniform(-1, 1, (count, 32, 32, 3)).astype("float32")


def test_formula_by_hand(distance):
    frozen = shipped_backbone("efficientnet_lite0")
    backbone = frozen.backbone
    maps = keras.Model(backbone.input, [backbone.pyramid_outputs[f"P{level}"] for level in (1, 2, 3, 4)])
    seen = []
    for each in (pictures(0), pictures(1)):
        turned = (127.5 * (each + 1) - 127) / 128
        seen.append([np.array(one)[:, ::-1, ::-1] for one in maps(turned[:, ::-1, ::-1], training=False)])
    expected = 0.0
    for one, other in zip(*seen):
        one, other = (each / np.sqrt((each**2).sum(-1, keepdims=True) + 1e-6) for each in (one, other))
        expected = expected + ((one - other) ** 2).sum(-1).mean((1, 2))
    np.testing.assert_allclose(distance(pictures(0), pictures(1)), expected, rtol=1e-4)


def test_equal_pictures_are_at_no_distance_and_near_ones_nearer(distance):
    whole = pictures(0)
    np.testing.assert_allclose(distance(whole, whole), 0.0, atol=1e-6)
    near, far = np.array(distance(0.9 * whole, whole)), np.array(distance(pictures(1), whole))
    assert (0 < near).all() and (near < far).all() and (far < 8.0).all()


def test_grey_pictures_are_as_their_colours(distance):
    one, other = pictures(0)[..., :1], pictures(1)[..., :1]
    colours = distance(np.repeat(one, 3, -1), np.repeat(other, 3, -1))
    np.testing.assert_allclose(distance(one, other), colours, rtol=1e-5)


def test_jitter_rolls_both_alike(distance):
    one, other, found = pictures(0), pictures(1), []
    for seed in range(6):
        noise = Noise(seed)
        shift = [int(8 * noise.uniform(())) for _ in range(2)]
        rolled = (np.roll(each, shift, (1, 2)) for each in (one, other))
        np.testing.assert_allclose(distance(one, other, Noise(seed)), distance(*rolled), rtol=1e-5)
        found.append(tuple(shift))
    assert len(set(found)) > 3 and np.max(found) < 8
    np.testing.assert_allclose(distance(one, one, Noise(0)), 0.0, atol=1e-6)


def test_a_pair_does_not_depend_on_its_batch(distance):
    """So that replicas, each with some of the rows, find what one device finds."""
    one, other = pictures(0, 4), pictures(1, 4)
    halves = [distance(one[half], other[half], Noise(5)) for half in (slice(0, 3), slice(3, 4))]
    np.testing.assert_allclose(np.concatenate(halves), distance(one, other, Noise(5)), rtol=1e-4)


def test_gradients_reach_the_first_picture_alone(distance):
    one, other = tf.constant(pictures(0)), tf.constant(pictures(1))
    with tf.GradientTape() as tape:
        tape.watch([one, other])
        loss = tf.reduce_sum(distance(one, other))
    to_one, to_other = tape.gradient(loss, [one, other])
    assert to_other is None and np.isfinite(to_one).all() and np.abs(to_one).max() > 0
    with tf.GradientTape() as tape:
        tape.watch(one)
        loss = tf.reduce_sum(distance(one, one))
    assert np.isfinite(tape.gradient(loss, one)).all()


def test_holds_nothing_that_a_model_would_save(distance):
    holder = keras.Model()
    holder.distance = distance
    assert not holder.weights


def test_unknown_parts_are_refused():
    with pytest.raises(ValueError, match=r"has maps \['P1', .*\]; received levels \['P9'\]"):
        PerceptualDistance(levels=("P9",))
    with pytest.raises(ValueError, match="No backbone 'efficientnet_lite1' .* did you mean 'efficientnet_lite0'"):
        PerceptualDistance("efficientnet_lite1")
