"""What a model makes of what it is given: a row for each input, the draws beside it."""

from mmgen_tf.plots.figure_cells import cell_figure


def conditional_grid(model, inputs, given, to, num_samples=4, seed=0):
    """A figure of draws from p(to | given).

    Args:
        model: a `GenerativeModel`.
        inputs: dict of modality name -> list of human values, equally many each; None in a list is a missing value.
            Columns that are not in `given` are not read, so a whole table of examples may be passed.
        given: name of the modality that the model sees, or a list of them.
        to: name of the modality to draw, or a list of them.
        num_samples: draws for each input.
        seed: of the draws.

    Returns:
        A matplotlib `Figure`: in each row the given values, then `num_samples` draws of each of `to`.

    Raises:
        ImportError: without matplotlib.
        ValueError: for a name that `inputs` lacks, and as `model.generate`.
    """
    given, to = ((names,) if isinstance(names, str) else tuple(names) for names in (given, to))
    lacking = [name for name in given if name not in inputs]
    if lacking or not given or not to:
        raise ValueError(
            f"conditional_grid expected given and to to name modalities, given among the inputs {sorted(inputs)}; "
            f"received given={list(given)}, to={list(to)}."
        )
    columns = {name: list(inputs[name]) for name in given}
    answers = model.generate(columns, to=list(to), num_samples=num_samples, seed=seed)
    rows = []
    for row in range(len(columns[given[0]])):
        line = [columns[name][row] for name in given]
        for name in to:
            line += [answers[name][row]] if num_samples == 1 else list(answers[name][row])
        rows.append(line)
    names = [*given, *(name for name in to for _ in range(num_samples))]
    titles = [*(f"given: {name}" for name in given)]
    for name in to:
        titles += [f"drawn: {name}"] + [None] * (num_samples - 1)
    return cell_figure(rows, titles, [model.modalities[name] for name in names])
