"""A perceptual loss: how different pictures look to a network that was trained to tell things apart."""

import tensorflow as tf
from keras import ops

from mmgen_tf.modalities.hub_parts import shipped_backbone

LEVELS = ("P1", "P2", "P3", "P4")  # of a half, a quarter, an eighth and a sixteenth of the size
JITTER = 8  # pixels
TINY = 1e-6  # keeps the square root's gradient finite where a map is nought


class PerceptualDistance:
    """The squared distance of two pictures' maps in a frozen backbone that ships with the package:

        d(x, y) = sum over k of mean over places of | f_k(x) / |f_k(x)| - f_k(y) / |f_k(y)| |^2

    in [0, 4 levels], 0 for equal pictures. It is the distance of Zhang et al. (2018, eq. 1) without learnt weights, on
    another network than the metric `LPIPS`, which may so measure what was trained with this.

    Args:
        backbone: name of a folder of `zoo/backbones`.
        levels: the maps that are compared, by the names of KerasHub's `pyramid_outputs`.

    Raises:
        ValueError: for another backbone, or a level that it does not have.

    Reference: Johnson, Alahi & Fei-Fei, Perceptual Losses for Real-Time Style Transfer and Super-Resolution, ECCV 2016.
    Zhang, Isola, Efros, Shechtman & Wang, The Unreasonable Effectiveness of Deep Features as a Perceptual Metric, CVPR
    2018.
    """

    def __init__(self, backbone="efficientnet_lite0", levels=LEVELS):
        self.maps = shipped_backbone(backbone).at_levels(levels)

    def __call__(self, pictures, others, noise=None):
        """The distance of each pair, float32 `(batch,)`.

        Args:
            pictures, others: float `(batch, height, width, channels)` in -1..1, RGB or grey; no gradient reaches
                `others`.
            noise: None, or a `Noise` that rolls all alike, by less than `JITTER` pixels: else a generator could
                hide dots and grids between the backbone's strides.
        """
        if noise is not None:
            shift = [tf.cast(noise.uniform(()) * JITTER, tf.int32) for _ in range(2)]
            pictures, others = (tf.roll(each, shift, axis=(1, 2)) for each in (pictures, others))
        seen, held = self.units(pictures), self.units(ops.stop_gradient(others))
        far = [ops.sum(ops.square(one - other), axis=-1) for one, other in zip(seen, held, strict=True)]
        return sum(ops.mean(each, axis=(1, 2)) for each in far)

    def units(self, pictures):
        """Each level's map with vectors of length 1."""
        pixels = 127.5 * (ops.cast(pictures, "float32") + 1.0)
        maps = self.maps(ops.repeat(pixels, 3, axis=-1) if pixels.shape[-1] == 1 else pixels)
        return [each / ops.sqrt(ops.sum(ops.square(each), axis=-1, keepdims=True) + TINY) for each in maps]
