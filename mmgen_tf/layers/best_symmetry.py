"""The mirror image or turn of a picture that tells most about its holes."""

from keras import ops

UNCOVERED = 0.08  # what a candidate that leaves the whole hole open loses, of a range of 2


def best_symmetry(pictures, mask):
    """For each picture that of its mirror images and turns which fits best: many pictures have a symmetry of the
    square, and which one, what a hole leaves tells.

    Candidates are the mirror images about the vertical and the horizontal middle and the half turn, and of square
    pictures those about the diagonals and the quarter turns. The best has the least mean absolute difference to what is
    known, over the picture and once more over the surroundings of the holes, and covers the holes; places are compared
    by twos.

    Args:
        pictures: float `(batch, height, width, channels)` in -1..1, holes filled somehow.
        mask: float `(batch, height, width, 1)`: 1 where something is missing.

    Returns:
        The pictures so turned, and their masks, likewise turned.
    """
    both = ops.concatenate([pictures, mask], axis=-1)
    small = ops.average_pool(both, 2, padding="same")
    height, width = small.shape[1:3]
    hole = small[..., -1:]
    near = ops.max_pool(hole, (height // 4 + 1, width // 4 + 1), strides=1, padding="same")
    misfits = []
    for turned in _turns(small):
        error = ops.mean(ops.abs(turned - small)[..., :-1], axis=-1, keepdims=True)
        known = (1.0 - hole) * (1.0 - turned[..., -1:])
        misfit = UNCOVERED * _mean(turned[..., -1:], hole)
        misfits.append(misfit + _mean(error, known) + _mean(error, known * near))
    best = ops.argmin(ops.stack(misfits), axis=0)
    chosen = sum(
        ops.where((best == number)[:, None, None, None], turned, 0.0) for number, turned in enumerate(_turns(both))
    )
    return chosen[..., :-1], chosen[..., -1:]


def _turns(x):
    """The candidates of maps `(batch, height, width, channels)`."""
    turns = [ops.flip(x, 2), ops.flip(x, 1), ops.flip(x, (1, 2))]
    if x.shape[1] == x.shape[2]:
        turns += [ops.transpose(each, (0, 2, 1, 3)) for each in (x, *reversed(turns))]
    return turns


def _mean(values, weights):
    """The weighted mean over the places of each map, `(batch,)`; 0 where nothing has weight."""
    return ops.sum(values * weights, axis=(1, 2, 3)) / ops.maximum(ops.sum(weights, axis=(1, 2, 3)), 1e-3)
