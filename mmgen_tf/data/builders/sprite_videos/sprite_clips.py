"""A person composed from sprite sheets, its clip of an action, and the sentence that states it."""

import functools
import io
import itertools

import numpy as np
from PIL import Image

from mmgen_tf.data.local_members import LocalMembers

SHEETS = LocalMembers(
    "lpc_sprites", "sheets.tar", (".png",), "body/, hair/, legs/, torso/, feet/ ... as in the sheets",
    "Universal LPC Spritesheet by the artists of the Liberated Pixel Cup",
)  # fmt: skip
FRAMES, SIDE = 8, 64
SHIFT = 4  # pixels, at most
FACTORS = {
    "person": ("man", "woman"),
    "style": ("long", "short", "spiky"),
    "colour": ("black", "blond", "blue", "green", "pink", "red"),
    "trousers": ("purple", "red", "teal", "white"),
    "action": ("casts a spell", "strikes", "walks"),
    "direction": ("away", "to the left", "to the right", "towards us"),
}
_FOLDERS = {"man": "male", "woman": "female"}
_STYLES = {"long": "long", "short": "plain", "spiky": "mohawk"}
_COLOURS = {"black": "black", "blond": "blonde", "blue": "blue", "green": "green", "pink": "pink", "red": "ruby-red"}
_TROUSERS = {"purple": "magenta", "red": "red", "teal": "teal", "white": "white"}
_ROWS = {"casts a spell": (0, 7), "strikes": (12, 6), "walks": (8, 9)}  # first row on a sheet, frames
_DIRECTIONS = {"away": 0, "to the left": 1, "towards us": 2, "to the right": 3}
SKINS, SHIRTS, SHOES = ("light", "tanned", "dark"), ("brown", "maroon", "teal", "white"), ("black", "brown", "maroon")
_SHIRT = {"man": "torso/shirts/longsleeve/male/{}_longsleeve", "woman": "torso/shirts/sleeveless/female/{}_sleeveless"}


def layer_files(factors, skin, shirt, shoes):
    """The sheets that make a person, from the innermost.

    Args:
        factors: dict of factor -> its word.
        skin, shirt, shoes: words of `SKINS`, `SHIRTS` and `SHOES`.
    """
    who = _FOLDERS[factors["person"]]
    return [
        f"body/{who}/{skin}.png",
        f"feet/shoes/{who}/{shoes}_shoes_{who}.png",
        f"legs/pants/{who}/{_TROUSERS[factors['trousers']]}_pants_{who}.png",
        f"{_SHIRT[factors['person']].format(shirt)}.png",
        f"hair/{who}/{_STYLES[factors['style']]}/{_COLOURS[factors['colour']]}.png",
    ]


def sentence_of(factors):
    """The sentence that states a clip's six factors."""
    manner = "looking " if factors["action"] != "walks" else ""
    return (
        f"a {factors['person']} with {factors['style']} {factors['colour']} hair and {factors['trousers']} trousers "
        f"{factors['action']} {manner}{factors['direction']}"
    )


@functools.cache
def every_sentence():
    """dict of sentence -> the factors' numbers, of all combinations."""
    return {sentence_of(words_of(numbers)): numbers for numbers in combinations()}


def combinations():
    """Every combination of factors, as tuples of numbers in the order of `FACTORS`."""
    return list(itertools.product(*(range(len(words)) for words in FACTORS.values())))


def words_of(numbers):
    """dict of factor -> its word."""
    return {name: words[number] for (name, words), number in zip(FACTORS.items(), numbers, strict=True)}


class Wardrobe:
    """The sheets of a folder, decoded once, for the rows that an action needs.

    Args:
        root: the folder with `lpc_sprites/`.

    Raises:
        ValueError: for a sheet that is missing or of another size.
    """

    def __init__(self, root):
        worn = list(itertools.zip_longest(SHIRTS, SKINS, SHOES))  # each at least once
        worn = [(shirt, skin or SKINS[0], shoes or SHOES[0]) for shirt, skin, shoes in worn]
        needed = {
            file
            for numbers in combinations()
            for shirt, skin, shoes in worn
            for file in layer_files(words_of(numbers), skin, shirt, shoes)
        }
        self.sheets = {name: _decode(name, data) for name, data in SHEETS.read(root) if name in needed}
        if absent := sorted(needed - set(self.sheets)):
            raise ValueError(f"lpc_sprites: expected the sheet {absent[0]!r} and {len(absent) - 1} others; not there.")

    def clip(self, factors, skin, shirt, shoes, start=0, shift=(0, 0)):
        """A clip, uint8 `(8, 64, 64, 3)`.

        Args:
            factors: dict of factor -> its word.
            skin, shirt, shoes: see `layer_files`.
            start: frame of a walk to begin with.
            shift: pixels down and to the right.
        """
        row, count = _ROWS[factors["action"]]
        row += _DIRECTIONS[factors["direction"]]
        walking = factors["action"] == "walks"  # its first frame stands still
        order = 1 + (start + np.arange(FRAMES)) % (count - 1) if walking else np.minimum(np.arange(FRAMES), count - 1)
        clip = np.ones((FRAMES, SIDE, SIDE, 3), "float32")
        for name in layer_files(factors, skin, shirt, shoes):
            strip = self.sheets[name][row * SIDE : (row + 1) * SIDE]
            frames = np.stack([strip[:, SIDE * column : SIDE * (column + 1)] for column in order]) / np.float32(255)
            clip += frames[..., 3:] * (frames[..., :3] - clip)
        return np.rint(255 * _moved(clip, shift)).astype("uint8")


def _moved(clip, shift):
    """Frames shifted, white where nothing was."""
    padded = np.pad(clip, ((0, 0), (SHIFT, SHIFT), (SHIFT, SHIFT), (0, 0)), constant_values=1.0)
    down, right = SHIFT - shift[0], SHIFT - shift[1]
    return padded[:, down : down + SIDE, right : right + SIDE]


def _decode(name, data):
    sheet = np.asarray(Image.open(io.BytesIO(data)).convert("RGBA"))
    if sheet.shape != (21 * SIDE, 13 * SIDE, 4):
        raise ValueError(f"lpc_sprites: expected sheets of 1344 by 832 pixels; received {sheet.shape} of {name!r}.")
    return sheet


def draw_rows(numbers, count, seed):
    """`count` ways to show a combination: list of keyword arguments of `Wardrobe.clip`, drawn with a seed."""
    random = np.random.default_rng([seed, *numbers])
    return [
        {
            "factors": words_of(numbers), "skin": str(random.choice(SKINS)), "shirt": str(random.choice(SHIRTS)),
            "shoes": str(random.choice(SHOES)),
            "start": int(random.integers(8)), "shift": tuple(random.integers(-SHIFT, SHIFT + 1, 2).tolist()),
        }
        for _ in range(count)
    ]  # fmt: skip


def held_out(share, seed):
    """(combinations to train on, combinations held out): a seeded share of all."""
    every = combinations()
    order = np.random.default_rng(seed).permutation(len(every))
    count = round(share * len(every))
    return sorted(every[i] for i in order[count:]), sorted(every[i] for i in order[:count])


def parse_sentences(sentences):
    """The factors' numbers that sentences state, int `(n, 6)`; -1 in a row that is not one of the sentences."""
    known, nothing = every_sentence(), (-1,) * len(FACTORS)
    return np.array([known.get(str(sentence), nothing) for sentence in sentences], "int64").reshape(-1, len(FACTORS))
