"""Gradient penalties of discriminators whose gradient is known."""

import numpy as np
import tensorflow as tf

from mmgen_tf.losses.gradient_penalty import interpolation_penalty, r1_penalty

RANDOM = np.random.default_rng(0)
REAL, FAKE = (tf.constant(RANDOM.normal(size=(5, 2, 3, 1)), tf.float32) for _ in range(2))
SLOPE = tf.constant(RANDOM.normal(size=(2, 3, 1)), tf.float32)
MIX = tf.constant(RANDOM.uniform(size=(5, 1, 1, 1)), tf.float32)


def linear(images):
    """Its gradient is SLOPE everywhere."""
    return tf.reduce_sum(images * SLOPE, axis=(1, 2, 3)) + 7.0


def quadratic(images):
    """Its gradient at x is x."""
    return tf.reduce_sum(images**2, axis=(1, 2, 3)) / 2


def squared_norm(images):
    return np.sum(np.square(images), axis=(-1, -2, -3))


def test_r1_is_half_the_squared_gradient_at_real_pictures():
    np.testing.assert_allclose(r1_penalty(linear, REAL), np.full(5, squared_norm(SLOPE) / 2), rtol=1e-5)
    np.testing.assert_allclose(r1_penalty(quadratic, REAL), squared_norm(REAL) / 2, rtol=1e-5)


def test_of_several_values_together():
    def score(values):
        return linear(values["image"]) + tf.reduce_sum(values["words"] ** 2, axis=(1, 2)) / 2

    words = REAL[..., 0]
    expected = (squared_norm(SLOPE) + np.sum(np.square(words), axis=(1, 2))) / 2
    np.testing.assert_allclose(r1_penalty(score, {"image": REAL, "words": words}), expected, rtol=1e-5)


def test_interpolation_asks_for_slope_one_between_real_and_fake():
    slope = np.sqrt(squared_norm(SLOPE))
    penalty = interpolation_penalty(linear, REAL, FAKE, MIX)
    np.testing.assert_allclose(penalty, np.full(5, (slope - 1) ** 2), rtol=1e-5)
    between = np.sqrt(squared_norm(REAL + MIX * (FAKE - REAL)))
    np.testing.assert_allclose(interpolation_penalty(quadratic, REAL, FAKE, MIX), (between - 1) ** 2, rtol=1e-5)


def test_interpolation_is_finite_where_the_discriminator_is_flat():
    flat = tf.Variable(0.0)
    with tf.GradientTape() as tape:
        loss = tf.reduce_sum(interpolation_penalty(lambda images: flat * linear(images), REAL, FAKE, MIX))
    np.testing.assert_allclose(loss, 5.0, rtol=1e-4)
    assert np.isfinite(tape.gradient(loss, flat))
