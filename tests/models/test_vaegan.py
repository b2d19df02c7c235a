"""VAEGAN: the contract, and what is its own: the two players' gradients, missing modalities."""

import numpy as np
import pytest
from contracts import Case, run_model_contract
from tiny_models import captioned_pictures, pair_processors, vaegan

from mmgen_tf.models.gan.vaegan import VAEGAN

OBJECTIVES = {"optimizer": "generator_loss", "discriminator_optimizer": "discriminator_loss"}


def test_keeps_the_contract(tmp_path):
    run_model_contract(vaegan, captioned_pictures(), tmp_path, objectives=OBJECTIVES, missing=("image", "text"))


def test_the_adversary_teaches_decoders_only(tmp_path):
    """With nothing but the adversarial loss encoders stay as they are."""
    make = lambda: vaegan(beta=0.0, feature_weight=0.0, text_weight=0.0)  # noqa: E731
    case = Case(make, captioned_pictures(), tmp_path, objectives=OBJECTIVES)
    before, model = case.compiled(), case.compiled()
    model.train_step(case.batch())
    moved = {
        part: any((a != b).any() for a, b in zip(getattr(before, part)[name].get_weights(),
                                                 getattr(model, part)[name].get_weights()))
        for part in ("encoders", "decoders", "discriminators") for name in ("image", "text")
    }  # fmt: skip
    assert moved == {"encoders": False, "decoders": True, "discriminators": True}


def test_a_picture_from_a_picture(tmp_path):
    case = Case(vaegan, captioned_pictures(), tmp_path, objectives=OBJECTIVES)
    model, picture = case.trained(), captioned_pictures()["image"][0]
    assert model.generate({"image": picture}, to="image", seed=0).shape == (8, 8, 1)
    still = model.generate({"image": picture}, to="image", num_samples=3, latent_temperature=0.0)
    np.testing.assert_array_equal(still[0], still[1])


def test_wiring_that_cannot_be_is_refused():
    with pytest.raises(ValueError, match=r"one text and one image processor; received kinds \['text'\]"):
        VAEGAN({"text": pair_processors()["text"]}, {}, {}, {})
    with pytest.raises(ValueError, match=r"encoders must be keyed by \['image', 'text'\]; received \[\]"):
        VAEGAN(pair_processors(), {}, {}, {})
