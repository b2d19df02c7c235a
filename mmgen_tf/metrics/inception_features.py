"""InceptionV3's features, where its weights can be had: with them a Fréchet distance is an FID."""

import keras
import numpy as np
import tensorflow as tf

SIDE = 299


def inception_features(weights="imagenet", batch_size=50):
    """A feature extractor for `FrechetDistance`, `KernelDistance` and `PRDC`.

    Args:
        weights: "imagenet", which Keras downloads, or a weights file of `keras.applications.InceptionV3` without top.
        batch_size: pictures looked at together.

    Returns:
        Function of uint8 `(n, height, width, 3)` giving float32 `(n, 2048)`: the last map's means, of pictures brought
        to 299x299. Keras's weights are not the paper's own, so that figures differ a little from the paper's code.

    Raises:
        RuntimeError: if the weights cannot be had. Then `pretrained_vgg16().features` will do, under another name.

    Reference: Heusel, Ramsauer, Unterthiner, Nessler & Hochreiter, GANs Trained by a Two Time-Scale Update Rule
    Converge to a Local Nash Equilibrium, NIPS 2017.
    """
    try:
        network = keras.applications.InceptionV3(include_top=False, weights=weights, pooling="avg")
    except Exception as error:
        raise RuntimeError(
            f"InceptionV3's weights could not be had ({type(error).__name__}: {error}). Give a file of them as "
            f"weights, or use evaluation.perceptual.pretrained_vgg16().features, and do not call the distance FID."
        ) from error

    @tf.function(autograph=False, reduce_retracing=True)
    def see(pictures):
        large = tf.image.resize(tf.cast(pictures, tf.float32), (SIDE, SIDE), antialias=True)
        return network(large / 127.5 - 1.0, training=False)

    def extract(pictures):
        return np.concatenate([see(pictures[i : i + batch_size]) for i in range(0, len(pictures), batch_size)])

    return extract
