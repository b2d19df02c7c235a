"""Drawing as the protocols do it: one draw a test row, or rows from nothing, a batch at a time."""

import numpy as np

from mmgen_tf.metrics import Coherence, JointCoherence

BATCH = 1000
JOINT_BATCH = 500


def draw_from(model, test, given, to, seed, **options):
    """One draw for each test row.

    Args:
        model: a `GenerativeModel`.
        test: columns of human values.
        given: names of the columns that are given.
        to: names of the modalities that are drawn.
        seed: of the draws.
        **options: of `model.generate`.

    Returns:
        dict of name -> values, one for each row.
    """
    inputs = {name: test[name] for name in given}
    return model.generate(inputs, to=list(to), seed=seed, batch_size=BATCH, **options)


def draw_jointly(model, to, count, seed):
    """`count` rows from nothing, `JOINT_BATCH` at a time, so that memory does not grow with `count`.

    Returns:
        dict of name -> values, one for each row. Fewer rows are the first of more.
    """
    parts = []
    for number in range(-(-count // JOINT_BATCH)):
        part_seed = int(np.random.SeedSequence([seed, number]).generate_state(1)[0])
        parts.append(model.generate(to=list(to), num_samples=JOINT_BATCH, seed=part_seed))
    return {name: _joined([part[name] for part in parts])[:count] for name in to}


def _joined(parts):
    return np.concatenate(parts) if isinstance(parts[0], np.ndarray) else [value for part in parts for value in part]


def share_right(expected, predicted):
    """Share of rows whose predicted class is the expected one, ints `(n,)` each; a negative one is wrong."""
    metric = Coherence()
    metric.update_state(expected, predicted)
    return float(metric.result())


def share_agreeing(classes):
    """Share of rows on which all modalities show the same class: dict of name -> int `(n,)`."""
    metric = JointCoherence()
    metric.update_state(classes)
    return float(metric.result())


def makes_jointly(model):
    """Whether a model draws everything from nothing."""
    return not model.required_names and len(model.output_names) > 1
