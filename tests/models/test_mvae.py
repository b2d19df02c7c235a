"""MVAE: the contract, and what is its own: missing modalities, subsets, likelihoods."""

import numpy as np
import pytest
from contracts import Case, run_model_contract, weight_difference
from tiny_models import captioned_pictures, mvae

from mmgen_tf.noise import Noise


@pytest.fixture
def case(tmp_path):
    return Case(mvae, captioned_pictures(), tmp_path, missing=("image", "text"))


def test_keeps_the_contract(tmp_path):
    run_model_contract(mvae, captioned_pictures(), tmp_path, missing=("image", "text"))


def test_every_direction_and_joint():
    model = mvae()
    model.build()
    assert set(model.directions()) == {(("image",), ("text",)), (("text",), ("image",)), ((), ("image", "text"))}
    both = model.generate(num_samples=3, seed=0)
    assert both["image"].shape == (3, 8, 8, 1) and len(both["text"]) == 3
    again = model.generate({"text": ["thick one", None]}, to="image", seed=0)
    assert again.shape == (2, 8, 8, 1)


def test_a_missing_modality_has_no_say(case):
    model, batch = case.compiled(), case.batch(8)
    nothing = {name: np.zeros(8, bool) for name in ("image", "text")}
    mean, log_variance = model.encode({name: batch[name] for name in nothing}, nothing)
    assert not np.any(mean) and np.allclose(log_variance, 0.0, atol=1e-6)
    losses = model.compute_losses({**batch, "present": nothing}, Noise(0))
    np.testing.assert_allclose(losses["loss"], np.zeros(8), atol=1e-4)


def test_objective_is_the_sum_of_three_elbos(case):
    """With one modality missing, the joint term equals the other's own, so the loss is twice one ELBO's."""
    model, batch = case.compiled(), case.batch(8)
    only_text = {"image": np.zeros(8, bool), "text": np.ones(8, bool)}
    draws = [Noise(0) for _ in range(2)]
    losses = model.compute_losses({**batch, "present": only_text}, draws[0])
    mean, log_variance = model.encode({name: batch[name] for name in only_text}, only_text)
    normals = [draws[1].normal(mean.shape) for _ in range(3)]
    kl = 0.5 * np.sum(mean**2 + np.exp(log_variance) - 1 - log_variance, axis=1)
    expected = 2 * kl
    for index in (0, 2):
        z = mean + np.exp(0.5 * log_variance) * normals[index]
        expected = expected - 2.0 * np.array(model.decoders["text"].log_prob(z, batch["text"]))
    np.testing.assert_allclose(losses["loss"], expected, rtol=1e-4)


def test_warmup_scales_only_the_kl(case):
    cold = case.compiled(make=lambda: mvae(warmup_steps=10))
    assert float(cold.current_beta()) == 0.0
    cold.optimizer.iterations.assign(5)
    assert float(cold.current_beta()) == 0.5


def test_log_likelihood_bounds(case):
    """More samples tighten the bound, it lies above the ELBO, and the chain rule holds: p(x, y) = p(y) p(x | y)."""
    model = case.compiled()
    model.fit(case.examples, batch_size=8, epochs=5, verbose=0)
    batch = case.batch(8)

    def mean(samples, **names):
        return np.mean([np.mean(model.log_likelihood(batch, Noise(s), samples, **names)) for s in range(8)])

    elbo = np.mean([np.mean(model.compute_losses(batch, Noise(s))["elbo"]) for s in range(64)])
    assert elbo < mean(10) < mean(400) + 0.05
    chain = mean(2000, of=["text"]) + mean(2000, of=["image"], given=["text"])
    np.testing.assert_allclose(mean(2000), chain, atol=0.3)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"num_samples": 0}, "num_samples must be at least 1"),
        ({"of": ["sound"]}, "received .'sound'"),
        ({"of": ["text"], "given": ["text"]}, "disjoint"),
    ],
)
def test_log_likelihood_refuses(case, arguments, message):
    with pytest.raises(ValueError, match=message):
        case.compiled().log_likelihood(case.batch(4), Noise(0), **arguments)


def test_cross_terms_teach_the_other_direction(case):
    """With a cross weight the text term alone moves the picture's decoder; without, it does not."""
    batch = case.batch(8)
    only_text_term = {}
    for weight in (0.0, 0.5):
        model = case.compiled(make=lambda weight=weight: mvae(cross_weights={"image": weight}))
        model.subsets = lambda noise: [[False, True]]
        only_text_term[weight] = model.compute_losses(batch, Noise(0))["loss"]
    assert np.all(only_text_term[0.5] > only_text_term[0.0])


def test_wiring_errors():
    with pytest.raises(ValueError, match="weights names modalities .'sound'."):
        mvae(weights={"sound": 2.0})


def test_fit_on_incomplete_rows(case):
    examples = case.examples
    rows = [
        {name: examples[name][row] for name in (("image", "text"), ("image",), ("text",))[row % 3]} for row in range(18)
    ]
    model = case.compiled()
    before = case.compiled()
    history = model.fit(rows, batch_size=6, verbose=0).history
    assert np.isfinite(history["loss"]).all() and weight_difference(model, before) > 0
