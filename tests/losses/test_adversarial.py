"""Adversarial losses against the formulas of their papers, in numpy."""

import numpy as np
import pytest

from mmgen_tf.losses.adversarial import ADVERSARIAL_LOSSES, adversarial_loss

LOGITS = np.array([-30.0, -2.0, -1.0, -0.5, 0.0, 0.5, 1.0, 3.0, 30.0])


def sigmoid(logits):
    return 1 / (1 + np.exp(-logits))


def log(values):
    return np.log(np.maximum(values, 1e-300))


FORMULAS = {  # name: (real, fake, generator) of D's logit, each to be minimised
    "minimax": (lambda s: -log(sigmoid(s)), lambda s: -log(sigmoid(-s)), lambda s: log(sigmoid(-s))),
    "non_saturating": (lambda s: -log(sigmoid(s)), lambda s: -log(sigmoid(-s)), lambda s: -log(sigmoid(s))),
    "least_squares": (lambda s: (s - 1) ** 2 / 2, lambda s: s**2 / 2, lambda s: (s - 1) ** 2 / 2),
    "hinge": (lambda s: np.maximum(0, 1 - s), lambda s: np.maximum(0, 1 + s), lambda s: -s),
    "wasserstein": (lambda s: -s, lambda s: s, lambda s: -s),
}


def test_every_loss_has_its_formula():
    assert set(FORMULAS) == set(ADVERSARIAL_LOSSES)


@pytest.mark.parametrize("name", FORMULAS)
def test_values(name):
    loss = adversarial_loss(name)
    for judge, formula in zip((loss.real, loss.fake, loss.generator), FORMULAS[name]):
        np.testing.assert_allclose(judge(LOGITS), formula(LOGITS), rtol=1e-5, atol=1e-7)


def test_unknown_name_gives_the_near_one():
    with pytest.raises(ValueError, match="'hinged'; did you mean hinge?"):
        adversarial_loss("hinged")
