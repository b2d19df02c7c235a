"""`mmgen export`: writes a SavedModel."""

import pathlib

import typer


def export(
    name: str = typer.Argument(help="A variant's name or a preset directory."),
    to: pathlib.Path = typer.Option(..., help="Directory for the SavedModel."),
):
    """Export a variant as a SavedModel with named signatures."""
    from mmgen_tf import zoo

    zoo.load(name).export(to)
    typer.echo(f"The SavedModel is in {to}.")
