"""uint8 pictures -> what a frozen backbone sees in them."""

import tensorflow as tf

from mmgen_tf.modalities.hub_parts import shipped_backbone
from mmgen_tf.modalities.image.image_processor import ImageProcessor
from mmgen_tf.modalities.processor import Processor
from mmgen_tf.modality import Modality
from mmgen_tf.registry import register


@register
class BackboneImageProcessor(Processor):
    """uint8 RGB pictures -> float32 vectors of their regions, `(regions, width)`, by a backbone that ships with the
    package and stays as it is. Training computes them once; a preset holds the backbone's name, not its weights.

    Args:
        name: the modality's name.
        backbone: name of a folder of `zoo/backbones`.
        height, width: of the pictures, in pixels.
        pool: side of the squares of places of the backbone's map whose mean is a region.

    Raises:
        ValueError: for another backbone, or a map that does not divide into such squares.
    """

    costly = True

    def __init__(self, name="image", backbone="efficientnet_lite0", height=192, width=192, pool=1):
        self.pictures = ImageProcessor(name, height, width, 3, range=(0, 255))
        self.backbone_name, self.see = backbone, shipped_backbone(backbone)
        rows, columns, seen = self.see.map_shape(height, width)
        if pool < 1 or rows % pool or columns % pool:
            raise ValueError(f"pool must divide the map of {rows} by {columns} places; received {pool}.")
        self.grid, self.pool = (rows // pool, columns // pool), pool
        shape = (self.grid[0] * self.grid[1], seen)
        self.raw_spec = self.pictures.raw_spec
        whole = (-float("inf"), float("inf"))
        self.modality = Modality(name, "image", shape, "float32", whole, value_shape=self.raw_spec.shape)

    def stack(self, values):
        """uint8 pictures, see `ImageProcessor.stack`."""
        return self.pictures.stack(values)

    def preprocess(self, raw):
        seen = self.see(tf.cast(raw, tf.float32))
        seen = tf.nn.avg_pool2d(seen, self.pool, self.pool, "VALID") if self.pool > 1 else seen
        return tf.reshape(seen, (-1, *self.modality.shape))

    def postprocess(self, tensor):
        raise NotImplementedError("What a backbone saw cannot be turned into a picture again.")

    def get_config(self):
        height, width, _ = self.raw_spec.shape
        config = {"name": self.modality.name, "backbone": self.backbone_name, "height": height, "width": width}
        return config | {"pool": self.pool}
