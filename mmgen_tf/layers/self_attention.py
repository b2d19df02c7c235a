"""Every place of a feature map looks at every other."""

import keras
from keras import ops


class SelfAttention(keras.layers.Layer):
    """Non-local block with a learnt gate that starts at 0: `y = x + gamma * attention(x)` (Zhang et al. 2019, sec. 3).

    Queries and keys have an eighth of the channels; keys and values are halved in height and width, as in the paper's
    own code.

    Args:
        filters: channels of the map.
        wrap: function from a linear layer to the layer used, `SpectralNormalized` say. As in the paper's code there is
            no bias; that of a key would never learn, since it adds the same to all scores of a place.

    Input and output: `(batch, height, width, filters)`.

    Reference: Zhang, Goodfellow, Metaxas & Odena, Self-Attention Generative Adversarial Networks, ICML 2019.
    """

    def __init__(self, filters, wrap=lambda layer: layer, **kwargs):
        super().__init__(**kwargs)
        self.filters = filters
        inner = max(1, filters // 8)

        def linear(width, name):
            return wrap(keras.layers.Conv2D(width, 1, use_bias=False, name=name))

        self.query, self.key = linear(inner, "query"), linear(inner, "key")
        self.value, self.back = linear(filters // 2, "value"), linear(filters, "back")
        self.pool = keras.layers.MaxPooling2D(2)

    def build(self, input_shape):
        for layer in (self.query, self.key, self.value):
            layer.build(input_shape)
        self.back.build((*input_shape[:-1], self.filters // 2))
        self.gamma = self.add_weight(shape=(), initializer="zeros", name="gamma")
        self.built = True

    def call(self, x, training=False):  # Keras hands `training` down to the layers that ask for it
        height, width = x.shape[1:3]

        def flat(values):
            return ops.reshape(values, (-1, values.shape[1] * values.shape[2], values.shape[3]))

        query, key, value = flat(self.query(x)), flat(self.pool(self.key(x))), flat(self.pool(self.value(x)))
        weights = ops.softmax(ops.matmul(query, ops.transpose(key, (0, 2, 1))), axis=-1)
        seen = ops.reshape(ops.matmul(weights, value), (-1, height, width, self.filters // 2))
        return x + self.gamma * self.back(seen)
