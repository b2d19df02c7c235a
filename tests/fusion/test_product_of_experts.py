"""Product of experts against the precision formula of Wu & Goodman 2018."""

import numpy as np
from keras import ops

from mmgen_tf.fusion.product_of_experts import product_of_experts


def experts(count=3, rows=5, latent=4, seed=0):
    random = np.random.default_rng(seed)
    return random.normal(size=(2, count, rows, latent)).astype("float32")


def test_against_the_formula():
    means, log_variances = experts()
    present = np.array([[1, 1, 0, 0, 1], [1, 0, 1, 0, 1], [1, 0, 0, 0, 0]], bool)
    mean, log_variance = product_of_experts(means, log_variances, present)
    precisions = np.exp(-log_variances.astype("float64")) * present[..., None]
    total = 1.0 + precisions.sum(0)
    np.testing.assert_allclose(mean, (precisions * means).sum(0) / total, rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(log_variance, -np.log(total), rtol=1e-5, atol=1e-6)


def test_nobody_present_is_the_prior():
    mean, log_variance = product_of_experts(*experts(), np.zeros((3, 5), bool))
    np.testing.assert_array_equal(mean, np.zeros((5, 4)))
    np.testing.assert_allclose(log_variance, np.zeros((5, 4)), atol=1e-6)


def test_one_expert_without_prior_is_itself():
    means, log_variances = experts(count=1)
    mean, log_variance = product_of_experts(means, log_variances, np.ones((1, 5), bool), prior=False)
    np.testing.assert_allclose(mean, means[0], rtol=1e-6)
    np.testing.assert_allclose(log_variance, log_variances[0], rtol=1e-5)


def test_extreme_precisions_stay_finite():
    mean, log_variance = product_of_experts(
        np.ones((2, 1, 1), "float32"), np.array([[[-200.0]], [[200.0]]], "float32"), np.ones((2, 1), bool)
    )
    assert np.isfinite(ops.convert_to_numpy(log_variance)).all()
    np.testing.assert_allclose(mean, [[1.0]])
