"""Class names <-> class numbers."""

import difflib

import numpy as np
import tensorflow as tf

from mmgen_tf.modalities.processor import Processor
from mmgen_tf.modality import Modality
from mmgen_tf.registry import register


@register
class LabelProcessor(Processor):
    """Class names or numbers <-> int32 classes.

    Args:
        name: the modality's name.
        classes: the class names, in the order of their numbers.
    """

    def __init__(self, name="label", classes=()):
        self.modality = Modality(name, "label", (), "int32", vocabulary=tuple(map(str, classes)))
        self.raw_spec = tf.TensorSpec((), tf.int32)

    def stack(self, values):
        """A list of class names or numbers -> int32 `(n,)`. Raises ValueError for a class that does not exist."""
        values = np.asarray(values)
        classes = self.modality.vocabulary
        if np.issubdtype(values.dtype, np.integer):
            outside = values[(values < 0) | (values >= len(classes))]
            if outside.size:
                self.refuse("no such class", f"a number in 0..{len(classes) - 1}", int(outside[0]))
            return values.astype("int32")
        unknown = [str(v) for v in values if str(v) not in classes]
        if unknown:
            near = difflib.get_close_matches(unknown[0], classes) or classes[:8]
            self.refuse("no such class", f"a class name such as {', '.join(near)}", repr(unknown[0]))
        numbers = {name: number for number, name in enumerate(classes)}
        return np.array([numbers[str(v)] for v in values], "int32")

    def preprocess(self, raw):
        """Raises InvalidArgumentError for a class that does not exist: a stream's labels are seen here first."""
        number, count = tf.cast(raw, tf.int32), len(self.modality.vocabulary)
        problem = f"{self.modality.name}: no such class. Expected numbers in 0..{count - 1}; received"
        exists = tf.reduce_all((number >= 0) & (number < count))
        with tf.control_dependencies([tf.debugging.Assert(exists, [problem, number])]):
            return tf.identity(number)

    def postprocess(self, tensor):
        return tf.cast(tensor, tf.int32)

    def unstack(self, raw):
        return [self.modality.vocabulary[number] for number in raw]

    def get_config(self):
        return {"name": self.modality.name, "classes": list(self.modality.vocabulary)}
