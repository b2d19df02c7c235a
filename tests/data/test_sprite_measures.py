"""Scoring sprites: what was drawn is read again, blurred and noisy too; what is no sprite is -1; sentences."""

import numpy as np
import pytest

from mmgen_tf.data.builders.cdsprites import sprite_measures, sprite_renderer, sprite_sentences

COUNT = 500


def blurred(images, sigma):
    """A Gaussian blur of uint8 (n, h, w, 3) along both axes, the border mirrored: float (n, h, w, 3)."""
    reach = np.arange(-4, 5)
    weights = np.exp(-(reach**2) / (2 * sigma**2))
    weights /= weights.sum()
    for axis in (1, 2):
        padded = np.pad(images.astype("float32"), [(4, 4) if n == axis else (0, 0) for n in range(4)], mode="reflect")
        size = images.shape[axis]
        images = sum(w * padded.take(range(n, n + size), axis=axis) for n, w in enumerate(weights))
    return images


@pytest.mark.parametrize("level", sprite_sentences.LEVELS)
def test_what_was_drawn_is_read_again(level):
    factors = sprite_renderer.draw_factors(COUNT, level, [level, 1])
    images = sprite_renderer.render_sprites(factors, [level, 2])
    measured = sprite_measures.measure_sprites(images)
    assert list(measured) == list(sprite_sentences.FACTORS)
    assert all(values.dtype == np.int32 and values.shape == (COUNT,) for values in measured.values())
    assert sprite_measures.strict_matches(measured, factors, level).mean() >= 0.995
    noisy = blurred(images, 1.0) + np.random.default_rng(level).normal(0, 12, images.shape)
    measured = sprite_measures.measure_sprites(np.clip(np.rint(noisy), 0, 255).astype("uint8"))
    assert sprite_measures.strict_matches(measured, factors, level).mean() >= 0.97


def test_a_factor_that_is_not_shown_is_not_recognised():
    measured = sprite_measures.measure_sprites(sprite_renderer.render_sprites({"shape": np.arange(30) % 3}, 0))
    assert set(measured["colour"]) == {-1} and set(measured["position"]) == {-1}
    assert set(measured["size"]) == {1} and set(measured["background"]) == {0}


def test_what_is_no_sprite_is_not_recognised():
    rng = np.random.default_rng(0)
    flat, noise = np.full((2, 64, 64, 3), 128, np.uint8), rng.integers(0, 256, (20, 64, 64, 3), np.uint8)
    for images in (flat, noise):
        assert all(set(values) == {-1} for values in sprite_measures.measure_sprites(images).values())
    two = np.full((1, 64, 64, 3), 20, np.uint8)
    two[:, 4:16, 4:16] = two[:, 48:60, 48:60] = 230  # two squares are no figure
    assert sprite_measures.measure_sprites(two)["shape"].tolist() == [-1]
    assert all(len(values) == 0 for values in sprite_measures.measure_sprites(flat[:0]).values())


def test_a_bar_is_a_figure_but_none_of_the_shapes():
    bar = np.full((1, 64, 64, 3), 20, np.uint8)
    bar[:, 30:33, 4:28] = sprite_renderer.COLOURS[1]
    measured = sprite_measures.measure_sprites(bar)
    assert measured["shape"].tolist() == [-1]


def test_pictures_of_another_kind_are_refused():
    with pytest.raises(ValueError, match=r"uint8 images \(n, 64, 64, 3\); received float64 \(1, 64, 64, 3\)"):
        sprite_measures.measure_sprites(np.zeros((1, 64, 64, 3)))
    with pytest.raises(ValueError, match=r"received uint8 \(1, 28, 28, 3\)"):
        sprite_measures.measure_sprites(np.zeros((1, 28, 28, 3), np.uint8))


@pytest.mark.parametrize("level", sprite_sentences.LEVELS)
def test_sentences_are_parsed_back(level):
    factors = sprite_renderer.draw_factors(50, level, 0)
    parsed = sprite_measures.parse_sentences(sprite_sentences.compose_sentences(factors, level), level)
    assert list(parsed) == list(factors) and all(values.dtype == np.int32 for values in parsed.values())
    assert sprite_measures.strict_matches(parsed, factors, level).all()


def test_a_sentence_that_is_not_well_formed_says_nothing():
    texts = ["heart big", "big  heart", "big heart", "Big heart", "big red heart", "", "big"]
    parsed = sprite_measures.parse_sentences(texts, 2)
    assert parsed["shape"].tolist() == [-1, -1, 0, -1, -1, -1, -1]
    assert parsed["size"].tolist() == [-1, -1, 1, -1, -1, -1, -1]
    assert sprite_measures.parse_sentences([], 3)["colour"].shape == (0,)
    assert not sprite_measures.strict_matches(parsed, parsed, 2)[0]  # two times nothing is no match
    with pytest.raises(ValueError, match="received 0"):
        sprite_measures.parse_sentences(texts, 0)
