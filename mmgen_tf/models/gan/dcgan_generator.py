"""Noise and a condition -> a picture, by transposed convolutions."""

import keras
from keras import ops

from mmgen_tf.registry import register


@register
class DCGANGenerator(keras.layers.Layer):
    """The generator of Radford et al. 2016, with the condition joined to the noise (Reed et al. 2016, section 4.2).

    Args:
        noise_dim, condition_dim: lengths of the two input vectors.
        height, width, channels: of the picture; height and width are multiples of 4.
        filters: channels of the last hidden layer; each layer before has twice as many.
        text_dim: what the condition is projected to before it joins the noise.

    Input: `noise (batch, noise_dim)`, `condition (batch, condition_dim)`.
    Output: `(batch, height, width, channels)` in (-1, 1).
    """

    def __init__(
        self, noise_dim=64, condition_dim=128, height=28, width=28, channels=1, filters=32, text_dim=64, **kwargs
    ):  # fmt: skip
        super().__init__(**kwargs)
        if height % 4 or width % 4:
            raise ValueError(f"height and width must be multiples of 4; received {height} x {width}.")
        self.noise_dim, self.condition_dim, self.text_dim = noise_dim, condition_dim, text_dim
        self.height, self.width, self.channels, self.filters = height, width, channels, filters
        layers = keras.layers
        self.project_text = layers.Dense(text_dim, activation="leaky_relu", name="project_text")
        self.dense = layers.Dense(height // 4 * width // 4 * filters * 4, use_bias=False, name="dense")
        self.norms = [layers.BatchNormalization(synchronized=True, name=f"norm_{i}") for i in range(3)]
        self.upsample = [
            layers.Conv2DTranspose(filters * 2, 4, 2, "same", use_bias=False, name="upsample_0"),
            layers.Conv2DTranspose(filters, 4, 2, "same", use_bias=False, name="upsample_1"),
        ]
        self.to_image = layers.Conv2D(channels, 3, padding="same", dtype="float32", name="to_image")

    def build(self, *shapes, **named_shapes):
        f, h, w = self.filters, self.height // 4, self.width // 4
        self.project_text.build((None, self.condition_dim))
        self.dense.build((None, self.noise_dim + self.text_dim))
        self.norms[0].build((None, h, w, 4 * f))
        self.upsample[0].build((None, h, w, 4 * f))
        self.norms[1].build((None, 2 * h, 2 * w, 2 * f))
        self.upsample[1].build((None, 2 * h, 2 * w, 2 * f))
        self.norms[2].build((None, 4 * h, 4 * w, f))
        self.to_image.build((None, 4 * h, 4 * w, f))
        self.built = True

    def call(self, noise, condition, training=False):
        x = self.dense(ops.concatenate([noise, self.project_text(condition)], axis=-1))
        x = ops.reshape(x, (-1, self.height // 4, self.width // 4, 4 * self.filters))
        x = ops.relu(self.norms[0](x, training=training))
        for layer, norm in zip(self.upsample, self.norms[1:]):
            x = ops.relu(norm(layer(x), training=training))
        return ops.tanh(self.to_image(x))

    def get_config(self):
        names = ("noise_dim", "condition_dim", "height", "width", "channels", "filters", "text_dim")
        return {name: getattr(self, name) for name in names}
