"""InceptionV3's features: their form, and what is said where the weights are missing."""

import numpy as np
import pytest

from mmgen_tf.metrics import inception_features


def test_form():
    pictures = np.random.default_rng(0).integers(0, 256, (3, 32, 32, 3)).astype("uint8")
    extract = inception_features(weights=None, batch_size=2)
    features = extract(pictures)
    assert features.shape == (3, 2048) and np.isfinite(features).all()
    np.testing.assert_allclose(extract(pictures[2:]), features[2:], atol=1e-4)


def test_missing_weights(tmp_path):
    with pytest.raises(RuntimeError, match="could not be had .*do not call the distance FID"):
        inception_features(weights=str(tmp_path / "nothing.weights.h5"))
