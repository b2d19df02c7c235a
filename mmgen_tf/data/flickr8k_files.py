"""The user's own copy of Flickr8k (Hodosh et al. 2013), which several datasets are made from, and how to read it.

8,091 photos with five captions each. The photos belong to the people who took them, and are for research: none of them
is shipped.
"""

import csv
import pathlib

import numpy as np

from mmgen_tf.data.local_members import LocalMembers

SIDE = 192
FOLDER = "flickr8k"
CAPTIONS = "captions.csv"
SPLITS = {"train": "train_images.txt", "validation": "dev_images.txt", "test": "test_images.txt"}
PER_PHOTO = 5
PHOTOS = LocalMembers(
    FOLDER, "images_192.tar", (".jpg", ".jpeg"), "{id}_{hash}.jpg",
    f"Flickr8k of Hodosh, Young and Hockenmaier, with {CAPTIONS} and {', '.join(SPLITS.values())} beside it",
)  # fmt: skip


def read_captions(root):
    """dict of photo's file name -> its captions, in the file's order.

    Raises:
        ValueError: for no such file, other columns, or a photo with fewer than five captions.
    """
    path, captions = pathlib.Path(root, FOLDER, CAPTIONS), {}
    if not path.is_file():
        raise ValueError(f"{FOLDER}: expected {CAPTIONS} with the columns image and caption; it is not there.")
    with open(path, newline="", encoding="utf-8") as file:
        rows = csv.DictReader(file)
        if rows.fieldnames != ["image", "caption"]:
            raise ValueError(f"{CAPTIONS}: expected the columns image and caption; received {rows.fieldnames}.")
        for row in rows:
            captions.setdefault(row["image"], []).append(row["caption"].strip())
    few = [name for name, several in captions.items() if len(several) < PER_PHOTO]
    if few:
        raise ValueError(f"{CAPTIONS}: expected {PER_PHOTO} captions of each photo; {few[0]!r} has fewer.")
    return captions


def read_split(root, split):
    """The file names of a split's photos. Raises ValueError for no such file."""
    path = pathlib.Path(root, FOLDER, SPLITS[split])
    if not path.is_file():
        raise ValueError(f"{FOLDER}: expected {SPLITS[split]}, a file name a line; it is not there.")
    return path.read_text(encoding="utf-8").split()


def photo_number(name):
    """What a photo is known by in Flickr8k and Flickr30k alike: the part of its file name before `_` or `.`."""
    return pathlib.PurePosixPath(name).name.split("_")[0].split(".")[0]


def decode_photo(name, content):
    """A JPEG as uint8 `(192, 192, 3)`, resized where it has another size. Raises ValueError where it cannot be read."""
    import tensorflow as tf

    try:
        photo = tf.io.decode_jpeg(content, channels=3)
    except tf.errors.InvalidArgumentError as error:
        raise ValueError(f"{FOLDER}: {name!r} cannot be read ({error.message.splitlines()[0]}).") from None
    if tuple(photo.shape[:2]) != (SIDE, SIDE):
        photo = tf.cast(tf.round(tf.image.resize(photo, (SIDE, SIDE), antialias=True)), tf.uint8)
    return np.asarray(photo)
