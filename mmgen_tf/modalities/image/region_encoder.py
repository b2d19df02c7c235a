"""A picture -> a vector for each region, and one for all."""

import keras
from keras import ops

from mmgen_tf.registry import register


@register
class RegionEncoder(keras.layers.Layer):
    """Strided 4x4 convolutions with batch normalisation down to a coarse map, whose places are the regions.

    Args:
        height, width, channels: of the picture.
        filters: channels of each convolution; each halves height and width.
        output_dim: length of the vectors.
        whole: whether it gives a vector for all as well.

    Input: float `(batch, height, width, channels)`. Output: float `(batch, output_dim)`. `regions` gives a vector for
    each region.
    """

    def __init__(self, height=64, width=64, channels=3, filters=(32, 64, 128), output_dim=128, whole=True, **kwargs):
        super().__init__(**kwargs)
        self.height, self.width, self.channels = height, width, channels
        self.filters, self.output_dim, self.whole = tuple(filters), output_dim, whole
        layers = keras.layers
        self.convolutions = [
            layers.Conv2D(f, 4, 2, "same", use_bias=False, name=f"convolution_{i}") for i, f in enumerate(self.filters)
        ]
        self.norms = [layers.BatchNormalization(synchronized=True, name=f"norm_{i}") for i in range(len(self.filters))]
        self.region_dense = layers.Dense(output_dim, name="region_dense")
        self.picture_dense = layers.Dense(output_dim, name="picture_dense") if whole else None

    def build(self, *shapes):
        height, width, channels = self.height, self.width, self.channels
        for convolution, norm in zip(self.convolutions, self.norms, strict=True):
            convolution.build((None, height, width, channels))
            height, width, channels = -(-height // 2), -(-width // 2), convolution.filters
            norm.build((None, height, width, channels))
        self.grid = (height, width)
        self.region_dense.build((None, None, channels))
        if self.whole:
            self.picture_dense.build((None, self.output_dim))
        self.built = True

    def regions(self, images, training=False):
        """A vector for each region, `(batch, regions, output_dim)`, row by row of `grid`."""
        x = images
        for convolution, norm in zip(self.convolutions, self.norms, strict=True):
            x = ops.leaky_relu(norm(convolution(x), training=training), 0.2)
        return self.region_dense(ops.reshape(x, (-1, self.grid[0] * self.grid[1], x.shape[-1])))

    def picture(self, regions):
        """One vector for all, `(batch, output_dim)`, of what `regions` gives."""
        return self.picture_dense(ops.mean(ops.leaky_relu(regions, 0.2), axis=1))

    def call(self, images, training=False):
        return self.picture(self.regions(images, training))

    def get_config(self):
        names = ("height", "width", "channels", "filters", "output_dim", "whole")
        return {name: getattr(self, name) for name in names}
