"""A picture beside the one it is made from -> a logit, the mean over patches."""

import keras
from keras import ops

from mmgen_tf.layers.spectral_normalized import SpectralNormalized
from mmgen_tf.registry import register


@register
class PatchDiscriminator(keras.layers.Layer):
    """The discriminator of pix2pix (Isola et al. 2017, section 3.2.2): a convolutional network that judges each patch,
    spectrally normalised.

    Args:
        height, width: of the pictures.
        input_channels: of picture and condition together.
        filters: channels of the convolutions with stride 2; one more without, and the logits, follow.

    Input: float `(batch, height, width, input_channels)`. Output: logits `(batch,)`; `patches` gives those of each.
    """

    def __init__(self, height=64, width=64, input_channels=6, filters=(32, 64, 128), **kwargs):
        super().__init__(**kwargs)
        self.height, self.width, self.input_channels, self.filters = height, width, input_channels, tuple(filters)

        def convolution(width, stride, name, **options):
            plain = keras.layers.Conv2D(width, 4, stride, "same", use_bias=False, name=name, **options)
            return SpectralNormalized(plain)

        self.convolutions = [convolution(f, 2, f"convolution_{i}") for i, f in enumerate(self.filters)]
        self.convolutions.append(convolution(self.filters[-1], 1, f"convolution_{len(self.filters)}"))
        self.linear = convolution(1, 1, "linear", dtype="float32")

    def build(self, *shapes):
        width = self.input_channels
        for layer in self.convolutions:
            layer.build((None, None, None, width))
            width = layer.layer.filters
        self.linear.build((None, None, None, width))
        self.built = True

    def maps(self, x, training=False):
        """List of what each convolution makes of pictures."""
        maps = []
        for layer in self.convolutions:
            x = ops.leaky_relu(layer(x, training=training), 0.2)
            maps.append(x)
        return maps

    def judged(self, maps, training=False):
        """Logits of each patch, `(batch, rows, columns)`, of the `maps`."""
        return self.linear(maps[-1], training=training)[..., 0]

    def patches(self, x, training=False):
        """Logits of each patch, `(batch, rows, columns)`."""
        return self.judged(self.maps(x, training), training)

    def call(self, x, training=False):
        return ops.mean(self.patches(x, training), axis=(1, 2))

    def get_config(self):
        return {name: getattr(self, name) for name in ("height", "width", "input_channels", "filters")}
