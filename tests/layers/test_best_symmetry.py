"""best_symmetry: each symmetry of the square is found from what a hole leaves."""

import numpy as np
import pytest

from mmgen_tf.layers.best_symmetry import best_symmetry

TURNS = {
    "mirrored": lambda x: x[:, ::-1],
    "upside down": lambda x: x[::-1],
    "half a turn": lambda x: x[::-1, ::-1],
    "diagonal": lambda x: x.transpose(1, 0, 2),
    "other diagonal": lambda x: x[::-1, ::-1].transpose(1, 0, 2),
    "a quarter turn": lambda x: x[::-1].transpose(1, 0, 2),
}


def symmetric_picture(turn, size=16):
    """Noise that the turn leaves as it is."""
    picture = whole = np.random.default_rng(3).uniform(-1, 1, (size, size, 3)).astype("float32")
    for _ in range(3):
        picture = turn(picture)
        whole = whole + picture
    return whole / 4


@pytest.mark.parametrize("name", TURNS)
def test_finds_the_symmetry_that_a_picture_has(name):
    whole = symmetric_picture(TURNS[name])
    mask = np.zeros((1, 16, 16, 1), "float32")
    mask[:, 1:5, 2:6] = 1
    turned, its_mask = (np.array(each) for each in best_symmetry(np.where(mask > 0, 0.5, whole[None]), mask))
    seen = (mask > 0)[..., 0] & (its_mask == 0)[..., 0]
    assert seen.any()
    np.testing.assert_allclose(turned[seen], whole[None][seen], atol=1e-5)


def test_each_row_has_its_own_and_the_first_where_all_fit():
    mask = np.zeros((3, 16, 16, 1), "float32")
    mask[:, 1:5, 2:6] = 1
    rows = [symmetric_picture(TURNS["upside down"]), symmetric_picture(TURNS["mirrored"]), np.zeros((16, 16, 3))]
    _, masks = best_symmetry(np.stack(rows).astype("float32"), mask)
    np.testing.assert_array_equal(masks[0], mask[0, ::-1])
    np.testing.assert_array_equal(masks[1], mask[1, :, ::-1])
    np.testing.assert_array_equal(masks[2], mask[2, :, ::-1])


def test_a_candidate_that_has_the_same_hole_is_of_no_use():
    """A hole in the middle of the width is its own mirror image's hole: another symmetry is taken."""
    mask = np.zeros((1, 16, 16, 1), "float32")
    mask[:, 1:5, 6:10] = 1
    _, its_mask = best_symmetry(np.zeros((1, 16, 16, 3), "float32"), mask)
    assert not (np.array(its_mask) * mask).any()


def test_pictures_that_are_not_square_have_three_candidates():
    mask = np.zeros((2, 8, 12, 1), "float32")
    mask[:, :2, :3] = 1
    turned, its_mask = best_symmetry(np.random.default_rng(0).normal(size=(2, 8, 12, 3)).astype("float32"), mask)
    assert turned.shape == (2, 8, 12, 3) and its_mask.shape == (2, 8, 12, 1)
