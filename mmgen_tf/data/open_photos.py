"""Seven photographs that may be passed on, for models whose own data may not; see `photos/README.md`."""

import pathlib

import numpy as np

SENTENCES = {
    "astronaut": "a smiling woman in an orange suit stands in front of a flag",
    "cat": "a brown cat looks at the camera",
    "coffee": "a cup of coffee on a red plate",
    "flower": "an orange flower in a garden",
    "pagoda": "a tall building near the water",
    "photographer": "a man in a black coat takes a picture",
    "rocket": "a rocket stands in front of a dark blue sky",
}


def open_photos():
    """dict of the photographs, uint8 `image (7, 192, 192, 3)`, and a `text` about each, a list of str."""
    import tensorflow as tf

    folder = pathlib.Path(__file__).parent / "photos"
    photos = [tf.io.decode_jpeg((folder / f"{name}.jpg").read_bytes(), channels=3).numpy() for name in SENTENCES]
    return {"image": np.stack(photos), "text": list(SENTENCES.values())}
