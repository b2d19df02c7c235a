"""A hole goes on from its rim; what is known stays."""

import numpy as np

from mmgen_tf.layers.smooth_fill import smooth_fill


def test_goes_on_from_the_rim():
    ramp = np.tile(np.linspace(0, 1, 16, dtype="float32")[None, None, :, None], (1, 16, 1, 2))
    mask = np.zeros((1, 16, 16, 1), "float32")
    mask[:, 5:9, 5:9] = 1
    filled = np.array(smooth_fill(np.where(mask > 0, 99.0, ramp).astype("float32"), mask))
    np.testing.assert_array_equal(filled[mask[..., 0] == 0], ramp[mask[..., 0] == 0])
    hole = filled[0, 5:9, 5:9]
    assert np.abs(hole - ramp[0, 5:9, 5:9]).max() < 0.15  # the mean of all would be 0.2 away
    assert (np.diff(hole, axis=1) > 0).all()


def test_one_colour_fills_any_hole_of_any_size():
    random = np.random.default_rng(0)
    for height, width in ((8, 8), (12, 20), (7, 9)):
        mask = (random.random((3, height, width, 1)) < 0.8).astype("float32")
        mask[:, 0, 0] = 0
        filled = np.array(smooth_fill(np.where(mask > 0, -5.0, 0.25).astype("float32"), mask))
        np.testing.assert_allclose(filled, 0.25, atol=1e-6)


def test_a_picture_that_is_all_hole_is_nought():
    assert not np.array(smooth_fill(np.ones((1, 8, 8, 3), "float32"), np.ones((1, 8, 8, 1), "float32"))).any()
