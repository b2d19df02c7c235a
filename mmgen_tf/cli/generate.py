"""`mmgen generate`: draws from a variant."""

import pathlib
import warnings

import typer


def generate(
    name: str = typer.Argument(help="A variant's name or a preset directory."),
    text: list[str] = typer.Option([], help="A sentence; may be given several times."),
    image: list[pathlib.Path] = typer.Option([], help="A picture file (PNG, JPEG); may be given several times."),
    to: str = typer.Option(None, help="The modality asked for; all that were not given if left out."),
    num_samples: int = typer.Option(1, "-n", "--num-samples", help="Draws for each input."),
    seed: int = typer.Option(0, help="The same seed gives the same draws."),
    out: pathlib.Path = typer.Option(None, help="PNG for the pictures drawn; NAME.png if not given."),
):
    """Generate from sentences, pictures or nothing."""
    from mmgen_tf import zoo
    from mmgen_tf.models.generation import check_names

    warnings.showwarning = lambda message, *_: typer.echo(f"mmgen: {message}", err=True)
    model = zoo.load(name)
    inputs = {"text": text, "image": [read_picture(path, model, "image") for path in image]}
    inputs = {name: values for name, values in inputs.items() if values}
    check_names(inputs, model.input_names, f"{name} takes inputs by modality:")
    answers = model.generate(inputs, to=[to] if to else None, num_samples=num_samples, seed=seed)
    if not isinstance(answers, dict):
        answers = {next(n for n in model.output_names if n not in inputs): answers}
    for modality, values in answers.items():
        if model.modalities[modality].kind == "image":
            out = out or pathlib.Path(f"{pathlib.Path(name).name}.png")
            write_grid(values, model.modalities[modality].shape, num_samples, out)
            typer.echo(f"{modality}: {out}")
        else:
            for value in _flat(values):
                typer.echo(f"{modality}: {value}")


def read_picture(path, model, modality):
    """A picture file as uint8 in the modality's shape. Raises ValueError for a missing or unreadable file."""
    import tensorflow as tf

    if modality not in model.modalities:
        return None
    if not path.is_file():
        raise ValueError(f"There is no picture {path}.")
    height, width, channels = model.modalities[modality].shape
    try:
        picture = tf.io.decode_image(path.read_bytes(), channels=channels, expand_animations=False)
    except tf.errors.InvalidArgumentError as error:
        raise ValueError(f"{path} is not a picture that can be read: {error.message.splitlines()[0]}") from None
    if tuple(picture.shape[:2]) != (height, width):
        resized = tf.image.resize(picture, (height, width), antialias=True)
        picture = tf.cast(tf.round(tf.clip_by_value(resized, 0, 255)), tf.uint8)
    return picture.numpy()


def write_grid(values, shape, num_samples, path):
    """One picture of all draws, a row for each input (at most 10 a row where there is one input)."""
    import numpy as np
    import tensorflow as tf

    from mmgen_tf.modalities.image.picture_grid import tile

    pictures = np.asarray(values).reshape(-1, *shape)
    columns = num_samples if len(pictures) > num_samples else min(10, max(1, len(pictures)))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(tf.io.encode_png(tile(pictures, columns)).numpy())


def _flat(values):
    if isinstance(values, list):
        return [leaf for value in values for leaf in _flat(value)]
    return [values]
