"""VGG16's convolutions: what perceptual distances look through."""

import keras
from keras import ops

BLOCKS = ((64, 64), (128, 128), (256, 256, 256), (512, 512, 512), (512, 512, 512))
SHIFT, SCALE = (-0.030, -0.088, -0.188), (0.458, 0.448, 0.450)  # of ImageNet's channels, for pictures in -1..1


class VGG16(keras.layers.Layer):
    """The convolutions of VGG16, configuration D (Simonyan & Zisserman 2015), and a head for each block's last map, as
    LPIPS weighs them (Zhang et al. 2018).

    Args:
        blocks: for each block the channels of its convolutions; between blocks height and width are halved.

    Input: `(batch, height, width, 3)` in -1..1. Output: list of the blocks' maps after ReLU, `(batch, height / 2^i,
    width / 2^i, channels)`.

    Reference: Simonyan & Zisserman, Very Deep Convolutional Networks for Large-Scale Image Recognition, ICLR 2015.
    """

    def __init__(self, blocks=BLOCKS, **kwargs):
        super().__init__(**{"dtype": "float32", "trainable": False, **kwargs})
        self.blocks = tuple(tuple(block) for block in blocks)
        convolution = keras.layers.Conv2D
        self.convolutions = [
            [convolution(width, 3, padding="same", activation="relu") for width in block] for block in self.blocks
        ]

    def build(self, *shapes):
        width = 3
        for layers, widths in zip(self.convolutions, self.blocks, strict=True):
            for layer, out in zip(layers, widths, strict=True):
                layer.build((None, None, None, width))
                width = out
        self.heads = [
            self.add_weight(shape=(block[-1],), initializer="ones", name=f"head_{i}")
            for i, block in enumerate(self.blocks)
        ]
        self.built = True

    def call(self, pictures):
        x, maps = (pictures - ops.array(SHIFT)) / ops.array(SCALE), []
        for number, layers in enumerate(self.convolutions):
            x = ops.max_pool(x, 2) if number else x
            for layer in layers:
                x = layer(x)
            maps.append(x)
        return maps

    def features(self, pictures):
        """The last map's means over its places, `(batch, channels)`, of uint8 pictures."""
        return ops.mean(self(ops.cast(pictures, "float32") / 127.5 - 1.0)[-1], axis=(1, 2))

    def get_config(self):
        return {"blocks": self.blocks}
