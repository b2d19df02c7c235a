"""The network that pictures are compared through: VGG16 with the weights of ImageNet and of LPIPS."""

from mmgen_tf.data.lpips_weights import lpips_weights
from mmgen_tf.layers.vgg16 import VGG16


def pretrained_vgg16(source=None):
    """A built `VGG16`, for `LPIPS` and, by its `features`, for Fréchet distances; its weights are fetched once.

    Args:
        source: as of `mmgen_tf.data.lpips_weights.lpips_weights`.
    """
    arrays, network = lpips_weights(source), VGG16()
    network.build()
    for i, layer in enumerate(layer for layers in network.convolutions for layer in layers):
        layer.kernel.assign(arrays[f"VGG16_0/Conv_{i}/kernel"])
        layer.bias.assign(arrays[f"VGG16_0/Conv_{i}/bias"])
    for i, head in enumerate(network.heads):
        head.assign(arrays[f"NetLinLayer_{i}/Conv_0/kernel"].reshape(-1))
    return network
