"""`mmgen demo`: every variant, every direction, in a gallery to look at."""

import html
import inspect
import pathlib
import warnings

import typer

ROWS, DRAWS = 8, 6
STYLE = """
:root { color-scheme: light dark; --line: #8884; }
body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 72rem; padding: 0 1rem; }
h1 { font-weight: 600; } h2 { margin: 2.5rem 0 .2rem; } h3 { margin: 1.2rem 0 .4rem; font-weight: 500; }
section { border-top: 1px solid var(--line); } code { background: #8882; padding: .1em .3em; border-radius: 4px; }
.row { display: flex; flex-wrap: wrap; align-items: center; gap: .5rem 1rem; margin: .35rem 0; }
nav { columns: 16rem; } .input { min-width: 16rem; } .arrow { opacity: .5; } .figure { opacity: .7; }
img { image-rendering: pixelated; width: 64px; border-radius: 4px; margin-right: 3px; vertical-align: middle; }
img.sheet { image-rendering: auto; width: auto; max-width: 100%; background: #fff; }
audio { height: 32px; width: 220px; margin-right: 3px; vertical-align: middle; }
"""


def demo(
    out: pathlib.Path = typer.Option(pathlib.Path("mmgen_demo"), help="Directory for the gallery."),
    seed: int = typer.Option(0, help="The same seed makes the same gallery."),
):
    """Load every variant, generate in every direction, and write a gallery to look at."""
    from rich.progress import Progress

    from mmgen_tf import zoo

    out.mkdir(parents=True, exist_ok=True)
    rows, sections = zoo.list(), []
    with Progress(transient=False) as progress:
        for row in progress.track(rows, description="Generating"):
            sections.append(_section(row, out, seed))
    links = "<br>".join(f"<a href='#{html.escape(row.name)}'>{html.escape(row.name)}</a>" for row in rows)
    page = (
        f"<!doctype html><html lang='en'><meta charset='utf-8'><title>mmgen_tf gallery</title><style>{STYLE}</style>"
        f"<h1>mmgen_tf: what the zoo makes</h1><p>{len(rows)} variants, loaded by name from the installed package, "
        f"seed {seed}. Inputs on the left, what was generated on the right.</p><nav>{links}</nav>{''.join(sections)}"
        "</html>\n"
    )
    (out / "index.html").write_text(page, encoding="utf-8")
    typer.echo(f"Open {out / 'index.html'}")


def _section(row, out, seed):
    from mmgen_tf import zoo
    from mmgen_tf.data.folder import read_folder
    from mmgen_tf.evaluation.demonstrations import demonstrations
    from mmgen_tf.models import preset

    model = zoo.load(row.name)
    given_modalities = {name: model.modalities[name] for name in model.input_names}
    examples = read_folder(preset.locate(row.name) / "examples", given_modalities) if given_modalities else {}
    folder = out / row.name
    folder.mkdir(exist_ok=True)
    name = html.escape(row.name)
    parts = [
        f"<section id='{name}'><h2>{name}</h2><div class='figure'>{html.escape(row.model)} \N{MIDDLE DOT} "
        f'{html.escape(row.headline)} \N{MIDDLE DOT} <code>mmgen_tf.zoo.load("{name}")</code></div>'
    ]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # captions of a variant's own examples may hold words new to it
        directions = demonstrations(model, examples, ROWS, DRAWS, seed)
    for shown in directions:
        parts.append(f"<h3>{shown.title}</h3>")
        stem = folder / f"{'_'.join(shown.given) or 'nothing'}_to_{'_'.join(shown.to)}"
        for i, (inputs, answers) in enumerate(shown.lines):
            left = [_show(model, name, [value], f"{stem}_input_{i}_{name}") for name, value in inputs.items()]
            made = [_show(model, name, values, f"{stem}_{i}_{name}") for name, values in answers.items()]
            before = f"<div class='input'>{' '.join(left)}</div><div class='arrow'>\N{RIGHTWARDS ARROW}</div>"
            parts.append(f"<div class='row'>{before if left else ''}<div>{' '.join(made)}</div></div>")
    return "".join([*parts, _attention(model, examples, folder / "attention.png"), "</section>"])


def _attention(model, examples, path):
    """HTML for what a model that tells its attention looked at, of its first example; nothing for others."""
    from mmgen_tf.plots import attention_sheet

    if "return_attention" not in inspect.signature(model.sample).parameters:
        return ""
    try:
        figure = attention_sheet(model, {name: values[0] for name, values in examples.items() if values[0] is not None})
    except ImportError as error:
        return f"<p class='figure'>What it looked at is drawn by matplotlib. {html.escape(str(error))}</p>"
    figure.savefig(path)
    return f"<h3>What it looked at</h3><img class='sheet' src='{_source(path)}' alt='attention'>"


def _source(path):
    """Where the page finds a file of a variant's folder."""
    return html.escape(f"{path.parent.name}/{path.name}")


def _show(model, name, values, stem):
    """HTML for a few values of one modality; pictures and sounds go into files of the variant's folder."""
    import tensorflow as tf

    from mmgen_tf.modalities.audio.wav_file import write_wav
    from mmgen_tf.modalities.video.gif_file import write_gif

    modality = model.modalities[name]
    if modality.kind == "image":
        shown = []
        for number, value in enumerate(values):
            path = pathlib.Path(f"{stem}_{number}.png")
            path.write_bytes(tf.io.encode_png(value).numpy())
            shown.append(f"<img loading='lazy' src='{_source(path)}' alt='{html.escape(name)}'>")
        return "".join(shown)
    if modality.kind == "video":
        shown = [write_gif(f"{stem}_{number}.gif", value, modality.frame_rate) for number, value in enumerate(values)]
        return "".join(f"<img loading='lazy' src='{_source(path)}' alt='{html.escape(name)}'>" for path in shown)
    if modality.kind == "audio":
        shown = []
        for number, value in enumerate(values):
            path = write_wav(f"{stem}_{number}.wav", value, modality.sample_rate)
            shown.append(f"<audio controls src='{_source(path)}'></audio>")
        return "".join(shown)
    return ", ".join(dict.fromkeys(f"<q>{html.escape(str(value))}</q>" for value in values))
