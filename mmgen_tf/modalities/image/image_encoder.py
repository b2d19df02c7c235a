"""A picture -> one vector, by convolutions."""

import keras
from keras import ops

from mmgen_tf.registry import register


@register
class ImageEncoder(keras.layers.Layer):
    """Stages of two 3x3 convolutions with batch normalisation, halved by max pooling, then a dense layer
    (Simonyan & Zisserman 2015, small).

    Args:
        height, width, channels: of the picture.
        filters: channels of each stage.
        output_dim: length of the picture's vector.

    Input: float `(batch, height, width, channels)`. Output: float `(batch, output_dim)`.
    """

    def __init__(self, height=28, width=28, channels=1, filters=(32, 64), output_dim=128, **kwargs):
        super().__init__(**kwargs)
        self.height, self.width, self.channels = height, width, channels
        self.filters, self.output_dim = tuple(filters), output_dim
        layers = keras.layers
        widths = [f for f in self.filters for _ in range(2)]
        self.convolutions = [
            layers.Conv2D(f, 3, padding="same", use_bias=False, name=f"convolution_{i}") for i, f in enumerate(widths)
        ]
        self.norms = [layers.BatchNormalization(synchronized=True, name=f"norm_{i}") for i in range(len(widths))]
        self.pool = layers.MaxPooling2D(2)
        self.dense = layers.Dense(output_dim, activation="relu", name="dense")

    def build(self, *shapes):
        height, width, channels = self.height, self.width, self.channels
        for i, (convolution, norm) in enumerate(zip(self.convolutions, self.norms)):
            convolution.build((None, height, width, channels))
            channels = convolution.filters
            norm.build((None, height, width, channels))
            if i % 2:
                height, width = height // 2, width // 2
        self.flat = height * width * channels
        self.dense.build((None, self.flat))
        self.built = True

    def call(self, images, training=False):
        x = images
        for i, (convolution, norm) in enumerate(zip(self.convolutions, self.norms)):
            x = ops.relu(norm(convolution(x), training=training))
            if i % 2:
                x = self.pool(x)
        return self.dense(ops.reshape(x, (-1, self.flat)))

    def get_config(self):
        names = ("height", "width", "channels", "filters", "output_dim")
        return {name: getattr(self, name) for name in names}
