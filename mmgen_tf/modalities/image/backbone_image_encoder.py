"""A picture -> vectors, by a pretrained image model of KerasHub."""

import keras
from keras import ops

from mmgen_tf.modalities.hub_parts import backbone_config, load_backbone, make_backbone
from mmgen_tf.registry import register


@register
class BackboneImageEncoder(keras.layers.Layer):
    """Any image backbone of KerasHub that ends in a feature map (ResNet, EfficientNet, ...) or in tokens (ViT), and
    a linear layer that brings its vectors to a length.

    Args:
        backbone: a KerasHub `Backbone` of pictures, or its config.
        height, width, channels: of the picture.
        output_dim: length of the vectors.
        fine_tune: whether the backbone learns too; else it stays as it is, batch statistics and all.
        scale, offset: numbers, or one a channel: the backbone sees `scale * pixel + offset`, the pixel in 0..255.

    Input: float `(batch, height, width, channels)` in -1..1. Output: float `(batch, output_dim)`. `regions` gives a
    vector for each place of the map or token.

    Example:
        >>> encoder = BackboneImageEncoder.from_preset("resnet_18_imagenet", height=64, width=64)
    """

    def __init__(
        self, backbone, height=64, width=64, channels=3, output_dim=128, fine_tune=False, scale=1.0 / 255.0, offset=0.0,
        **kwargs,
    ):  # fmt: skip
        super().__init__(**kwargs)
        self.backbone = make_backbone(backbone)
        if isinstance(self.backbone.input, dict):
            raise ValueError(
                f"BackboneImageEncoder expected a backbone of pictures alone; received a "
                f"{type(self.backbone).__name__} of {sorted(self.backbone.input)}."
            )
        self.height, self.width, self.channels = height, width, channels
        self.output_dim, self.fine_tune, self.scale, self.offset = output_dim, fine_tune, scale, offset
        self.backbone.trainable = fine_tune
        self.dense = keras.layers.Dense(output_dim, name="dense")

    @classmethod
    def from_preset(cls, name_or_directory, **options):
        """With a backbone by KerasHub preset name or local directory, its pixels scaled as that asks for where it
        says how; `options` are of the constructor."""
        import keras_hub

        try:
            converter = keras_hub.layers.ImageConverter.from_preset(str(name_or_directory))
            asked = {"scale": converter.scale, "offset": converter.offset}
        except (ValueError, FileNotFoundError):  # the preset has no converter
            asked = {}
        asked = {name: _plain(value) for name, value in asked.items() if value is not None}
        return cls(load_backbone(name_or_directory), **{**asked, **options})

    def build(self, *shapes):
        seen = self.backbone.compute_output_shape((None, self.height, self.width, self.channels))
        self.dense.build((None, seen[-1]))
        self.built = True

    def regions(self, images, training=False):
        """A vector for each region, `(batch, regions, output_dim)`."""
        return self.dense(self._seen(images, training))

    def call(self, images, training=False):
        return self.dense(ops.mean(self._seen(images, training), axis=1))

    def _seen(self, images, training):
        pixels = 127.5 * (images + 1.0)
        seen = self.backbone(
            pixels * ops.array(self.scale) + ops.array(self.offset), training=training and self.fine_tune
        )
        return ops.reshape(seen, (-1, seen.shape[1] * seen.shape[2], seen.shape[3])) if len(seen.shape) == 4 else seen

    def get_config(self):
        names = ("height", "width", "channels", "output_dim", "fine_tune", "scale", "offset")
        return {"backbone": backbone_config(self.backbone)} | {name: getattr(self, name) for name in names}


def _plain(value):
    """Numbers of any kind as a float or a list of floats."""
    return [float(each) for each in value] if hasattr(value, "__len__") else float(value)
