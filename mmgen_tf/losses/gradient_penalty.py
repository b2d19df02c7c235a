"""Penalties on a discriminator's gradient, per row. They differentiate inside a step, so TensorFlow appears here.

Samples are a tensor `(batch, ...)`, or a dict of them such as a picture and its one-hot words: the gradient is in all.
"""

import tensorflow as tf


def _squared_gradient_norm(score, samples):
    with tf.GradientTape(watch_accessed_variables=False) as tape:
        tape.watch(samples)
        logits = tf.reduce_sum(score(samples))
    gradients = [tf.cast(g, tf.float32) for g in tf.nest.flatten(tape.gradient(logits, samples))]
    return sum(tf.reduce_sum(tf.square(g), axis=range(1, g.shape.rank)) for g in gradients)


def r1_penalty(score, real):
    """`||d score(x) / dx||^2 / 2` at real samples, `(batch,)` (Mescheder et al. 2018, eq. 9)."""
    return 0.5 * _squared_gradient_norm(score, real)


def interpolation_penalty(score, real, fake, mix):
    """`(||d score(u) / du|| - 1)^2` between real and generated samples, `(batch,)` (Gulrajani et al. 2017, eq. 3).

    Args:
        score: function of samples giving logits `(batch,)`.
        real, fake: samples, both of one form.
        mix: uniform draws `(batch,)`.
    """

    def between(a, b):
        return a + tf.reshape(mix, [-1] + [1] * (a.shape.rank - 1)) * (b - a)

    norm = tf.sqrt(_squared_gradient_norm(score, tf.nest.map_structure(between, real, fake)) + 1e-12)
    return tf.square(norm - 1.0)
