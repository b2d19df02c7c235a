"""Dense layers, one after another."""

import keras

from mmgen_tf.registry import register


@register
class DenseNetwork(keras.layers.Layer):
    """Dense ReLU layers and a last one without activation.

    Args:
        input_dim: width of what comes in.
        hidden_dims: widths of the ReLU layers.
        output_dim: width of what goes out.

    Input: float `(batch, input_dim)`. Output: float `(batch, output_dim)`.
    """

    def __init__(self, input_dim, hidden_dims=(128,), output_dim=64, **kwargs):
        super().__init__(**kwargs)
        self.input_dim, self.hidden_dims, self.output_dim = input_dim, tuple(hidden_dims), output_dim
        dense = keras.layers.Dense
        self.hidden = [dense(dim, activation="relu", name=f"hidden_{i}") for i, dim in enumerate(self.hidden_dims)]
        self.last = dense(output_dim, name="last")

    def build(self, *shapes):
        for layer, dim in zip((*self.hidden, self.last), (self.input_dim, *self.hidden_dims)):
            layer.build((None, dim))
        self.built = True

    def call(self, values):
        for layer in self.hidden:
            values = layer(values)
        return self.last(values)

    def get_config(self):
        return {"input_dim": self.input_dim, "hidden_dims": self.hidden_dims, "output_dim": self.output_dim}
