"""All subsets: their number, their products, and which of them a row has."""

import numpy as np

from mmgen_tf.fusion.mixture_of_experts import choose_experts, take_expert
from mmgen_tf.fusion.mixture_of_products import products_of_subsets, subset_masks
from mmgen_tf.fusion.product_of_experts import product_of_experts
from mmgen_tf.noise import Noise


def test_subsets_are_all_but_the_empty_one():
    masks = subset_masks(4)
    assert masks.shape == (15, 4) and masks.any(axis=1).all() and len({tuple(mask) for mask in masks}) == 15
    np.testing.assert_array_equal(masks[:4], np.eye(4, dtype=bool))


def test_each_product_is_the_product_of_its_experts():
    random = np.random.default_rng(0)
    means, log_variances = random.normal(size=(2, 3, 5, 2)).astype("float32")
    present = np.array([[1, 1, 0, 0, 1], [1, 0, 1, 0, 1], [1, 0, 0, 1, 0]], bool)
    found = products_of_subsets(means, log_variances, present)
    for number, mask in enumerate(subset_masks(3)):
        expected = product_of_experts(means, log_variances, present & mask[:, None])
        rows = (present | ~mask[:, None]).all(axis=0)
        np.testing.assert_array_equal(found[2][number], rows)
        for ours, theirs in zip(found[:2], expected, strict=True):
            np.testing.assert_allclose(np.array(ours[number])[rows], np.array(theirs)[rows], rtol=1e-5, atol=1e-6)


def test_experts_are_chosen_evenly_among_those_present():
    present = np.repeat(np.array([[True], [False], [True]]), 6000, axis=1)
    choice = np.array(choose_experts(present, Noise(0)))
    assert set(choice) == {0, 2} and abs((choice == 0).mean() - 0.5) < 0.02
    values = np.arange(3 * 6000 * 2).reshape(3, 6000, 2).astype("float32")
    np.testing.assert_array_equal(take_expert(values, choice), values[choice, np.arange(6000)])
