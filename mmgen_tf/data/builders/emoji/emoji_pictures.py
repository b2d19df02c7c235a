"""The pictures of emoji, each drawing style's own files, brought to one form: uint8 (64, 64, 3) on white."""

import io
import pathlib

import numpy as np

from mmgen_tf.data.builders.emoji.emoji_names import concept_of

SIZE = 64


def find_pictures(directories):
    """The files of each style.

    Args:
        directories: dict of style -> directory of its package.

    Returns:
        dict of style -> dict of concept -> path. Where a concept has two files, the shorter name is taken.
    """
    found = {}
    for style, directory in directories.items():
        paths = (path for path in pathlib.Path(directory).rglob("*") if path.suffix in (".png", ".svg", ".webp"))
        found[style] = {}
        for path in sorted(paths, key=lambda path: (-len(path.name), path.name)):
            found[style][concept_of(path.stem)] = path
    return found


def render(path):
    """uint8 (64, 64, 3) of a PNG, WebP or SVG file, on white; what is not square is centred.

    Raises:
        ValueError: for a file that cannot be read as a picture; it is named.
    """
    from PIL import Image

    try:
        content = path.read_bytes()
        if path.suffix == ".svg":
            import resvg_py

            content = bytes(resvg_py.svg_to_bytes(svg_string=content.decode(), width=SIZE, skip_system_fonts=True))
        picture = Image.open(io.BytesIO(content)).convert("RGBA")
    except (ValueError, OSError) as error:
        raise ValueError(
            f"{path.name}: expected a PNG, WebP or SVG picture; received one that fails: {error}"
        ) from None
    picture.thumbnail((SIZE, SIZE), Image.Resampling.LANCZOS)
    sheet = Image.new("RGBA", (SIZE, SIZE), "white")
    sheet.alpha_composite(picture, ((SIZE - picture.width) // 2, (SIZE - picture.height) // 2))
    return np.asarray(sheet.convert("RGB"))
