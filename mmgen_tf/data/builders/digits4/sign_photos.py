"""The photos of the Sign Language Digits Dataset, made small and split by person."""

import re

import numpy as np
import tensorflow as tf

from mmgen_tf.data.local_members import LocalMembers

PHOTOS = LocalMembers(
    folder="sign_digits",
    archive="images_64.tar",
    suffixes=(".jpg", ".jpeg"),
    form="{digit}/IMG_{shot}.jpg",
    origin="Sign Language Digits Dataset by Arda Mavi and Zeynep Dikle",
)
SIDE = 32
TEST_SHARE = 0.15
SPLIT_SEED = 0

_PATH = re.compile(r"(?:.*/)?([0-9])/[^/0-9]*([0-9]+)\.jpe?g", re.IGNORECASE)


def read_photos(root):
    """Every photo in the folder `root`, by split.

    Returns:
        split -> `(photos, labels)`: uint8 (n, 32, 32, 3), int64 (n,). In the order in which they were shot.

    Raises:
        ValueError: for a file that is named otherwise or cannot be read.
    """
    photos, labels, shots = [], [], []
    for path, content in PHOTOS.read(root):
        named = _PATH.fullmatch(path)
        if named is None:
            raise ValueError(f"{PHOTOS.folder}: expected files {PHOTOS.form}; received {path!r}.")
        try:
            photo = tf.io.decode_jpeg(content, channels=3)
        except tf.errors.InvalidArgumentError as error:
            raise ValueError(f"{PHOTOS.folder}: {path!r} cannot be read ({error.message.splitlines()[0]}).") from None
        small = tf.image.resize(photo, (SIDE, SIDE), method="area")
        photos.append(tf.cast(tf.round(small), tf.uint8).numpy())
        labels.append(int(named[1]))
        shots.append(int(named[2]))
    order = np.lexsort((labels, shots))
    photos, labels = np.stack(photos)[order], np.array(labels, "int64")[order]
    is_test = choose_test(find_sittings(labels))
    return {split: (photos[mask], labels[mask]) for split, mask in (("train", ~is_test), ("test", is_test))}


def find_sittings(labels):
    """Which photos were shot in one sitting.

    Each person showed the digits from 0 to 9, one photo a digit, and the camera numbered the photos. A sitting ends
    where a 9 is followed by a 0. Where somebody left out or repeated a digit two people may fall into one sitting, but
    nobody into two.

    Args:
        labels: int (n,), in the order of the shots.

    Returns:
        int64 (n,), the number of each photo's sitting.
    """
    return np.cumsum(np.r_[0, (labels[:-1] == 9) & (labels[1:] == 0)])


def choose_test(sittings):
    """bool (n,): seeded whole sittings, as few as hold at least 15% of the photos; one is always left for training."""
    sizes = np.bincount(sittings)
    order = np.random.default_rng(SPLIT_SEED).permutation(len(sizes))
    count = 1 + np.searchsorted(np.cumsum(sizes[order]), TEST_SHARE * len(sittings))
    return np.isin(sittings, order[: min(count, len(sizes) - 1)])
