"""Pictures moved at random."""

import numpy as np

from mmgen_tf.layers.random_affine import RandomAffine
from mmgen_tf.noise import Noise

PICTURES = np.random.default_rng(0).random((64, 6, 8, 3)).astype("float32")
STILL = {"rotation": 0.0, "zoom": 0.0, "shift": 0.0}


def test_pictures_that_are_only_mirrored_keep_every_value():
    np.testing.assert_array_equal(RandomAffine(**STILL)(PICTURES, noise=Noise(0)), PICTURES)
    np.testing.assert_array_equal(RandomAffine(**STILL, mirror=1.0)(PICTURES, noise=Noise(0)), PICTURES[:, :, ::-1])
    half = RandomAffine(**STILL, mirror=0.5)(PICTURES, noise=Noise(0)).numpy()
    turned = np.array([not np.array_equal(now, before) for now, before in zip(half, PICTURES, strict=True)])
    np.testing.assert_array_equal(half[turned], PICTURES[turned][:, :, ::-1])
    assert 16 < turned.sum() < 48


def test_a_mirrored_picture_is_the_mirror_image_of_the_moved_one():
    moved = RandomAffine(rotation=30, zoom=0.2, shift=1)(PICTURES, noise=Noise(3)).numpy()
    mirrored = RandomAffine(rotation=30, zoom=0.2, shift=1, mirror=1.0)(PICTURES, noise=Noise(3)).numpy()
    np.testing.assert_allclose(mirrored, moved[:, :, ::-1], atol=1e-5)
    assert np.abs(moved - PICTURES).mean() > 0.05
