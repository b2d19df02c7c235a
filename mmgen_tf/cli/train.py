"""`mmgen train`: runs a recipe."""

import pathlib

import typer


def train(
    recipe: str = typer.Argument(help="A zoo variant, or the path of a recipe.py."),
    data: pathlib.Path = typer.Option(None, help="Your own folder; starts from the variant's pretrained weights."),
    out: pathlib.Path = typer.Option(None, help="Directory of the run; runs/RECIPE if not given."),
    data_dir: pathlib.Path = typer.Option(None, help="Where datasets are kept."),
    resume: bool = typer.Option(False, help="Go on with the training that --out holds."),
    strategy: str = typer.Option("one", help="one, mirrored or multi_worker (cluster in TF_CONFIG)."),
    settings: list[str] = typer.Option([], "--set", help="key=value, overrides a setting of the recipe."),
    tensorboard: bool = typer.Option(False, help="Also write TensorBoard logs."),
):
    """Train a variant, or fine-tune it on a folder of yours."""
    from mmgen_tf import training
    from mmgen_tf.training.recipe import parse_setting

    chosen = training.load_recipe(recipe).with_settings(dict(parse_setting(text) for text in settings))
    out = out or pathlib.Path("runs") / chosen.name
    preset = training.train(chosen, out, data, data_dir, resume, strategy, tensorboard)
    typer.echo(f"The trained preset is in {preset}; its samples are in {out / 'samples'}.")
