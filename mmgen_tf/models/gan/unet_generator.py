"""A picture and a condition -> a picture of the same size, with short cuts across."""

import keras
from keras import ops

from mmgen_tf.layers.conditional_batch_normalization import ConditionalBatchNormalization
from mmgen_tf.registry import register


@register
class UNetGenerator(keras.layers.Layer):
    """The generator of pix2pix (Isola et al. 2017, section 3.2.1; Ronneberger et al. 2015): convolutions down to a
    coarse map and up again, each beside the map of its size on the way down. The condition joins the coarse map.

    Args:
        height, width: of the picture, multiples of 2 to the number of filters.
        input_channels, channels: of what comes in and of the picture that goes out.
        condition_dim: length of the condition; 0 for none.
        filters: channels of each map on the way down; each halves height and width.
        refine_filters: channels of 3x3 convolutions of the full size between the last map and the picture, for what is
            finer than a stride of two tells.
        modulate: whether the condition scales and shifts every map on the way up instead (Perez et al. 2018): short
            cuts tell those maps so much of the picture that what joins the coarse map is hardly heard.

    Input: `x (batch, height, width, input_channels)`, `condition (batch, condition_dim)`.
    Output: `(batch, height, width, channels)` in (-1, 1).

    Raises:
        ValueError: for another size, or `modulate` without a condition.

    Reference: Isola, Zhu, Zhou & Efros, Image-to-Image Translation with Conditional Adversarial Networks, CVPR 2017.
    Perez, Strub, de Vries, Dumoulin & Courville, FiLM: Visual Reasoning with a General Conditioning Layer, AAAI 2018.
    """

    def __init__(
        self, height=64, width=64, input_channels=3, channels=3, condition_dim=0, filters=(32, 64, 128, 128),
        refine_filters=(), modulate=False, **kwargs,
    ):  # fmt: skip
        super().__init__(**kwargs)
        self.height, self.width, self.input_channels, self.channels = height, width, input_channels, channels
        self.condition_dim, self.filters, self.refine_filters = condition_dim, tuple(filters), tuple(refine_filters)
        self.modulate, self.joins = modulate, bool(condition_dim) and not modulate
        if modulate and not condition_dim:
            raise ValueError("modulate needs a condition; received condition_dim 0.")
        times = 2 ** len(self.filters)
        if height % times or width % times:
            raise ValueError(f"height and width must be multiples of {times}; received {height} x {width}.")
        layers, up = keras.layers, (*self.filters[-2::-1], self.filters[0])

        def norm(name):
            return layers.BatchNormalization(synchronized=True, name=name)

        self.down = [
            layers.Conv2D(f, 4, 2, "same", use_bias=False, name=f"down_{i}") for i, f in enumerate(self.filters)
        ]
        self.down_norms = [norm(f"down_norm_{i}") for i in range(len(self.filters))]
        self.project = layers.Dense(self.filters[-1], activation="leaky_relu", name="project")
        self.up = [layers.Conv2DTranspose(f, 4, 2, "same", use_bias=False, name=f"up_{i}") for i, f in enumerate(up)]
        self.up_norms = [
            ConditionalBatchNormalization(f, condition_dim, name=f"up_norm_{i}") if modulate else norm(f"up_norm_{i}")
            for i, f in enumerate(up)
        ]
        self.refine = [
            layers.Conv2D(f, 3, padding="same", activation="leaky_relu", name=f"refine_{i}")
            for i, f in enumerate(self.refine_filters)
        ]
        self.to_image = layers.Conv2D(channels, 3, padding="same", dtype="float32", name="to_image")

    def build(self, *shapes, **named_shapes):
        widths = (self.input_channels, *self.filters)
        for i, (layer, norm) in enumerate(zip(self.down, self.down_norms, strict=True)):
            layer.build((None, None, None, widths[i]))
            norm.build((None, None, None, widths[i + 1]))
        width = self.filters[-1] * (2 if self.joins else 1)
        if self.joins:
            self.project.build((None, self.condition_dim))
        beside = (*self.filters[-2::-1], self.input_channels)
        for layer, norm, other in zip(self.up, self.up_norms, beside, strict=True):
            layer.build((None, None, None, width))
            norm.build((None, None, None, layer.filters))
            width = layer.filters + other
        for layer in self.refine:
            layer.build((None, None, None, width))
            width = layer.filters
        self.to_image.build((None, None, None, width))
        self.built = True

    def call(self, x, condition=None, training=False):
        seen = [x]
        for layer, norm in zip(self.down, self.down_norms, strict=True):
            x = ops.leaky_relu(norm(layer(x), training=training), 0.2)
            seen.append(x)
        seen.pop()
        if self.joins:
            everywhere = self.project(condition)[:, None, None] + ops.zeros_like(x)
            x = ops.concatenate([x, everywhere], axis=-1)
        told = (condition,) if self.modulate else ()
        for layer, norm in zip(self.up, self.up_norms, strict=True):
            x = ops.relu(norm(layer(x), *told, training=training))
            x = ops.concatenate([x, ops.cast(seen.pop(), x.dtype)], axis=-1)
        for layer in self.refine:
            x = layer(x)
        return ops.tanh(self.to_image(x))

    def get_config(self):
        names = (
            "height", "width", "input_channels", "channels", "condition_dim", "filters", "refine_filters", "modulate",
        )  # fmt: skip
        return {name: getattr(self, name) for name in names}
