"""`mmgen evaluate`: scores a variant."""

import pathlib

import typer

HALF_MISSING = "coherence_half_missing"


def evaluate(
    name: str = typer.Argument(help="A variant's name or a preset directory."),
    dataset: str = typer.Option(None, help="On what it is scored; what a variant's recipe names if not given."),
    data_dir: pathlib.Path = typer.Option(None, help="Where datasets are kept."),
    limit: int = typer.Option(None, help="Number of test examples; all if not given."),
    seed: int = typer.Option(0, help="Of the draws."),
    headline: str = typer.Option(
        None, "--as", help=f"{HALF_MISSING}: put the mean of coherence_1 to coherence_4 first under that name."
    ),
    json: bool = typer.Option(False, "--json", help="Print the records as JSON."),
    write: bool = typer.Option(False, help="Write metrics.json, samples.png and the card's table into the preset."),
):
    """Score a variant on its dataset's test split."""
    import json as json_format

    import rich
    from rich.table import Table

    from mmgen_tf import evaluation

    if headline not in (None, HALF_MISSING):
        raise ValueError(f"--as expects {HALF_MISSING!r}; received {headline!r}.")
    recipe = recipe_of(name)
    dataset = dataset or (recipe and (recipe.protocol or recipe.dataset))
    records = evaluation.evaluate(name, dataset, data_dir=data_dir, seed=seed, limit=limit)
    if headline:
        records = evaluation.with_half_missing(records)
    if json:
        typer.echo(json_format.dumps(records, indent=1))
    else:
        table = Table("metric", "value", "n", "protocol", box=None)
        for record in records:
            table.add_row(record["metric"], f"{record['value']:.5g}", f"{record['n']:,}", record["protocol"])
        rich.print(table)
    if write:
        protocol = evaluation.protocol_of(dataset)
        chooses = recipe and recipe.choose_columns
        choose = (lambda columns: recipe.choose_columns(columns, recipe.settings)) if chooses else None
        for path in evaluation.publish(name, records, protocol, data_dir=data_dir, choose=choose):
            typer.echo(f"wrote {path}")


def recipe_of(name):
    """A zoo variant's recipe; None for a directory, whose files are never run."""
    from mmgen_tf import training
    from mmgen_tf.models import preset

    return training.load_recipe(name) if name in preset.zoo_entries() else None
