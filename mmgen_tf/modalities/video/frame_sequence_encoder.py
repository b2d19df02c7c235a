"""A video -> a vector for each frame that knows the frames around it, and one for all."""

import keras
from keras import ops

from mmgen_tf.registry import register


@register
class FrameSequenceEncoder(keras.layers.Layer):
    """A picture encoder on every frame, then a bidirectional GRU over them (Venugopalan et al. 2015; Cho et al. 2014).

    Args:
        frame_encoder: layer from pictures `(batch, height, width, channels)` to `(batch, output_dim)`.
        frames: of a clip.
        output_dim: length of the vectors, even: half of it looks forwards, half backwards.

    Input: float `(batch, frames, height, width, channels)`. Output: float `(batch, output_dim)`, the mean over frames.
    `regions` gives a vector for each frame.

    Raises:
        ValueError: for an odd `output_dim`.

    Reference: Venugopalan, Rohrbach, Donahue, Mooney, Darrell & Saenko, Sequence to Sequence - Video to Text, ICCV
    2015.
    """

    def __init__(self, frame_encoder, frames=8, output_dim=128, **kwargs):
        super().__init__(**kwargs)
        if output_dim % 2:
            raise ValueError(f"output_dim must be even, one half for either direction; received {output_dim}.")
        self.frame_encoder, self.frames, self.output_dim = frame_encoder, frames, output_dim
        cell = keras.layers.GRUCell
        self.forwards, self.backwards = cell(output_dim // 2, name="forwards"), cell(output_dim // 2, name="backwards")

    def build(self, *shapes):
        if not self.frame_encoder.built:
            self.frame_encoder.build()
        for walk in (self.forwards, self.backwards):
            walk.build((None, self.frame_encoder.output_dim))
        self.built = True

    def regions(self, videos, training=False):
        """A vector for each frame, `(batch, frames, output_dim)`."""
        pictures = ops.reshape(videos, (-1, *videos.shape[2:]))
        seen = self.frame_encoder(pictures, training=training)
        seen = ops.reshape(seen, (-1, self.frames, self.frame_encoder.output_dim))
        onwards = self.walked(self.forwards, seen, range(self.frames))
        back = self.walked(self.backwards, seen, reversed(range(self.frames)))
        return ops.concatenate([onwards, back], axis=-1)

    def walked(self, cell, seen, order):
        """The states of a cell that walks over frames in some order, at their places."""
        state, states = ops.zeros_like(seen[:, 0, : self.output_dim // 2]), {}
        for place in order:
            state, _ = cell(seen[:, place], [state])
            states[place] = state
        return ops.stack([states[place] for place in range(self.frames)], axis=1)

    def call(self, videos, training=False):
        return ops.mean(self.regions(videos, training), axis=1)

    def get_config(self):
        return {"frame_encoder": self.frame_encoder, "frames": self.frames, "output_dim": self.output_dim}
