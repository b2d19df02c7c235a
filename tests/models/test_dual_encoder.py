"""DualEncoder: the contract, and what is its own: the loss by hand, index and search, export of both towers."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from contracts import Case, run_model_contract
from tiny_models import captioned_pictures, dual_encoder, pair_processors

from mmgen_tf.models.contrastive.dual_encoder import DualEncoder
from mmgen_tf.noise import Noise


def test_keeps_the_contract(tmp_path):
    run_model_contract(dual_encoder, captioned_pictures(), tmp_path)


def test_loss_by_hand(tmp_path):
    case = Case(dual_encoder, captioned_pictures(), tmp_path)
    model, batch = case.compiled(), case.batch(5)
    pictures, texts = (np.array(model.encoders[name](batch[name])) for name in ("image", "text"))
    np.testing.assert_allclose(np.linalg.norm(pictures, axis=1), 1.0, rtol=1e-5)
    shares = np.exp(pictures @ texts.T / 0.07)
    expected = -0.5 * np.log(np.diag(shares) / shares.sum(1)) - 0.5 * np.log(np.diag(shares) / shares.sum(0))
    np.testing.assert_allclose(model.compute_losses(batch, Noise(0))["loss"], expected, rtol=1e-4)


def test_what_was_learnt_is_found(tmp_path):
    columns = {name: column[:4] for name, column in captioned_pictures().items()}
    model = dual_encoder(augmentation=None)
    model.compile(keras.optimizers.Adam(0.02))
    model.fit(columns, batch_size=4, epochs=60, verbose=0)
    with pytest.raises(ValueError, match=r"expected a collection, given to index\(\) before"):
        model.search({"text": "thick one"})
    model.index({"image": columns["image"]})
    places, similarities = model.search({"text": columns["text"]}, k=2)
    assert places[:, 0].tolist() == [0, 1, 2, 3] and places.shape == similarities.shape == (4, 2)
    assert (similarities[:, 0] >= similarities[:, 1]).all()
    place, similarity = model.search({"image": columns["image"][2]}, k=9)
    assert place.shape == (4,) and place[0] == 2 and similarity[0] == pytest.approx(1.0, abs=1e-5)
    model.export(tmp_path / "saved")
    served = tf.saved_model.load(str(tmp_path / "saved")).signatures["embed_text"](tf.constant(columns["text"]))
    np.testing.assert_allclose(served["vectors"], model.embed({"text": columns["text"]}), atol=1e-5)


def test_bad_requests_are_refused():
    model = dual_encoder()
    model.index({"text": ["thick one", "two"]})
    for inputs, k, message in (
        ({"sound": 1}, 1, r"Expected one modality of \['image', 'text'\]; received \['sound'\]"),
        ({"text": "two"}, 0, "k must be at least 1; received 0"),
        ({"text": ""}, 1, "an empty text"),
    ):
        with pytest.raises(ValueError, match=message):
            model.search(inputs, k=k)
    with pytest.raises(ValueError, match=r"two modalities, each with an encoder; received \['image'\]"):
        DualEncoder({"image": pair_processors()["image"]}, {})
    with pytest.raises(ValueError, match="a temperature above 0; received .*0"):
        dual_encoder(temperature=0)
