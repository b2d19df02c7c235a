import keras
import numpy as np
import pytest
import tensorflow as tf
from scipy import stats
from sklearn.mixture import GaussianMixture

from mmgen_tf.layers.latent_mixture import LatentMixture
from mmgen_tf.noise import Noise

WEIGHTS = np.array([0.5, 0.3, 0.2])
MEANS = np.array([[0.0, 0.0, 0.0], [5.0, 1.0, -2.0], [-4.0, 3.0, 1.0]])
FACTORS = np.array([np.eye(3), [[1, 0, 0], [0.9, 0.3, 0], [0, 0.5, 0.4]], [[0.3, 0, 0], [0.2, 1, 0], [0.5, 0.5, 1]]])


def known(count, seed=0):
    """Draws from a mixture that is known, float32 (count, 3)."""
    draw = np.random.default_rng(seed)
    chosen = draw.choice(3, size=count, p=WEIGHTS)
    return (MEANS[chosen] + np.einsum("nij,nj->ni", FACTORS[chosen], draw.normal(size=(count, 3)))).astype("float32")


def true_log_density(z):
    every = [stats.multivariate_normal(m, f @ f.T).pdf(z) for m, f in zip(MEANS, FACTORS)]
    return np.log(WEIGHTS @ np.stack(every))


def fitted(rows, **options):
    mixture = LatentMixture(rows.shape[1], **options)
    mixture.fit(rows)
    return mixture


@pytest.mark.parametrize("covariance, theirs", [("full", "full"), ("diagonal", "diag")])
@pytest.mark.parametrize("components", [1, 3, 8])
def test_as_likely_as_scikit_learns(covariance, theirs, components):
    rows, fresh = known(3000), known(3000, seed=1)
    ours = fitted(rows, components=components, covariance=covariance)
    reference = GaussianMixture(components, covariance_type=theirs, random_state=0, tol=1e-5, max_iter=500).fit(rows)
    for some in (rows, fresh):
        assert float(np.mean(ours.log_prob(some))) > reference.score(some) - 0.02
    if components <= 3:  # one optimum: equal, not only as good
        assert float(np.mean(ours.log_prob(rows))) == pytest.approx(reference.score(rows), abs=0.02)


def test_log_prob_equals_scikit_learns_row_by_row():
    rows = known(500)
    for covariance, theirs in (("full", "full"), ("diagonal", "diag")):
        mixture = fitted(rows, components=3, covariance=covariance)
        reference = GaussianMixture(3, covariance_type=theirs)
        scales = np.asarray(mixture.scales, "float64")
        reference.weights_, reference.means_ = np.exp(mixture.log_weights.numpy()), mixture.means.numpy()
        full = covariance == "full"
        reference.precisions_cholesky_ = np.linalg.inv(scales).transpose(0, 2, 1) if full else 1 / scales
        np.testing.assert_allclose(mixture(rows), reference.score_samples(rows), rtol=1e-4, atol=1e-3)


def test_a_known_mixture_is_recovered():
    mixture, fresh = fitted(known(20_000), components=3), known(2000, seed=1)
    assert np.abs(mixture.log_prob(fresh) - true_log_density(fresh)).mean() < 0.05
    order = np.argsort(-mixture.log_weights.numpy())
    np.testing.assert_allclose(np.exp(mixture.log_weights.numpy()[order]), WEIGHTS, atol=0.02)
    np.testing.assert_allclose(mixture.means.numpy()[order], MEANS, atol=0.1)


@pytest.mark.parametrize("covariance", ["full", "diagonal"])
def test_draws_have_the_moments_and_are_seeded(covariance):
    rows = known(5000)
    mixture = fitted(rows, components=3, covariance=covariance)
    draw = tf.function(lambda count, seed: mixture.draw(count, Noise(seed)))
    drawn = draw(tf.constant(20_000), tf.constant(0)).numpy()
    assert drawn.shape == (20_000, 3) and drawn.dtype == "float32"
    np.testing.assert_allclose(drawn.mean(axis=0), rows.mean(axis=0), atol=0.1)
    np.testing.assert_allclose(drawn.std(axis=0), rows.std(axis=0), rtol=0.05)
    np.testing.assert_allclose(mixture.draw(5, Noise(3)), draw(tf.constant(5), tf.constant(3)), atol=1e-6)
    assert not np.isclose(mixture.draw(5, Noise(3)), mixture.draw(5, Noise(4))).any()


def test_before_fit_it_is_the_prior():
    mixture, z = LatentMixture(4, components=3), np.random.default_rng(0).normal(size=(6, 4)).astype("float32")
    mixture.build()
    np.testing.assert_allclose(mixture.log_prob(z), stats.norm.logpdf(z).sum(axis=1), rtol=1e-5)


def test_fit_is_seeded_never_falls_and_stops():
    rows = known(1000)
    first, second = LatentMixture(3, 4, seed=2), LatentMixture(3, 4, seed=2)
    history = first.fit(rows)
    assert history == second.fit(rows) and (np.diff(history) > -1e-4).all() and len(history) < 201
    np.testing.assert_array_equal(first.means, second.means)
    assert len(first.fit(rows, steps=3)) == 4 and not first.trainable_weights


def test_rows_that_repeat_and_dimensions_that_never_move():
    rows = np.repeat([[1.0, 2.0, 3.0], [1.0, 5.0, 6.0]], 10, axis=0)
    mixture = fitted(rows, components=3)
    assert np.isfinite(mixture.log_prob(rows)).all() and np.isfinite(mixture.draw(9, Noise(0))).all()


def test_verbose_prints(capsys):
    LatentMixture(3, 2).fit(known(100), steps=1, verbose=True)
    assert capsys.readouterr().out.startswith("LatentMixture step 0: -")


@pytest.mark.parametrize(
    "rows, message",
    [
        (np.zeros((9, 4)), r"latents of shape \(n, 3\); received \(9, 4\)"),
        (np.zeros(9), r"received \(9,\)"),
        (np.array([[0, 0, np.nan]] * 9), "NaN or infinity in 9 of 9 rows"),
        (np.zeros((3, 3)), "at least 4 rows of latents; received 3"),
    ],
)
def test_bad_rows(rows, message):
    with pytest.raises(ValueError, match=f"LatentMixture expected .*{message}"):
        LatentMixture(3, 2).fit(rows)


def test_bad_arguments():
    with pytest.raises(ValueError, match=r"\('full', 'diagonal'\); received 'tied'"):
        LatentMixture(3, covariance="tied")
    with pytest.raises(ValueError, match="at least 1; received 3, 0"):
        LatentMixture(3, components=0)
    with pytest.raises(ValueError, match="steps of at least 1; received 0"):
        LatentMixture(3, 2).fit(known(9), steps=0)


def test_a_model_that_holds_it_saves_it(tmp_path):
    models = []
    for _ in range(2):
        model = keras.Model()
        model.prior, model.built = LatentMixture(3, components=3), True
        model.prior.build()
        models.append(model)
    rows = known(200)
    models[0].prior.fit(rows)
    models[0].save_weights(tmp_path / "model.weights.h5")
    models[1].load_weights(tmp_path / "model.weights.h5")
    np.testing.assert_array_equal(models[0].prior.log_prob(rows), models[1].prior.log_prob(rows))


@pytest.mark.parametrize("covariance", ["full", "diagonal"])
def test_draws_in_the_light_of_a_gaussian_follow_bayes(covariance):
    """Their moments are those of the mixture's own draws, weighted by what the Gaussian adds to the prior."""
    rng, mixture = np.random.default_rng(0), LatentMixture(2, 3, covariance)
    centres, factors = rng.normal(size=(3, 1, 2)), rng.normal(size=(3, 2, 2))
    mixture.fit(np.concatenate(2 * centres + rng.normal(size=(3, 400, 2)) @ factors))
    mean, log_variance = np.array([[0.8, -0.3]], "float32"), np.array([[-1.0, -0.2]], "float32")
    every = np.array(mixture.draw(200_000, Noise(0)), "float64")
    precision = np.exp(-log_variance)
    weights = np.exp(every @ (precision * mean)[0] - 0.5 * every**2 @ (precision - 1)[0])
    weights /= weights.sum()
    expected = weights @ every
    alone = mixture.draw_given(*(np.repeat(part, 50_000, 0) for part in (mean, log_variance)), Noise(1))
    several = mixture.draw_given(*(np.repeat(part, 500, 0) for part in (mean, log_variance)), Noise(2), samples=100)
    assert alone.shape == (50_000, 2) and several.shape == (500, 100, 2)
    for drawn in (np.array(alone), np.reshape(several, (-1, 2))):
        np.testing.assert_allclose(drawn.mean(0), expected, atol=0.02)
        np.testing.assert_allclose(np.cov(drawn.T), np.cov(every.T, aweights=weights), atol=0.05)
    assert np.abs(expected - every.mean(0)).max() > 0.2


def test_draws_in_the_light_of_the_prior_are_its_own():
    mixture = LatentMixture(2, 2)
    mixture.fit(np.random.default_rng(0).normal(3.0, 0.5, size=(500, 2)))
    nothing = np.zeros((20_000, 2), "float32")
    drawn = np.array(mixture.draw_given(nothing, nothing, Noise(0)))
    np.testing.assert_allclose(drawn.mean(0), 3.0, atol=0.05)
    np.testing.assert_allclose(drawn.std(0), 0.5, atol=0.05)
