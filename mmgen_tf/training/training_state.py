"""All that decides how a training goes on, in one file: weights, optimizers, averages, random streams, position."""

import os
import pathlib

import numpy as np
from keras import ops


def state_variables(model):
    """Every variable of a compiled model in a fixed order: its own, its optimizers', its weight average's."""
    variables = list(model.variables)
    for _, optimizer in sorted(model.optimizers.items()):
        variables += optimizer.variables
    if model.weight_average:
        variables += model.weight_average.variables
    return list({id(variable): variable for variable in variables}.values())


def save_state(model, path, position):
    """Writes the state beside and renames it, so that `path` always holds a whole one.

    Args:
        model: a compiled `GenerativeModel`.
        path: of the `.npz` file.
        position: steps done since the beginning of the training.
    """
    path = pathlib.Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    arrays = {f"{i:05d}": ops.convert_to_numpy(v) for i, v in enumerate(state_variables(model))}
    fresh = path.with_suffix(".part")
    with open(fresh, "wb") as file:
        np.savez(file, position=np.int64(position), **arrays)
        file.flush()
        os.fsync(file.fileno())
    os.replace(fresh, path)


def restore_state(model, path):
    """Gives the model the saved state and returns the position; 0 if there is no file.

    Raises:
        ValueError: if the file was saved from another architecture, naming the first variable that differs.
    """
    path = pathlib.Path(path)
    if not path.is_file():
        return 0
    variables = state_variables(model)
    with np.load(path, allow_pickle=False) as saved:
        if len(saved.files) - 1 != len(variables):
            raise ValueError(f"{path} holds {len(saved.files) - 1} variables; this training has {len(variables)}.")
        arrays = [saved[f"{i:05d}"] for i in range(len(variables))]
        position = int(saved["position"])
    for variable, array in zip(variables, arrays):
        if tuple(variable.shape) != array.shape:
            raise ValueError(f"{path}: {variable.path} was saved with shape {array.shape}; expected {variable.shape}.")
    for variable, array in zip(variables, arrays):
        variable.assign(array)
    return position
