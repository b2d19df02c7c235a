"""`mmgen generate`: draws from a variant."""

import pathlib
import warnings

import typer


def generate(
    name: str = typer.Argument(help="A variant's name or a preset directory."),
    text: list[str] = typer.Option([], help="A sentence; may be given several times."),
    image: list[pathlib.Path] = typer.Option([], help="A picture file (PNG, JPEG); may be given several times."),
    given: list[str] = typer.Option(
        [], "--input", metavar="NAME=VALUE",
        help="A modality and its value: a sentence, a class, a picture file or a WAV file; may be given several times.",
    ),
    to: str = typer.Option(None, help="The modality asked for; all that were not given if left out."),
    num_samples: int = typer.Option(1, "-n", "--num-samples", help="Draws for each input."),
    seed: int = typer.Option(0, help="The same seed gives the same draws."),
    option: list[str] = typer.Option(
        [], metavar="NAME=VALUE", help="An option of the model, such as truncation=0.7, num_beams=3 or temperature=0.8."
    ),
    out: pathlib.Path = typer.Option(
        None, help="PNG for the pictures drawn, NAME.png if not given; sounds lie beside it, one WAV file a draw."
    ),
):  # fmt: skip
    """Generate from sentences, pictures, sounds, classes or nothing."""
    from mmgen_tf import zoo
    from mmgen_tf.models.generation import check_names
    from mmgen_tf.training.recipe import parse_setting

    warnings.showwarning = lambda message, *_: typer.echo(f"mmgen: {message}", err=True)
    model = zoo.load(name)
    asked = [*(("text", value) for value in text), *(("image", str(path)) for path in image), *map(_parse, given)]
    check_names([modality for modality, _ in asked], model.input_names, f"{name} takes inputs by modality:")
    inputs = {}
    for modality, value in asked:
        inputs.setdefault(modality, []).append(read_value(value, model, modality))
    names = [to] if to else [n for n in model.output_names if n not in inputs] or list(model.output_names)
    options = dict(parse_setting(text) for text in option)
    if options.pop("return_attention", False):
        raise ValueError("The command line shows no attention: see mmgen_tf.plots.attention_sheet.")
    answers = model.generate(inputs, to=names, num_samples=num_samples, seed=seed, **options)
    out = out or pathlib.Path(f"{pathlib.Path(name).name}.png")
    pictures = [modality for modality in answers if model.modalities[modality].kind == "image"]
    for modality, values in answers.items():
        kind = model.modalities[modality].kind
        if kind == "image":
            path = out if len(pictures) == 1 else out.with_name(f"{out.stem}_{modality}.png")
            write_grid(values, model.modalities[modality].shape, num_samples, path)
            typer.echo(f"{modality}: {path}")
        elif kind == "audio":
            for path in write_sounds(values, model.modalities[modality], out):
                typer.echo(f"{modality}: {path}")
        else:
            for value in _flat(values):
                typer.echo(f"{modality}: {value}")


def _parse(given):
    """`"NAME=VALUE"` -> (name, value)."""
    modality, equals, value = given.partition("=")
    if not equals or not modality:
        raise ValueError(f"--input expects NAME=VALUE, such as text='a seven'; received {given!r}.")
    return modality, value


def read_value(value, model, modality):
    """What was typed for a modality as a human value: a file is read, a class may be given by its number.

    Raises:
        ValueError: for a file that is missing or cannot be read, or a kind that cannot be given here.
    """
    from mmgen_tf.modalities.audio.wav_file import read_wav

    kind = model.modalities[modality].kind
    if kind == "image":
        return read_picture(pathlib.Path(value), model, modality)
    if kind == "audio":
        samples = model.processors[modality].raw_spec.shape[0]
        return read_wav(value, model.modalities[modality].sample_rate, samples)
    if kind == "label":
        classes = model.modalities[modality].vocabulary
        is_number = value not in classes and value.isdecimal() and int(value) < len(classes)
        return classes[int(value)] if is_number else value
    return read_clip(pathlib.Path(value), model.modalities[modality]) if kind == "video" else value


def read_clip(path, modality):
    """A GIF's frames in the modality's shape. Raises ValueError for a missing or unreadable file."""
    import tensorflow as tf

    from mmgen_tf.data.folder import read_video

    if not path.is_file():
        raise ValueError(f"There is no video {path}.")
    try:
        return read_video(path, modality)
    except tf.errors.InvalidArgumentError as error:
        raise ValueError(f"{path} is not a GIF that can be read: {error.message.splitlines()[0]}") from None


def read_picture(path, model, modality):
    """A picture file as uint8 in the modality's shape. Raises ValueError for a missing or unreadable file."""
    import tensorflow as tf

    if not path.is_file():
        raise ValueError(f"There is no picture {path}.")
    height, width, channels = model.modalities[modality].value_shape
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


def write_sounds(values, modality, out):
    """A WAV file for each draw beside `out`, `<stem>_<name>.wav` or, of several, `<stem>_<name>_<number>.wav`."""
    import numpy as np

    from mmgen_tf.modalities.audio.wav_file import write_wav

    sounds = np.asarray(values)
    sounds = sounds.reshape(-1, sounds.shape[-1])
    numbers = [""] if len(sounds) == 1 else [f"_{number}" for number in range(len(sounds))]
    stem = out.with_suffix("")
    return [
        write_wav(stem.with_name(f"{stem.name}_{modality.name}{number}.wav"), sound, modality.sample_rate)
        for number, sound in zip(numbers, sounds)
    ]


def _flat(values):
    if isinstance(values, list):
        return [leaf for value in values for leaf in _flat(value)]
    return [values]
