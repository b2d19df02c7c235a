"""Frozen layers pass gradients on and keep their weights out of it."""

import keras
import numpy as np
import tensorflow as tf

from mmgen_tf.layers.frozen import frozen


def test_inputs_get_gradients_and_weights_do_not():
    layer = keras.layers.Dense(3)
    layer.build((None, 2))
    x = tf.constant(np.ones((4, 2), "float32"))
    with tf.GradientTape() as tape:
        tape.watch(x)
        with frozen(layer):
            y = layer(x)
        loss = tf.reduce_sum(tf.square(y))
    np.testing.assert_allclose(y, layer(x))
    to_x, *to_weights = tape.gradient(loss, [x, *(weight.value for weight in layer.trainable_weights)])
    assert np.any(to_x) and to_weights == [None, None]
