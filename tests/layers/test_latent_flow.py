import keras
import numpy as np
import pytest
import tensorflow as tf
from scipy import stats
from sklearn.datasets import make_moons

from mmgen_tf.layers.latent_flow import LatentFlow
from mmgen_tf.noise import Noise


def moons(count, seed):
    return make_moons(count, noise=0.1, random_state=seed)[0].astype("float32")


def ring(count, seed):
    draw = np.random.default_rng(seed)
    angle = draw.uniform(0, 2 * np.pi, count)
    return (np.stack([np.cos(angle), np.sin(angle)], 1) + 0.1 * draw.normal(size=(count, 2))).astype("float32")


def shaken(latent_dim=5, layers=6):
    """A flow whose weights are all random, so that nothing about it is the identity."""
    flow = LatentFlow(latent_dim, layers, hidden_dim=16)
    flow.build()
    draw = np.random.default_rng(0)
    flow.set_weights([value + 0.2 * draw.uniform(-1, 1, value.shape) for value in flow.get_weights()])
    return flow


@pytest.mark.parametrize("data", [moons, ring])
def test_beats_a_gaussian_on_rows_it_has_not_seen(data):
    rows, fresh = data(3000, 0), data(2000, 1)
    flow = LatentFlow(2, layers=6, hidden_dim=32)
    history = flow.fit(rows, steps=300, learning_rate=1e-2)
    gaussian = stats.multivariate_normal(rows.mean(axis=0), np.cov(rows.T)).logpdf(fresh).mean()
    assert float(np.mean(flow.log_prob(fresh))) > gaussian + 0.4
    assert max(history) > history[0] + 0.4 and len(history) == 21
    drawn = flow.draw(2000, Noise(0)).numpy()
    np.testing.assert_allclose(drawn.mean(axis=0), rows.mean(axis=0), atol=0.15)
    np.testing.assert_allclose(drawn.std(axis=0), rows.std(axis=0), rtol=0.15)


def test_inverse_undoes_forward():
    flow = shaken()
    u = np.random.default_rng(1).normal(size=(64, 5)).astype("float32")
    z = flow.inverse(u)
    assert np.abs(z - u).max() > 0.5
    np.testing.assert_allclose(flow.forward(z)[0], u, atol=1e-4)
    np.testing.assert_allclose(flow.inverse(flow.forward(u)[0]), u, atol=1e-4)


def test_log_det_is_that_of_the_jacobian():
    flow, z = shaken(), tf.constant(np.random.default_rng(1).normal(size=(8, 5)), tf.float32)
    with tf.GradientTape() as tape:
        tape.watch(z)
        u, log_det = flow.forward(z)
    jacobian = tape.batch_jacobian(u, z).numpy().astype("float64")
    np.testing.assert_allclose(log_det, np.linalg.slogdet(jacobian)[1], atol=1e-4)
    np.testing.assert_allclose(flow(z), stats.norm.logpdf(u).sum(axis=1) + log_det, rtol=1e-4, atol=1e-3)


def test_density_integrates_to_one():
    flow = shaken(2, 4)
    axis = np.linspace(-12, 12, 401)
    grid = np.stack(np.meshgrid(axis, axis), axis=-1).reshape(-1, 2)
    assert np.exp(flow.log_prob(grid)).sum() * (axis[1] - axis[0]) ** 2 == pytest.approx(1.0, abs=0.01)


@pytest.mark.parametrize("latent_dim", [2, 3, 64])
def test_every_two_dimensions_meet(latent_dim):
    digits = (latent_dim - 1).bit_length()
    moved = np.stack(LatentFlow(latent_dim, layers=2 * digits, hidden_dim=1)._moved)
    meetings = moved.T @ (1 - moved)
    assert (meetings + np.eye(latent_dim) > 0).all() and (0 < moved.sum(axis=1)).all()


def test_before_fit_it_is_the_prior():
    flow, z = LatentFlow(3), np.random.default_rng(0).normal(size=(6, 3)).astype("float32")
    flow.build()
    np.testing.assert_allclose(flow.log_prob(z), stats.norm.logpdf(z).sum(axis=1), rtol=1e-5)
    np.testing.assert_array_equal(flow.draw(6, Noise(0)), Noise(0).normal((6, 3)))


def test_fit_is_seeded_and_keeps_the_best(capsys):
    rows, flows = moons(40, 0), [LatentFlow(2, 4, hidden_dim=8, seed=1) for _ in range(2)]
    histories = [flow.fit(rows, steps=60, learning_rate=0.1, verbose=True) for flow in flows]
    assert histories[0] == histories[1] and not flows[0].trainable_weights
    assert "LatentFlow step 60: " in capsys.readouterr().out
    held = rows[np.random.default_rng(1).permutation(40)[:4]]
    assert float(np.mean(flows[0].log_prob(held))) == pytest.approx(max(histories[0]), abs=1e-4)


def test_draws_are_seeded_and_run_in_graphs():
    flow = shaken()
    draw = tf.function(lambda count, seed: flow.draw(count, Noise(seed)))
    drawn = draw(tf.constant(7), tf.constant(3))
    assert drawn.shape == (7, 5) and drawn.dtype == tf.float32
    np.testing.assert_allclose(drawn, flow.draw(7, Noise(3)), atol=1e-4)
    assert not np.isclose(drawn, draw(tf.constant(7), tf.constant(4))).any()


def test_a_dimension_that_never_moves():
    rows = np.concatenate([moons(60, 0), np.full((60, 1), 3.0)], axis=1)
    flow = LatentFlow(3, 4, hidden_dim=8)
    flow.fit(rows, steps=20)
    assert np.isfinite(flow.log_prob(rows)).all() and np.isfinite(flow.draw(9, Noise(0))).all()


@pytest.mark.parametrize(
    "rows, message",
    [
        (np.zeros((30, 4)), r"latents of shape \(n, 3\); received \(30, 4\)"),
        (np.array([[0, 0, np.inf]] * 30), "NaN or infinity in 30 of 30 rows"),
        (np.zeros((19, 3)), "at least 20 rows of latents; received 19"),
    ],
)
def test_bad_rows(rows, message):
    with pytest.raises(ValueError, match=f"LatentFlow expected .*{message}"):
        LatentFlow(3).fit(rows)


def test_bad_arguments():
    with pytest.raises(ValueError, match="at least 2; received 1, 8"):
        LatentFlow(1)
    with pytest.raises(ValueError, match="at least 1; received 0, 256"):
        LatentFlow(2).fit(np.zeros((20, 2)), steps=0)


def test_a_model_that_holds_it_saves_it(tmp_path):
    models = []
    for flow in (shaken(), LatentFlow(5, 6, hidden_dim=16)):
        if not flow.built:
            flow.build()
        model = keras.Model()
        model.prior, model.built = flow, True
        models.append(model)
    models[0].save_weights(tmp_path / "model.weights.h5")
    models[1].load_weights(tmp_path / "model.weights.h5")
    z = np.ones((2, 5), "float32")
    np.testing.assert_array_equal(models[0].prior.log_prob(z), models[1].prior.log_prob(z))
