"""A class -> one vector."""

import keras
from keras import ops

from mmgen_tf.registry import register


@register
class LabelEncoder(keras.layers.Layer):
    """An embedding of the class, then dense ReLU layers.

    Args:
        classes: number of classes.
        hidden_dims: widths; the first is the embedding's, the last the output's.

    Input: int `(batch,)`. Output: float `(batch, hidden_dims[-1])`.
    """

    def __init__(self, classes, hidden_dims=(512, 512), **kwargs):
        super().__init__(**kwargs)
        self.classes, self.hidden_dims, self.output_dim = classes, tuple(hidden_dims), hidden_dims[-1]
        self.hidden = [keras.layers.Dense(d, activation="relu", name=f"hidden_{i}") for i, d in enumerate(hidden_dims)]

    def build(self, *shapes):
        for layer, dim in zip(self.hidden, (self.classes, *self.hidden_dims)):
            layer.build((None, dim))
        self.built = True

    def call(self, labels):
        x = ops.one_hot(labels, self.classes, dtype=self.compute_dtype)
        for layer in self.hidden:
            x = layer(x)
        return x

    def get_config(self):
        return {"classes": self.classes, "hidden_dims": self.hidden_dims}
