"""The files of easy-VQA (Zhou 2019), which several datasets are made from: where from, and how to read them.

Pictures of one coloured shape each, and questions about them with one of 13 answers. Licence: MIT.
"""

import json
import pathlib

from mmgen_tf.data.package_source import PackageSource

SHAPES = ("circle", "rectangle", "triangle")
COLOURS = ("black", "blue", "brown", "gray", "green", "red", "teal", "yellow")
SIDE = 64
SPLITS = ("train", "test")
EASY_VQA_PACKAGE = PackageSource(
    "pip", "easy-vqa", "1.0",
    folders={
        "easy_vqa/data/train": "a5ddd3c64500b14716cccf6827bf2009355a0c1e7d0f8d4e1e56e4dc20e226ce",
        "easy_vqa/data/test": "94f569778ea495d5f4eed55f2dadec49f624a0fd2b6324a541509b4e527eaebe",
    },
)  # fmt: skip


def read_questions(directory, split):
    """The questions of a split, in the package's own order.

    Args:
        directory: what `EASY_VQA_PACKAGE.fetch` returns.
        split: `"train"` or `"test"`.

    Returns:
        list of `(question, answer, picture)`: two strings and the picture's number.

    Raises:
        ValueError: for another split, or a malformed file.
    """
    if split not in SPLITS:
        raise ValueError(f"Expected a split of easy-VQA among {list(SPLITS)}; received {split!r}.")
    path = pathlib.Path(directory, "easy_vqa", "data", split, "questions.json")
    rows = json.loads(path.read_text(encoding="utf-8"))
    for row in rows:
        if not (isinstance(row, list) and [type(part) for part in row] == [str, str, int]):
            raise ValueError(f"{path.name}: expected rows [question, answer, picture]; received {row!r:.80}.")
    return [tuple(row) for row in rows]


def read_picture(directory, split, number):
    """A picture, uint8 `(64, 64, 3)`; its opaque alpha channel is left out."""
    import tensorflow as tf

    path = pathlib.Path(directory, "easy_vqa", "data", split, "images", f"{number}.png")
    return tf.io.decode_png(path.read_bytes(), channels=3).numpy()


def stated_pictures(questions):
    """dict of picture -> `(shape, colour)`, for the pictures of which some question's answer says each of both."""
    shapes = {number: answer for _, answer, number in questions if answer in SHAPES}
    colours = {number: answer for _, answer, number in questions if answer in COLOURS}
    return {number: (shapes[number], colours[number]) for number in sorted(set(shapes) & set(colours))}
