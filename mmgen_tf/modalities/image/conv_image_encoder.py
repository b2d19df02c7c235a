"""A picture -> one vector, by strided convolutions."""

import keras
from keras import ops

from mmgen_tf.registry import register


@register
class ConvImageEncoder(keras.layers.Layer):
    """4x4 convolutions with stride 2 and ReLU, then a dense layer (the encoder side of Radford et al. 2016). Without
    batch normalisation, rows do not depend on each other; with it, small data are learnt better.

    Also for other maps of numbers, a log-mel spectrogram `(frames, bins, 1)` say.

    Args:
        height, width, channels: of the picture.
        filters: channels of each convolution; each halves height and width.
        output_dim: length of the picture's vector.
        dropout: rate before the dense layer, while training.
        batch_normalization: whether each convolution is normalised over the whole batch, before its ReLU.
        seed: of the dropout.

    Input: float `(batch, height, width, channels)`. Output: float `(batch, output_dim)`.
    """

    def __init__(
        self, height=28, width=28, channels=1, filters=(32, 64), output_dim=256, dropout=0.0,
        batch_normalization=False, seed=0, **kwargs,
    ):  # fmt: skip
        super().__init__(**kwargs)
        self.height, self.width, self.channels = height, width, channels
        self.filters, self.output_dim, self.dropout, self.seed = tuple(filters), output_dim, dropout, seed
        self.batch_normalization = batch_normalization
        layers = keras.layers
        self.convolutions = [
            layers.Conv2D(f, 4, 2, "same", use_bias=not batch_normalization, name=f"convolution_{i}")
            for i, f in enumerate(self.filters)
        ]
        self.norms = [
            layers.BatchNormalization(synchronized=True, name=f"norm_{i}") if batch_normalization else None
            for i in range(len(self.filters))
        ]
        self.drop = layers.Dropout(dropout, seed=seed, name="drop")
        self.dense = layers.Dense(output_dim, name="dense")

    def build(self, *shapes):
        height, width, channels = self.height, self.width, self.channels
        for convolution, norm in zip(self.convolutions, self.norms, strict=True):
            convolution.build((None, height, width, channels))
            height, width, channels = -(-height // 2), -(-width // 2), convolution.filters
            if norm is not None:
                norm.build((None, height, width, channels))
        self.flat = height * width * channels
        self.dense.build((None, self.flat))
        self.built = True

    def call(self, images, training=False):
        x = images
        for convolution, norm in zip(self.convolutions, self.norms, strict=True):
            x = convolution(x)
            x = ops.relu(x if norm is None else norm(x, training=training))
        return self.dense(self.drop(ops.reshape(x, (-1, self.flat)), training=training))

    def get_config(self):
        names = ("height", "width", "channels", "filters", "output_dim", "dropout", "batch_normalization", "seed")
        return {name: getattr(self, name) for name in names}
