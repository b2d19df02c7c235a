"""`mmgen evaluate`: scores a variant."""

import pathlib

import typer


def evaluate(
    name: str = typer.Argument(help="A variant's name or a preset directory."),
    data_dir: pathlib.Path = typer.Option(None, help="Where datasets are kept."),
    limit: int = typer.Option(None, help="Number of test examples; all if not given."),
    seed: int = typer.Option(0, help="Of the draws."),
    json: bool = typer.Option(False, "--json", help="Print the records as JSON."),
    write: bool = typer.Option(False, help="Write metrics.json, samples.png and the card's table into the preset."),
):
    """Score a variant on its dataset's test split."""
    import json as json_format

    import rich
    from rich.table import Table

    from mmgen_tf import evaluation

    records = evaluation.evaluate(name, data_dir=data_dir, seed=seed, limit=limit)
    if json:
        typer.echo(json_format.dumps(records, indent=1))
    else:
        table = Table("metric", "value", "n", "protocol", box=None)
        for record in records:
            table.add_row(record["metric"], f"{record['value']:.5g}", f"{record['n']:,}", record["protocol"])
        rich.print(table)
    if write:
        for path in evaluation.publish(name, records, data_dir=data_dir):
            typer.echo(f"wrote {path}")
