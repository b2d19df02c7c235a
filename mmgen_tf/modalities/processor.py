"""What every processor does: human values <-> raw batches <-> tensors."""

import numpy as np
import tensorflow as tf


class Processor:
    """Turns one modality's human values into a model's tensors and back.

    Three forms of a value are told apart. *Human*: what a person holds, a uint8 picture, a string, a waveform.
    *Raw*: the same in a batch with one dtype and shape, what a SavedModel takes and gives. *Tensor*: what a network
    sees. `stack` goes from human to raw and is where bad input is refused; `preprocess` and `postprocess` go from raw
    to tensor and back inside TensorFlow graphs; `unstack` goes from raw to human.

    Subclasses set `modality` and `raw_spec` (a `tf.TensorSpec` without the batch axis).
    """

    modality = None
    raw_spec = None
    costly = False  # whether `preprocess` is worth doing once, before training; such tensors have no way back

    def stack(self, values):
        """A list of human values -> one raw numpy batch. Raises ValueError where a value is not this modality's."""
        raise NotImplementedError(f"{type(self).__name__} must define stack(values).")

    def preprocess(self, raw):
        """Raw batch -> tensor batch of `modality.shape` and `modality.dtype`; runs inside graphs."""
        raise NotImplementedError(f"{type(self).__name__} must define preprocess(raw).")

    def postprocess(self, tensor):
        """Tensor batch -> raw batch; runs inside graphs."""
        raise NotImplementedError(f"{type(self).__name__} must define postprocess(tensor).")

    def is_single(self, value):
        """Whether a human value is one example rather than a list or batch of them."""
        return not isinstance(value, (list, tuple)) and np.ndim(value) <= len(self.raw_spec.shape)

    def stack_with_missing(self, values):
        """A list in which None marks a missing example -> (raw batch, bool `present`). Missing rows are blank."""
        present = np.array([value is not None for value in values], bool)
        blank = np.full(self.raw_spec.shape, "" if self.raw_spec.dtype == tf.string else 0)
        blank = blank.astype(object if self.raw_spec.dtype == tf.string else self.raw_spec.dtype.as_numpy_dtype)
        if present.all():
            return self.stack(values), present
        raw = np.stack([blank] * len(values)) if len(values) else blank[None][:0]
        if present.any():
            raw[present] = self.stack([value for value in values if value is not None])
        return raw, present

    def unstack(self, raw):
        """Raw numpy batch -> human values: an array, or a list of strings."""
        return raw

    def refuse(self, problem, expected, received):
        """Raises the one form of error for a human value that cannot be used."""
        raise ValueError(f"{self.modality.name}: {problem}. Expected {expected}; received {received}.")
