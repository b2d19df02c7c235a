"""A picture of what a variant makes: inputs beside outputs, one panel a direction."""

import numpy as np


def draw_samples(model, examples, path, rows=8, seed=0):
    """Writes a PNG with a panel for each of the model's directions.

    Args:
        model: a `GenerativeModel`.
        examples: columns of human values, at least `rows` of them.
        path: of the PNG.
        rows: inputs shown in a panel.
        seed: of the draws.

    Raises:
        ImportError: without matplotlib, naming the extra that brings it.
    """
    try:
        from matplotlib.figure import Figure
    except ImportError:
        raise ImportError('Sample pictures need matplotlib: pip install "mmgen_tf[plots]"') from None
    ways = model.directions()
    figure = Figure(figsize=(4.6 * len(ways), 0.55 * rows + 0.6), dpi=110, layout="constrained")
    for axes, (given, to) in zip(np.atleast_1d(figure.subplots(1, len(ways))), ways):
        inputs = {name: list(examples[name][:rows]) for name in given}
        draws = 5 if given else rows
        answers = model.generate(inputs, to=list(to), num_samples=draws, seed=seed)
        if given:
            lines = [[inputs[n][row] for n in given] + _few(answers, to, row, model) for row in range(rows)]
        else:
            lines = [[answers[name][row] for name in to] for row in range(rows)]
        _panel(axes, lines, f"{' + '.join(given) or 'noise'} \N{RIGHTWARDS ARROW} {' + '.join(to)}")
    figure.savefig(path, metadata={"Software": None})


def _few(answers, to, row, model):
    """All drawn pictures of a row, but only one sentence."""
    cells = []
    for name in to:
        drawn = answers[name][row]
        cells += list(drawn) if model.modalities[name].kind == "image" else [drawn[0]]
    return cells


def _panel(axes, lines, title):
    axes.set_title(title, loc="left", fontsize=10)
    axes.set_axis_off()
    height = len(lines)
    right = 1.0
    for y, cells in enumerate(lines):
        x = 0.0
        for cell in cells:
            if isinstance(cell, np.ndarray):
                shown = np.repeat(cell, 3, axis=-1) if cell.shape[-1] == 1 else cell
                axes.imshow(shown, extent=(x, x + 0.94, height - y - 0.94, height - y), aspect="equal")
                x += 1.0
            else:
                axes.text(x + 0.1, height - y - 0.5, str(cell), va="center", fontsize=7.5)
                x += 4.4
        right = max(right, x)
    axes.set_xlim(0, right)
    axes.set_ylim(0, height)
