"""Penalties on a discriminator's gradient, per row. They differentiate inside a step, so TensorFlow appears here."""

import tensorflow as tf


def _squared_gradient_norm(score, images):
    with tf.GradientTape(watch_accessed_variables=False) as tape:
        tape.watch(images)
        logits = tf.reduce_sum(score(images))
    gradient = tf.cast(tape.gradient(logits, images), tf.float32)
    return tf.reduce_sum(tf.square(gradient), axis=range(1, images.shape.rank))


def r1_penalty(score, real):
    """`||d score(x) / dx||^2 / 2` at real samples, `(batch,)` (Mescheder et al. 2018, eq. 9)."""
    return 0.5 * _squared_gradient_norm(score, real)


def interpolation_penalty(score, real, fake, mix):
    """`(||d score(u) / du|| - 1)^2` between real and generated samples, `(batch,)` (Gulrajani et al. 2017, eq. 3).

    Args:
        score: function of images giving logits `(batch,)`.
        real, fake: images `(batch, height, width, channels)`.
        mix: uniform draws `(batch, 1, 1, 1)`.
    """
    norm = tf.sqrt(_squared_gradient_norm(score, real + mix * (fake - real)) + 1e-12)
    return tf.square(norm - 1.0)
