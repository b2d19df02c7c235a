"""Walks through a latent space, decoded: along single dimensions, and from one example to another."""

import numpy as np
import tensorflow as tf

from mmgen_tf.models.generation import check_names
from mmgen_tf.noise import Noise
from mmgen_tf.plots.figure_cells import cell_figure


def latent_traversal(model, inputs, to, dimensions=None, span=3.0, steps=7, seed=0):
    """A figure of what single latent dimensions do: a row for each, decoded at `mean + offset`, the rest held.

    Args:
        model: a `GenerativeModel` with `encode(values, present) -> (mean, log_variance)` and `decode(z, names, noise)`.
        inputs: dict of modality name -> one human value: where the walk starts.
        to: name of the modality to decode, or a list of them, which share a row's z.
        dimensions: ints in 0..latent_dim - 1; the eight of largest KL(q(z_d | inputs) || N(0, 1)) if None, the ones
            that the model uses most for these inputs.
        span: offsets go from -span to span, in units of the prior's standard deviation.
        steps: offsets in a row, at least 2.
        seed: of what decoding draws, the same in every cell's row of the batch.

    Returns:
        A matplotlib `Figure`, a row for each dimension and modality, a column for each offset.

    Raises:
        ImportError: without matplotlib.
        TypeError: for a model without `encode` and `decode`.
        ValueError: for unknown names or dimensions, fewer than 2 steps, or inputs that are not one example.
    """
    mean, log_variance = _posterior(model, inputs)
    if dimensions is None:
        kl = 0.5 * (mean**2 + np.exp(log_variance) - 1.0 - log_variance)
        dimensions = np.argsort(-kl, kind="stable")[:8].tolist()
    wrong = [dimension for dimension in dimensions if not 0 <= dimension < len(mean)]
    if wrong or not len(dimensions):
        raise ValueError(f"latent_traversal expected dimensions in 0..{len(mean) - 1}; received {list(dimensions)}.")
    offsets = np.linspace(-span, span, _checked_steps(steps))
    z = np.tile(mean, (len(dimensions), steps, 1))
    for line, dimension in zip(z, dimensions):
        line[:, dimension] += offsets
    titles = [f"{offset:+.1f}" for offset in offsets]
    return _walks(model, z, to, titles, [f"z[{dimension}]" for dimension in dimensions], seed)


def latent_interpolation(model, one, other, to, steps=8, spherical=True, seed=0):
    """A figure of the way between two examples, decoded from between their posteriors' means.

    Args:
        model: as in `latent_traversal`.
        one, other: dicts of modality name -> one human value: the two ends.
        to: name of the modality to decode, or a list of them.
        steps: points on the way, both ends included, at least 2.
        spherical: along a great arc (White 2016, section 2.1), which keeps near the distance from the origin at which
            a Gaussian has its mass, the length going evenly from one end's to the other's; else along a straight line.
        seed: of what decoding draws.

    Returns:
        A matplotlib `Figure`, a row for each of `to`, a column for each point.

    Raises:
        ImportError, TypeError, ValueError: as `latent_traversal`.
    """
    (start, _), (end, _) = _posterior(model, one), _posterior(model, other)
    shares = np.linspace(0.0, 1.0, _checked_steps(steps))
    z = interpolate(start, end, shares, spherical)
    return _walks(model, z[None], to, [f"{share:.2f}" for share in shares], [""], seed)


def interpolate(start, end, shares, spherical=True):
    """Points `(steps, d)` between vectors `start` and `end (d,)`, at `shares (steps,)` in 0..1 of the way.

    Where the ends point the same way, opposite ways or nowhere, there is no one great arc, and the line is taken.
    """
    shares = np.asarray(shares)[:, None]
    line = (1.0 - shares) * start + shares * end
    lengths = np.linalg.norm(start), np.linalg.norm(end)
    if not spherical or min(lengths) == 0.0:
        return line
    from_, to = start / lengths[0], end / lengths[1]
    angle = np.arccos(np.clip(from_ @ to, -1.0, 1.0))
    if np.sin(angle) < 1e-6:
        return line
    arc = (np.sin((1.0 - shares) * angle) * from_ + np.sin(shares * angle) * to) / np.sin(angle)
    return ((1.0 - shares) * lengths[0] + shares * lengths[1]) * arc


def _checked_steps(steps):
    if steps < 2:
        raise ValueError(f"A walk through a latent space has at least 2 steps; received {steps}.")
    return steps


def _posterior(model, inputs):
    """Mean and log-variance, float64 `(latent_dim,)` each, of q(z | inputs)."""
    if not (hasattr(model, "encode") and hasattr(model, "decode")):
        raise TypeError(f"A latent walk needs a model with encode and decode; {type(model).__name__} has not both.")
    check_names(inputs, model.input_names, f"{type(model).__name__} takes inputs by modality:")
    if not model.built:
        model.build()
    values, present = {}, {}
    for name, processor in model.processors.items():
        value = inputs.get(name)
        if value is not None and not processor.is_single(value):
            raise ValueError(f"A latent walk expected one {name!r}, not a list or batch of them.")
        raw, here = processor.stack_with_missing([value])
        values[name], present[name] = processor.preprocess(tf.constant(raw)), tf.constant(here)
    if not any(value is not None for value in inputs.values()):
        raise ValueError(f"A latent walk expected at least one of {list(model.input_names)}; received none.")
    mean, log_variance = model.encode(values, present)
    return np.asarray(mean, "float64")[0], np.asarray(log_variance, "float64")[0]


def _walks(model, z, to, titles, row_titles, seed):
    """The figure of `z (walks, steps, latent_dim)`, a row for each walk and modality."""
    names = (to,) if isinstance(to, str) else tuple(to)
    check_names(names, model.output_names, f"{type(model).__name__} makes outputs by modality:")
    walks, steps, width = z.shape
    flat = tf.constant(z.reshape(-1, width), tf.float32)
    tensors = model.decode(flat, names, Noise(seed))
    values = {}
    for name in names:
        processor = model.processors[name]
        values[name] = processor.unstack(processor.postprocess(tensors[name]).numpy())
    rows = [list(values[name][walk * steps : (walk + 1) * steps]) for walk in range(walks) for name in names]
    modalities = [[model.modalities[name]] * steps for _ in range(walks) for name in names]
    labels = [f"{title} {name}".strip() if len(names) > 1 else title for title in row_titles for name in names]
    return cell_figure(rows, titles, modalities, labels if any(labels) else None)
