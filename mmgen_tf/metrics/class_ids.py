"""Classes as the coherence metrics read them: integer ids, or a classifier's logits."""

import keras
from keras import ops


def class_ids(classes, name):
    """The class of each row.

    Args:
        classes: integer ids (n,), or logits or probabilities (n, classes) of any float dtype, whose largest entry
            names the class.
        name: what to call `classes` in errors.

    Returns:
        int64 (n,); -1 where a row of logits holds a NaN, so that it counts as wrong.

    Raises:
        ValueError: for ids that are not integers, and for any other rank.
    """
    classes = ops.convert_to_tensor(classes)
    dtype = keras.backend.standardize_dtype(classes.dtype)
    is_int = keras.backend.is_int_dtype(dtype)
    if len(classes.shape) == 1 and is_int:
        return ops.cast(classes, "int64")
    if len(classes.shape) == 2 and keras.backend.is_float_dtype(dtype):
        broken = ops.any(ops.isnan(classes), axis=-1)
        return ops.where(broken, ops.cast(-1, "int64"), ops.cast(ops.argmax(classes, axis=-1), "int64"))
    raise ValueError(
        f"Expected {name} as integer class ids (n,) or float logits (n, classes); "
        f"received {dtype} of shape {tuple(classes.shape)}."
    )
