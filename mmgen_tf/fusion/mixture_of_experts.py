"""One of several opinions for each row: the draw that a mixture of experts begins with."""

from keras import ops


def choose_experts(present, noise):
    """For each row one of its present experts, all equally likely: int32 `(batch,)`.

    Args:
        present: bool `(experts, batch)`.
        noise: `Noise`.
    """
    draws = noise.uniform((ops.shape(present)[1], present.shape[0]))
    return ops.cast(ops.argmax(ops.where(ops.transpose(present), draws, -1.0), axis=-1), "int32")


def take_expert(values, index):
    """The rows of `values (experts, batch, ...)` that belong to the experts `index (batch,)`: `(batch, ...)`."""
    one_hot = ops.one_hot(index, values.shape[0], axis=0, dtype="bool")
    shape = ops.shape(one_hot) + (1,) * (len(values.shape) - 2)
    return ops.sum(ops.where(ops.reshape(one_hot, shape), values, ops.zeros_like(values)), axis=0)
