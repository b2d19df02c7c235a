"""The coloured sprites: preparing a few of a level, sentences, the renderer, names with a config."""

import numpy as np
import pytest

pytest.importorskip("tensorflow_datasets")

from mmgen_tf.data import builders  # noqa: E402
from mmgen_tf.data.builders.cdsprites import sprite_renderer, sprite_sentences  # noqa: E402

SIZES = {"train": 30, "test": 8}


@pytest.mark.parametrize("level", [1, 5])
def test_a_level_is_prepared_and_loaded_by_name(tmp_path, level):
    name = f"cdsprites/level_{level}"
    builders.prepare(name, data_dir=tmp_path, sizes=SIZES)
    names = list(sprite_sentences.FACTORS)[:level]
    for split, count in SIZES.items():
        columns = builders.load(name, split, data_dir=tmp_path, prepare=False)
        assert set(columns) == {"image", "text", *names}
        assert columns["image"].dtype == np.uint8 and columns["image"].shape == (count, 64, 64, 3)
        assert columns["text"].tolist() == sprite_sentences.compose_sentences(columns, level)
    texts = [builders.load(name, split, tmp_path, ["text"])["text"].tolist() for split in ("train[:8]", "test")]
    assert texts[0] != texts[1]
    present = builders.load(name, "train", tmp_path, missing_ratio=0.5)["present"]
    assert sorted(present) == ["image", "text"]


def test_names_and_configs_are_checked():
    assert "sprites" in builders.list_builders()["cdsprites"]
    with pytest.raises(ValueError, match="received 'cdsprite'. Did you mean cdsprites"):
        builders.load("cdsprite/level_1", "train")
    with pytest.raises(ValueError, match="received 'cdsprites/level1'. Did you mean cdsprites/level_1"):
        builders.load("cdsprites/level1", "train")
    with pytest.raises(ValueError, match=r"expected one of \['cdsprites/level_1', .*; received 'cdsprites'"):
        builders.load("cdsprites", "train")
    with pytest.raises(ValueError, match="'digits' has no configs: expected 'digits'; received 'digits/level_1'"):
        builders.load("digits/level_1", "train")
    with pytest.raises(ValueError, match="expected no source; received 'here'"):
        builders.prepare("cdsprites/level_1", source="here")


def test_sentences_state_exactly_the_factors_of_the_level():
    factors = {name: [0, len(values) - 1] for name, values in sprite_sentences.FACTORS.items()}
    said = [sprite_sentences.compose_sentences(factors, level) for level in sprite_sentences.LEVELS]
    assert said[0] == ["heart", "square"] and said[1] == ["small heart", "big square"]
    assert said[2] == ["small red heart", "big pink square"]
    assert said[3] == ["small red heart at the top left", "big pink square at the bottom right"]
    assert said[4][1] == "big pink square at the bottom right on a light background"
    counts = [len({sentence for sentence, _ in sprite_sentences.every_sentence(n)}) for n in sprite_sentences.LEVELS]
    assert counts == [3, 6, 30, 120, 240]


def test_sentences_of_what_does_not_exist_are_refused():
    with pytest.raises(ValueError, match="level among .*; received 6"):
        sprite_sentences.compose_sentences({"shape": [0]}, 6)
    with pytest.raises(ValueError, match=r"factors without \['size'\]"):
        sprite_sentences.compose_sentences({"shape": [0]}, 2)
    with pytest.raises(ValueError, match="'shape': expected numbers of at least 0 and below 3; received 0 to 3"):
        sprite_sentences.compose_sentences({"shape": [0, 3]}, 1)


@pytest.mark.parametrize("shape", range(3))
def test_shapes_cover_the_area_of_a_disc_and_turn_about_their_centroid(shape):
    angles = np.linspace(0, 2 * np.pi, 20)
    ink = sprite_renderer.render_ink(np.full(20, shape), np.full(20, 9.0), angles, np.full((20, 2), [30.0, 33.5]))
    assert ink.dtype == np.float32 and ink.shape == (20, 64, 64) and ink.min() == 0 and ink.max() == 1
    np.testing.assert_allclose(ink.sum(axis=(1, 2)), np.pi * 81, rtol=0.02)
    pixels = np.arange(64) + 0.5
    np.testing.assert_allclose((ink.sum(axis=1) @ pixels) / ink.sum(axis=(1, 2)), 30.0, atol=0.1)
    np.testing.assert_allclose((ink.sum(axis=2) @ pixels) / ink.sum(axis=(1, 2)), 33.5, atol=0.1)


def test_pictures_depend_on_seed_index_and_factors():
    factors = sprite_renderer.draw_factors(300, 5, 1)
    assert all(np.bincount(values).min() > 30 for values in factors.values())
    images = sprite_renderer.render_sprites(factors, 2)
    few = sprite_renderer.render_sprites({name: values[:5] for name, values in factors.items()}, 2)
    np.testing.assert_array_equal(few, images[:5])
    assert (sprite_renderer.render_sprites(factors, 3) != images).any(axis=(1, 2, 3)).all()
    frame = np.concatenate([images[:, 0], images[:, -1], images[:, :, 0], images[:, :, -1]], axis=1).astype(int)
    assert (np.ptp(frame, axis=-1) <= 40).mean() > 0.995  # a sprite touches the frame at most with a blended pixel
    with pytest.raises(ValueError, match="Expected 'shape' and more of"):
        sprite_renderer.render_sprites({"colour": [1]}, 0)
