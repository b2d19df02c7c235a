"""The blocks that residual generators and discriminators are made of (Miyato et al. 2018, appendix B.4)."""

import keras
from keras import ops

from mmgen_tf.layers.conditional_batch_normalization import ConditionalBatchNormalization
from mmgen_tf.layers.spectral_normalized import SpectralNormalized


class UpBlock(keras.layers.Layer):
    """Doubles height and width: conditional batch normalisation, ReLU and a transposed 4x4 convolution of stride 2,
    then the same with a 3x3 one, beside a 1x1 one. (The paper's 3x3 one after enlarging costs 2.25 times the first.)

    Args:
        filters: channels that come in.
        output_filters: channels that go out.
        condition_dim: length of the condition.

    Input: `x (batch, height, width, filters)`, `condition (batch, condition_dim)`.
    """

    def __init__(self, filters, output_filters, condition_dim, **kwargs):
        super().__init__(**kwargs)
        self.filters, self.output_filters, self.condition_dim = filters, output_filters, condition_dim
        layers = keras.layers
        self.norms = [
            ConditionalBatchNormalization(width, condition_dim, name=f"norm_{i}")
            for i, width in enumerate((filters, output_filters))
        ]
        self.convolutions = [
            layers.Conv2DTranspose(output_filters, 4, 2, padding="same", name="convolution_0"),
            layers.Conv2D(output_filters, 3, padding="same", name="convolution_1"),
        ]
        self.shortcut = layers.Conv2D(output_filters, 1, name="shortcut")
        self.larger = layers.UpSampling2D(2)

    def build(self, *shapes, **named_shapes):
        for norm, convolution in zip(self.norms, self.convolutions, strict=True):
            norm.build()
            convolution.build((None, None, None, norm.filters))
        self.shortcut.build((None, None, None, self.filters))
        self.built = True

    def call(self, x, condition, training=False):
        inner = self.convolutions[0](ops.relu(self.norms[0](x, condition, training=training)))
        inner = self.norms[1](inner, condition, training=training)
        return self.convolutions[1](ops.relu(inner)) + self.larger(self.shortcut(x))


class DownBlock(keras.layers.Layer):
    """Halves height and width: twice ReLU and a 3x3 convolution, beside a 1x1 one, all spectrally normalised.

    Args:
        filters: channels that come in.
        output_filters: channels that go out.
        first: whether what comes in are pictures, which pass no ReLU.

    Input: `(batch, height, width, filters)`.
    """

    def __init__(self, filters, output_filters, first=False, **kwargs):
        super().__init__(**kwargs)
        self.filters, self.output_filters, self.first = filters, output_filters, first

        def convolution(size, name):
            plain = keras.layers.Conv2D(output_filters, size, padding="same", use_bias=False, name=name)
            return SpectralNormalized(plain)

        self.convolutions = [convolution(3, f"convolution_{i}") for i in range(2)]
        self.shortcut = convolution(1, "shortcut")
        self.smaller = keras.layers.AveragePooling2D(2)

    def build(self, *shapes):
        self.convolutions[0].build((None, None, None, self.filters))
        self.convolutions[1].build((None, None, None, self.output_filters))
        self.shortcut.build((None, None, None, self.filters))
        self.built = True

    def call(self, x, training=False):
        inner = self.convolutions[0](x if self.first else ops.relu(x), training=training)
        inner = self.convolutions[1](ops.relu(inner), training=training)
        return self.smaller(inner) + self.shortcut(self.smaller(x), training=training)
