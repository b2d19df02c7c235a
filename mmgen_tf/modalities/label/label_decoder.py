"""A latent vector -> a class, with its likelihood."""

import keras
from keras import ops

from mmgen_tf.registry import register


@register
class LabelDecoder(keras.layers.Layer):
    """p(class | z), categorical, by dense ReLU layers and a softmax.

    Args:
        classes: number of classes.
        latent_dim: length of z.
        hidden_dims: widths of the hidden layers.

    Input: `z (batch, latent_dim)`. Output: logits `(batch, classes)`, float32.
    """

    likelihood = "categorical"

    def __init__(self, classes, latent_dim=64, hidden_dims=(512, 512), **kwargs):
        super().__init__(**kwargs)
        self.classes, self.latent_dim, self.hidden_dims = classes, latent_dim, tuple(hidden_dims)
        dense = keras.layers.Dense
        self.hidden = [dense(dim, activation="relu", name=f"hidden_{i}") for i, dim in enumerate(self.hidden_dims)]
        self.to_class = dense(classes, dtype="float32", name="to_class")

    def build(self, *shapes):
        for layer, dim in zip((*self.hidden, self.to_class), (self.latent_dim, *self.hidden_dims)):
            layer.build((None, dim))
        self.built = True

    def call(self, z):
        for layer in self.hidden:
            z = layer(z)
        return self.to_class(z)

    def log_prob(self, z, labels, noise=None):
        """log p(label | z) in nats, `(batch,)`."""
        log_probs = ops.log_softmax(self(z), axis=-1)
        return ops.sum(log_probs * ops.one_hot(labels, self.classes, dtype="float32"), axis=-1)

    def draw(self, z, noise, temperature=0.0):
        """int32 `(batch,)`: the most probable class, or sampled where `temperature` > 0."""
        logits = self(z)
        if temperature:
            logits = logits / temperature + noise.gumbel(tuple(ops.shape(logits)))
        return ops.cast(ops.argmax(logits, axis=-1), "int32")

    def get_config(self):
        return {"classes": self.classes, "latent_dim": self.latent_dim, "hidden_dims": self.hidden_dims}
