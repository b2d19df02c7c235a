"""A linear layer whose largest singular value is held at one."""

import keras
from keras import ops


class SpectralNormalized(keras.layers.Layer):
    """`layer(x) / sigma + bias`, where sigma is the largest singular value of the layer's kernel, estimated by one step
    of the power method in each training step (Miyato et al. 2018, algorithm 1).

    The kernel itself is left as it is, and the gradient passes through sigma, as in the paper; Keras's own wrapper
    writes the normalised kernel back into the weight.

    Args:
        layer: a Dense or convolutional layer, built here, without a bias of its own.
        use_bias: whether a bias is added afterwards.

    Reference: Miyato, Kataoka, Koyama & Yoshida, Spectral Normalization for Generative Adversarial Networks, ICLR 2018.
    """

    def __init__(self, layer, use_bias=True, **kwargs):
        super().__init__(**{"name": layer.name, "dtype": layer.dtype_policy, **kwargs})
        if layer.use_bias:
            raise ValueError(
                f"SpectralNormalized expected a layer with use_bias=False; received {layer.name!r} with one."
            )
        self.layer, self.use_bias = layer, use_bias

    def build(self, input_shape):
        self.layer.build(input_shape)
        width = self.layer.kernel.shape[-1]
        self.bias = self.add_weight(shape=(width,), initializer="zeros", name="bias") if self.use_bias else None
        self.direction = self.add_weight(
            shape=(1, width), initializer=keras.initializers.RandomNormal(), trainable=False, name="direction",
            autocast=False,
        )  # fmt: skip
        self.built = True

    def call(self, x, training=False):
        kernel = ops.cast(ops.reshape(self.layer.kernel.value, (-1, self.layer.kernel.shape[-1])), "float32")
        u = ops.convert_to_tensor(self.direction)
        v = ops.stop_gradient(ops.normalize(ops.matmul(u, ops.transpose(kernel)), axis=-1))
        u = ops.stop_gradient(ops.normalize(ops.matmul(v, kernel), axis=-1))
        if training:
            self.direction.assign(u)
        sigma = ops.sum(ops.matmul(v, kernel) * u)
        x = self.layer(x)
        x = x / ops.cast(sigma, x.dtype)
        return x + self.bias if self.use_bias else x
