"""Every kind of multimodal VAE keeps the contract: one row each, the whole battery."""

import numpy as np
import pytest
from contracts import Case, run_model_contract
from tiny_models import VAE_KINDS, labelled_patterns

from mmgen_tf.noise import Noise


@pytest.mark.parametrize("kind", VAE_KINDS)
def test_keeps_the_contract(kind, tmp_path):
    make, missing = VAE_KINDS[kind]
    run_model_contract(make, labelled_patterns(), tmp_path, missing=missing)


@pytest.mark.parametrize("kind", [kind for kind in VAE_KINDS if kind not in ("cvae",)])
def test_likelihood_bounds(kind, tmp_path):
    """The estimate rises with K, as an importance-weighted bound does, and it lies above the ELBO of the same q."""
    make, _ = VAE_KINDS[kind]
    case = Case(make, labelled_patterns(), tmp_path)
    model, batch = case.compiled(), case.batch(8)

    def mean(samples):
        return np.mean([np.mean(model.log_likelihood(batch, Noise(s), samples)) for s in range(12)])

    few, many = mean(2), mean(150)
    assert np.isfinite([few, many]).all() and few < many + 0.02
