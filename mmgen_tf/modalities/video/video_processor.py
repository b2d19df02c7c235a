"""uint8 frames <-> float tensors."""

import numpy as np
import tensorflow as tf

from mmgen_tf.modalities.processor import Processor
from mmgen_tf.modality import Modality
from mmgen_tf.registry import register


@register
class VideoProcessor(Processor):
    """uint8 frames in 0..255 <-> float32 tensors in `range`.

    Args:
        name: the modality's name.
        frames, height, width: of a clip, in pixels.
        channels: 1 (grey) or 3 (RGB).
        frame_rate: in frames a second, for showing.
        range: `(low, high)` of the tensor.
    """

    def __init__(
        self, name="video", frames=8, height=64, width=64, channels=3, frame_rate=8.0, range=(-1.0, 1.0)
    ):  # fmt: skip
        shape = (frames, height, width, channels)
        self.modality = Modality(name, "video", shape, "float32", range=tuple(range), frame_rate=frame_rate)
        self.raw_spec = tf.TensorSpec(shape, tf.uint8)

    def stack(self, values):
        """uint8 clips -> uint8 `(n, frames, height, width, channels)`.

        Raises:
            ValueError: for another dtype or shape, such as a single frame.
        """
        shape = self.modality.shape
        expected = f"uint8 clips of shape {shape}, values 0..255"
        clips = [np.asarray(value) for value in values]
        for clip in clips:
            if clip.dtype != np.uint8:
                self.refuse("not uint8 frames", expected, f"dtype {clip.dtype}")
            if clip.shape != shape:
                problem = "a single frame" if clip.shape == shape[1:] or clip.shape[:1] == (1,) else "wrong shape"
                self.refuse(problem, expected, f"shape {clip.shape}")
        return np.stack(clips) if clips else np.zeros((0, *shape), "uint8")

    def preprocess(self, raw):
        low, high = self.modality.range
        return tf.cast(raw, tf.float32) * ((high - low) / 255.0) + low

    def postprocess(self, tensor):
        low, high = self.modality.range
        unit = tf.clip_by_value((tf.cast(tensor, tf.float32) - low) / (high - low), 0.0, 1.0)
        return tf.cast(tf.round(unit * 255.0), tf.uint8)

    def get_config(self):
        frames, height, width, channels = self.modality.shape
        return {
            "name": self.modality.name, "frames": frames, "height": height, "width": width, "channels": channels,
            "frame_rate": self.modality.frame_rate, "range": list(self.modality.range),
        }  # fmt: skip
