"""Adam that passes over each weight once."""

import keras
import tensorflow as tf


@keras.saving.register_keras_serializable("mmgen_tf")
class FusedAdam(keras.optimizers.Adam):
    """`keras.optimizers.Adam` whose update of a weight is one operation that reads and writes it, its gradient and its
    moments once, where Keras's own is a chain of them; with `weight_decay` it is AdamW.

    Equal to Keras's up to rounding, with the same arguments and variables, under every strategy. What the operation
    does not know (`amsgrad`, a sparse gradient) is left to Keras.

    Reference: Kingma & Ba, Adam: A Method for Stochastic Optimization, ICLR 2015.
    """

    def update_step(self, gradient, variable, learning_rate):
        if self.amsgrad or isinstance(gradient, tf.IndexedSlices):
            return super().update_step(gradient, variable, learning_rate)
        index, dtype = self._get_variable_index(variable), variable.dtype
        step = tf.cast(self.iterations + 1, dtype)
        beta_1, beta_2 = tf.cast(self.beta_1, dtype), tf.cast(self.beta_2, dtype)
        tf.raw_ops.ResourceApplyAdam(
            var=_handle(variable), m=_handle(self._momentums[index]), v=_handle(self._velocities[index]),
            beta1_power=beta_1**step, beta2_power=beta_2**step, lr=tf.cast(learning_rate, dtype), beta1=beta_1,
            beta2=beta_2, epsilon=tf.cast(self.epsilon, dtype), grad=tf.cast(gradient, dtype),
        )  # fmt: skip


def _handle(variable):
    """Where TensorFlow keeps a variable, Keras's or its own; within a strategy's update this replica's copy."""
    return (variable.value if isinstance(variable, keras.Variable) else variable).handle
