"""Each damage does what its name says, and only that."""

import numpy as np
import pytest

from mmgen_tf.layers.picture_damage import HOLE, TASKS, PictureDamage
from mmgen_tf.noise import Noise

PICTURES = np.random.default_rng(0).uniform(size=(64, 16, 16, 3)).astype("float32")


def damaged(task):
    made, mask = PictureDamage(16, 16)(PICTURES, np.full(64, TASKS.index(task)), noise=Noise(0))
    return np.array(made), np.array(mask)


def test_inpaint_leaves_all_but_a_rectangle():
    made, mask = damaged("inpaint")
    assert set(np.unique(mask)) == {0.0, 1.0}
    sides = mask[..., 0].max(2).sum(1), mask[..., 0].max(1).sum(1)
    for lengths in sides:
        assert 3 <= lengths.min() < lengths.max() <= 9
    np.testing.assert_array_equal(mask[..., 0].sum((1, 2)), sides[0] * sides[1])
    np.testing.assert_allclose(made, np.where(mask == 1, HOLE, PICTURES))
    assert (mask.sum(0) > 0).mean() > 0.9  # nearly anywhere


def test_colourise_keeps_the_luma():
    made, mask = damaged("colourise")
    luma = PICTURES @ [0.299, 0.587, 0.114]
    np.testing.assert_allclose(made, np.repeat(luma[..., None], 3, -1), rtol=1e-5)
    assert not mask.any()


@pytest.mark.parametrize("factor", [2, 4])
def test_upscale_knows_the_means_of_blocks_only(factor):
    made, mask = damaged(f"upscale_{factor}x")
    size = 16 // factor
    blocks = PICTURES.reshape(64, size, factor, size, factor, 3).mean((2, 4))
    np.testing.assert_allclose(made, PictureDamage(16, 16).enlarged(blocks), rtol=1e-5)
    assert made.shape == PICTURES.shape and not mask.any()


def test_sizes_must_be_multiples_of_four():
    with pytest.raises(ValueError, match="multiples of 4; received 18 x 16"):
        PictureDamage(18, 16)
