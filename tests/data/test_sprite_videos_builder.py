"""The sprite videos, prepared from fabricated sheets: clips, sentences, what is held out, errors."""

import io
import tarfile

import numpy as np
import pytest
from PIL import Image

pytest.importorskip("tensorflow_datasets")

from mmgen_tf.data import builders  # noqa: E402
from mmgen_tf.data.builders.sprite_videos import sprite_clips  # noqa: E402
from mmgen_tf.data.package_source import PackageUnavailableError  # noqa: E402

LAYERS = {"body": (0, 60), "feet": (52, 60), "legs": (40, 52), "torso": (24, 40), "hair": (4, 16)}  # rows of a cell


def every_sheet():
    return sorted(
        {
            file
            for numbers in sprite_clips.combinations()
            for skin in sprite_clips.SKINS
            for shirt in sprite_clips.SHIRTS
            for shoes in sprite_clips.SHOES
            for file in sprite_clips.layer_files(sprite_clips.words_of(numbers), skin, shirt, shoes)
        }
    )


def sheet(name, number):
    """A band of one colour in each cell, whose column tells the frame and whose green tells the row on the sheet."""
    pixels = np.zeros((21 * 64, 13 * 64, 4), "uint8")
    top, bottom = LAYERS[name.split("/")[0]]
    for row in range(21):
        for column in range(13):
            cell = pixels[64 * row : 64 * row + 64, 64 * column : 64 * column + 64]
            cell[top:bottom, 20 + column : 22 + column] = (number, 10 * row, 0, 255)
    return pixels


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    """A folder with the sheets, and the number that each is drawn with."""
    root = tmp_path_factory.mktemp("sheets")
    (root / "lpc_sprites").mkdir()
    numbers = {name: number for number, name in enumerate(every_sheet())}
    with tarfile.open(root / "lpc_sprites" / "sheets.tar", "w") as archive:
        for name, number in numbers.items():
            data = io.BytesIO()
            Image.fromarray(sheet(name, number)).save(data, "PNG")
            member = tarfile.TarInfo(name)
            member.size = data.tell()
            data.seek(0)
            archive.addfile(member, data)
    return root, numbers


def test_a_clip_shows_its_layers_its_action_and_its_direction(source):
    root, numbers = source
    wardrobe = sprite_clips.Wardrobe(root)
    for action, direction, row, columns in (
        ("walks", "to the left", 9, [3, 4, 5, 6, 7, 8, 1, 2]),
        ("casts a spell", "to the right", 3, [0, 1, 2, 3, 4, 5, 6, 6]),
        ("strikes", "away", 12, [0, 1, 2, 3, 4, 5, 5, 5]),
    ):
        factors = {
            "person": "woman", "style": "spiky", "colour": "red", "trousers": "teal", "action": action,
            "direction": direction,
        }  # fmt: skip
        clip = wardrobe.clip(factors, "dark", "teal", "black", start=2, shift=(1, -2))
        assert clip.shape == (8, 64, 64, 3) and clip.dtype == np.uint8
        hair = numbers["hair/female/mohawk/ruby-red.png"]
        for frame, column in enumerate(columns):
            np.testing.assert_array_equal(clip[frame, 4 + 1, 20 + column - 2], [hair, 10 * row, 0])
        legs = numbers["legs/pants/female/teal_pants_female.png"]
        assert clip[0, 45 + 1, 20 + columns[0] - 2, 0] == legs and (clip[:, 0] == 255).all()


def test_sentences_state_the_factors():
    factors = sprite_clips.words_of((1, 0, 5, 2, 2, 1))
    assert sprite_clips.sentence_of(factors) == "a woman with long red hair and teal trousers walks to the left"
    assert len(sprite_clips.every_sentence()) == len(sprite_clips.combinations()) == 1728
    stated = sprite_clips.parse_sentences([sprite_clips.sentence_of(factors), "a cat"])
    assert stated.tolist() == [[1, 0, 5, 2, 2, 1], [-1] * 6]


def test_no_combination_is_in_both_splits():
    train, test = sprite_clips.held_out(0.1, 0)
    assert len(train) == 1555 and len(test) == 173 and not set(train) & set(test)
    assert all(
        len({row[place] for row in train}) == len(words) for place, words in enumerate(sprite_clips.FACTORS.values())
    )
    assert sprite_clips.held_out(0.1, 0) == (train, test) != sprite_clips.held_out(0.1, 1)


def test_rows_are_prepared_and_loaded_by_name(source, tmp_path):
    builders.prepare("sprite_videos", tmp_path, source[0], limit=3)
    train, test = (builders.load("sprite_videos", split, tmp_path, prepare=False) for split in ("train", "test"))
    assert train["video"].shape == (12, 8, 64, 64, 3) and test["video"].shape == (6, 8, 64, 64, 3)
    stated = sprite_clips.parse_sentences(train["text"])
    np.testing.assert_array_equal(stated, np.stack([train[name] for name in sprite_clips.FACTORS], axis=1))
    assert len({clip.tobytes() for clip in train["video"]}) > 9


def test_sheets_that_are_not_there_are_named(source, tmp_path):
    with pytest.raises(PackageUnavailableError, match="sheets.tar.*Universal LPC Spritesheet"):
        builders.prepare("sprite_videos", tmp_path)
    (tmp_path / "lpc_sprites" / "body").mkdir(parents=True)
    Image.new("RGBA", (8, 8)).save(tmp_path / "lpc_sprites" / "body" / "x.png")
    with pytest.raises(ValueError, match=r"expected the sheet 'body/female/dark.png' and \d+ others; not there"):
        builders.prepare("sprite_videos", tmp_path / "tfds", tmp_path)
    (tmp_path / "lpc_sprites" / "body" / "female").mkdir()
    Image.new("RGBA", (8, 8)).save(tmp_path / "lpc_sprites" / "body" / "female" / "dark.png")
    with pytest.raises(ValueError, match=r"sheets of 1344 by 832 pixels; received \(8, 8, 4\)"):
        builders.prepare("sprite_videos", tmp_path / "tfds", tmp_path)
