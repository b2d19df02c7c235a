"""Posteriors as objects: densities against numpy, draws against densities, missing experts."""

import numpy as np
import pytest

from mmgen_tf.fusion.posterior import JoinedPosterior, MixturePosterior, Posterior
from mmgen_tf.layers.latent_mixture import LatentMixture
from mmgen_tf.losses.latent_family import FAMILIES, latent_family
from mmgen_tf.noise import Noise


def experts(count=3, rows=4, latent=2, seed=0):
    random = np.random.default_rng(seed)
    return random.normal(size=(2, count, rows, latent)).astype("float32")


@pytest.mark.parametrize("name", FAMILIES)
def test_draws_have_the_moments_that_are_told(name):
    mean, log_variance = experts()[:, 0]
    draws = np.array(Posterior(latent_family(name), mean, log_variance).draw(Noise(0), samples=40_000))
    np.testing.assert_allclose(draws.mean(1), mean, atol=0.05)
    np.testing.assert_allclose(draws.var(1), np.exp(log_variance), rtol=0.08)


@pytest.mark.parametrize("name", FAMILIES)
def test_densities_integrate_to_one(name):
    """On a fine grid in one dimension."""
    grid = np.linspace(-30, 30, 60_001, dtype="float32")[None, :, None]
    density = Posterior(latent_family(name), np.float32([[0.5]]), np.float32([[0.7]])).log_density(grid)
    np.testing.assert_allclose(np.exp(np.array(density, "float64")).sum() * 0.001, 1.0, atol=1e-3)


def test_mixture_density_is_the_mean_of_those_present():
    means, log_variances = experts()
    present = np.array([[1, 1, 0, 0], [1, 0, 1, 0], [1, 0, 0, 0]], bool)
    family = latent_family("normal")
    mixture = MixturePosterior.of_present(family, means, log_variances, present)
    z = np.random.default_rng(1).normal(size=(4, 2)).astype("float32")
    each = np.exp([np.array(Posterior(family, m, v).log_density(z)) for m, v in zip(means, log_variances)])
    standard = np.exp(np.array(family.log_density(z, np.zeros_like(z), np.zeros_like(z))))
    expected = [np.mean(each[present[:, row], row]) if present[:, row].any() else standard[row] for row in range(4)]
    np.testing.assert_allclose(np.exp(mixture.log_density(z)), expected, rtol=1e-4)
    spread = mixture.log_density(np.repeat(z[:, None], 3, axis=1))
    np.testing.assert_allclose(spread, np.repeat(np.array(mixture.log_density(z))[:, None], 3, axis=1), rtol=1e-5)


def test_mixture_moments_are_those_of_its_draws():
    means, log_variances = experts()
    mixture = MixturePosterior.of_present(latent_family("laplace"), means, log_variances, np.ones((3, 4), bool))
    draws, (mean, log_variance) = np.array(mixture.draw(Noise(3), samples=40_000)), mixture.moments()
    np.testing.assert_allclose(draws.mean(1), mean, atol=0.06)
    np.testing.assert_allclose(draws.var(1), np.exp(log_variance), rtol=0.08)


def test_where_nobody_is_there_the_prior_speaks():
    prior = (np.float32([[5.0, 5.0], [-5.0, -5.0]]), np.full((2, 2), -6.0, "float32"), np.log(np.float32([0.75, 0.25])))
    nobody = np.zeros((3, 4), bool)
    mixture = MixturePosterior.of_present(latent_family("normal"), *experts(), nobody, prior)
    draws = np.array(mixture.draw(Noise(0), samples=4000))
    np.testing.assert_allclose(np.abs(draws), 5.0, atol=0.5)
    np.testing.assert_allclose((draws[..., 0] > 0).mean(), 0.75, atol=0.02)


def test_joined_parts_are_independent():
    means, log_variances = experts(count=2)
    family = latent_family("normal")
    parts = [Posterior(family, m, v) for m, v in zip(means, log_variances)]
    joined = JoinedPosterior(parts)
    z = joined.draw(Noise(0), samples=3)
    assert z.shape == (4, 3, 4) and joined.moments()[0].shape == (4, 4)
    expected = np.array(parts[0].log_density(z[..., :2])) + np.array(parts[1].log_density(z[..., 2:]))
    np.testing.assert_allclose(joined.log_density(z), expected, rtol=1e-5)


def test_draws_with_a_mixture_come_one_or_several_a_row():
    """With the mixture that is the prior they are the posterior's own."""
    means, log_variances = experts()
    log_variances = np.minimum(log_variances, -0.1)
    family, prior = latent_family("normal"), LatentMixture(2, 1)
    prior.build()
    single = Posterior(family, means[0], log_variances[0])
    mixture = MixturePosterior.of_present(family, means, log_variances, np.ones((3, 4), bool))
    for posterior in (single, mixture, JoinedPosterior([mixture])):
        assert posterior.draw_with(prior, Noise(0)).shape == (4, 2)
        draws, (mean, log_variance) = (
            np.array(posterior.draw_with(prior, Noise(1), samples=20_000)),
            posterior.moments(),
        )
        np.testing.assert_allclose(draws.mean(1), mean, atol=0.06)
        np.testing.assert_allclose(draws.var(1), np.exp(log_variance), rtol=0.08)


def test_unknown_family_gets_the_near_name():
    with pytest.raises(ValueError, match="Unknown latent family 'laplac'; did you mean laplace"):
        latent_family("laplac")
