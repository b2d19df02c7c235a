"""Holes filled from what is around them, smoothly."""

import tensorflow as tf
from keras import ops


def smooth_fill(pictures, mask):
    """Pictures whose holes go on from their rims: means of ever larger neighbourhoods, the nearest that know anything
    (pull-push, Gortler et al. 1996, section 3.4.2).

    Args:
        pictures: float `(batch, height, width, channels)`; what stands in a hole does not matter.
        mask: float `(batch, height, width, 1)`: 1 where something is missing. A picture that is all hole becomes 0.

    Reference: Gortler, Grzeszczuk, Szeliski & Cohen, The Lumigraph, SIGGRAPH 1996.
    """
    known = 1.0 - mask
    height, width = pictures.shape[1:3]
    if height % 2 or width % 2:
        sums, counts = (ops.sum(each, axis=(1, 2), keepdims=True) for each in (pictures * known, known))
        rest = sums / ops.maximum(counts, 1e-6)
    else:
        sums, counts = (ops.average_pool(each, 2) for each in (pictures * known, known))
        smaller = smooth_fill(sums / ops.maximum(counts, 1e-6), ops.cast(counts == 0.0, mask.dtype))
        rest = tf.image.resize(smaller, (height, width), "bilinear")
    return known * pictures + mask * ops.cast(rest, pictures.dtype)
