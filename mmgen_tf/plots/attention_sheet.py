"""What a model looked at: for each word that it said or drew, regions of a picture, words, frames."""

import numpy as np

from mmgen_tf.plots.attention_maps import attention_maps, shade_over
from mmgen_tf.plots.figure_cells import UNIT, new_figure, show_picture

MOST_WORDS = 20
COLUMNS = 7  # pictures side by side


def attention_sheet(model, inputs, **options):
    """A figure of what one answer looked at. Of a sentence: a picture under each word's attention, frames as a table
    whose rows are the words that were said, and all words that were given as another. Of a picture that was drawn for a
    sentence, its `attention_maps`.

    Args:
        model: a model whose `generate` takes `return_attention`: from any modalities to a sentence, such as
            `MultimodalTransformer`, or from a sentence to a picture, `AttentionGAN`.
        inputs: dict of name -> one human value.
        **options: of `generate`.

    Returns:
        A matplotlib `Figure`, whose title is the sentence.

    Raises:
        ImportError: without matplotlib.
    """
    (output,) = model.output_names
    said, attention = model.generate(inputs, to=output, return_attention=True, **options)
    if model.modalities[output].kind == "image":
        ((name, text),) = inputs.items()
        figure = attention_maps(said, model.processors[name].pieces(text)[: len(attention)], attention)
        figure.suptitle(text, fontsize=10)
        return figure
    teller = model.processors[output]
    words = teller.pieces(said)[int(teller.begins) :][:MOST_WORDS] or [said]  # a start is not said
    kinds = {name: model.modalities[name].kind for name in model.spans() if name in inputs}
    shown = [name for name, kind in kinds.items() if kind in ("image", "video")]
    told = [name for name in kinds if name not in shown]
    heights = [_height(kinds[name], len(words)) for name in [*shown, *told[:1]]]
    figure = new_figure(UNIT * (2.0 * min(len(words) + 1, COLUMNS) + 1), UNIT * sum(heights) + 0.5)
    figure.suptitle(said, fontsize=10)
    parts = np.atleast_1d(figure.subfigures(len(heights), 1, height_ratios=heights))
    for part, name in zip(parts, shown):
        draw = _regions if kinds[name] == "image" else _frames
        draw(part, inputs[name], words, attention[: len(words), model.spans()[name]])
    if told:
        _pieces(parts[-1], model, {name: inputs[name] for name in told}, words, attention)
    return figure


def _height(kind, words):
    return 2.2 * _lines(words) if kind == "image" else {"video": 1.4}.get(kind, 1.2) + 0.25 * words


def _lines(words):
    return -(-(words + 1) // COLUMNS)


def _regions(part, picture, words, weights):
    """The picture, and the picture under each word's attention; regions lie on a square grid."""
    side = int(round(weights.shape[1] ** 0.5))
    lines, columns = _lines(len(words)), min(len(words) + 1, COLUMNS)
    places = list(part.subplots(lines, columns, squeeze=False).flat)
    for axes in places[len(words) + 1 :]:
        axes.set_axis_off()
    for number, (axes, title) in enumerate(zip(places, ["", *words])):
        show_picture(axes, np.asarray(picture))
        if number:
            shade_over(axes, weights[number - 1].reshape(side, -1), np.asarray(picture).shape[:2])
        axes.set(xticks=[], yticks=[])
        axes.spines[:].set_visible(False)
        axes.set_title(title, loc="left", fontsize=9)


def _frames(part, video, words, weights):
    """The frames above the table of what each word looked at."""
    above, below = part.subplots(2, 1, height_ratios=[1.4, 0.3 * len(words)])
    show_picture(above, np.concatenate(list(np.asarray(video)), axis=1))
    above.set_axis_off()
    above.set_anchor("C")
    _table(below, words, weights)
    below.set_xticks(range(weights.shape[1]), [f"frame {n + 1}" for n in range(weights.shape[1])], fontsize=7)


def _pieces(part, model, told, words, attention):
    """One table of all that was told, texts and classes one after the other."""
    places, weights = [], []
    for name, value in told.items():
        is_text = model.modalities[name].kind == "text"
        pieces = model.processors[name].pieces(value) if is_text else [str(value)]
        places += pieces
        weights.append(attention[: len(words), model.spans()[name]][:, : len(pieces)])
    axes = part.subplots()
    _table(axes, words, np.concatenate(weights, axis=1))
    axes.set_xticks(range(len(places)), places, rotation=60, ha="right", fontsize=8)


def _table(axes, words, weights):
    """Weights as shades: a row for each word that was said."""
    axes.imshow(weights, cmap="Blues", aspect="auto", vmin=0.0)
    axes.set_yticks(range(len(words)), words, fontsize=8)
    axes.spines[:].set_visible(False)
