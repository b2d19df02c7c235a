"""The contract every part of mmgen_tf agrees on: named modalities, and what a batch of them is.

A *modality* is one way of saying a thing: a picture, a sentence, a clip of sound, a class. A *batch* is a plain
dictionary that `tf.data`, Keras and every `tf.distribute` strategy pass on untouched::

    {
        "image": float32 (batch, 28, 28, 1),       # one tensor a modality, keyed by the modality's name
        "text": int32 (batch, 12),
        "present": {"image": bool (batch,), "text": bool (batch,)},
        "row": int32 (batch, 2),                   # each row's place in the global batch, and that batch's size
    }

A row whose modality is missing has `present` False there and anything at all in the tensor: no model may read it.
`row` lets noise be drawn for the whole global batch and shared out, so that one replica and eight train alike.
"""

import dataclasses

from keras import ops

KINDS = ("image", "text", "audio", "video", "label")
RESERVED = ("present", "row")


@dataclasses.dataclass(frozen=True)
class Modality:
    """What one named modality looks like as a tensor.

    Args:
        name: the key under which it travels in batches, configs and `generate` calls.
        kind: one of `KINDS`.
        shape: the shape of one example's tensor, without the batch axis.
        dtype: the tensor's dtype, `"float32"` or `"int32"`.
        range: `(low, high)` of a float tensor, None where the values are tokens or classes.
        vocabulary: the words or class names that an int tensor counts through.
        sample_rate: in hertz, for audio.
        frame_rate: in frames a second, for video.
        value_shape: of the picture or video that people hold, where it is not the tensor's; `shape` if None.

    Raises:
        ValueError: for a reserved or unusable name, an unknown kind or an unknown dtype.
    """

    name: str
    kind: str
    shape: tuple
    dtype: str = "float32"
    range: tuple | None = None
    vocabulary: tuple | None = None
    sample_rate: int | None = None
    frame_rate: float | None = None
    value_shape: tuple | None = None

    def __post_init__(self):
        if not self.name.isidentifier() or self.name in RESERVED:
            raise ValueError(f"A modality's name must be an identifier other than {RESERVED}; received {self.name!r}.")
        if self.kind not in KINDS:
            raise ValueError(f"A modality's kind must be one of {KINDS}; received {self.kind!r}.")
        if self.dtype not in ("float32", "int32"):
            raise ValueError(f"A modality's dtype must be 'float32' or 'int32'; received {self.dtype!r}.")
        object.__setattr__(self, "shape", tuple(self.shape))
        object.__setattr__(self, "value_shape", tuple(self.value_shape or self.shape))

    def check(self, tensor):
        """Returns `tensor` if a batch of this modality may look like it, else raises ValueError with both shapes."""
        if tuple(tensor.shape)[1:] != self.shape:
            raise ValueError(
                f"Modality {self.name!r}: expected a batch of shape (batch, {', '.join(map(str, self.shape))}), "
                f"received {tuple(tensor.shape)}."
            )
        return tensor


def values_of(batch):
    """The modalities' tensors of a batch, in sorted order, without `present` and `row`."""
    return {name: batch[name] for name in sorted(batch) if name not in RESERVED}


def blank_missing(values, present):
    """`values` with zeros wherever a modality is missing, so that nothing of a missing row is read, not even a NaN.

    Args:
        values: dict of name -> tensor `(batch, ...)`; names without a mask are left out.
        present: dict of name -> bool `(batch,)`.
    """
    blanked = {}
    for name in sorted(present):
        value = values[name]
        mask = ops.reshape(present[name], (-1,) + (1,) * (len(value.shape) - 1))
        blanked[name] = ops.where(mask, value, ops.zeros_like(value))
    return blanked
