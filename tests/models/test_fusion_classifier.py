"""FusionClassifier: the contract, and that every fusion block learns what neither modality tells alone."""

import functools

import keras
import numpy as np
import pytest
from contracts import run_model_contract
from tiny_models import answered_pictures, fusion_classifier

from mmgen_tf.fusion.cross_attention_fusion import CrossAttentionFusion
from mmgen_tf.fusion.dual_encoder_fusion import DualEncoderFusion
from mmgen_tf.fusion.early_fusion import EarlyFusion
from mmgen_tf.fusion.gated_fusion import GatedFusion
from mmgen_tf.fusion.late_fusion import LateFusion
from mmgen_tf.noise import Noise

BLOCKS = {
    "early": lambda widths: EarlyFusion(widths, 8, {"image": 4, "text": 4}, 1, 2, 8, dropout=0.0),
    "concatenate": lambda widths: LateFusion(widths, 8, "concatenate", 8),
    "sum": lambda widths: LateFusion(widths, 8, "sum", 8),
    "outer_product": lambda widths: LateFusion(widths, 8, "outer_product", 8),
    "dual_encoder": lambda widths: DualEncoderFusion(widths, 8, 8),
    "cross_attention": lambda widths: CrossAttentionFusion(widths, 8, 1, 2, 8),
    "gated": lambda widths: GatedFusion(widths, 8, 8),
}
each_block = pytest.mark.parametrize("block", BLOCKS.values(), ids=BLOCKS)


def test_keeps_the_contract(tmp_path):
    run_model_contract(fusion_classifier, answered_pictures(), tmp_path, missing=("image", "text"))


def either_or():
    """Two pictures and two words; the class says whether their numbers agree, which neither tells alone."""
    which = np.arange(16)
    dark = np.where(which[:, None, None, None] % 2, 0, 255) * np.ones((16, 8, 8, 1))
    return {
        "image": dark.astype("uint8"),
        "text": ["one" if row // 2 % 2 else "two" for row in which],
        "answer": (which % 2 == which // 2 % 2).astype(int),
    }


@each_block
def test_every_block_learns_what_takes_both(block):
    keras.utils.set_random_seed(3)
    model, columns = fusion_classifier(block, modality_dropout=0.0), either_or()
    model.compile(keras.optimizers.Adam(0.01))
    model.fit(columns, batch_size=16, epochs=250, verbose=0)
    assert model.evaluate(columns, verbose=0, return_dict=True)["accuracy"] == 1.0
    told = model.generate({"image": columns["image"], "text": columns["text"]}, to="answer")
    assert told == ["abc"[answer] for answer in columns["answer"]]


@each_block
def test_what_is_missing_is_not_read(block):
    model = fusion_classifier(block)
    model.build()
    random = np.random.default_rng(0)
    tokens = {"image": random.normal(size=(4, 4, 6)).astype("float32"), "text": np.ones((4, 4, 6), "float32")}
    there = {name: np.ones((4, 4, 1), "float32") for name in tokens}
    there["image"][0], there["text"][1], there["text"][2, 1:] = 0, 0, 0
    for name in there:
        there[name][3] = 0  # nothing at all
    spoilt = {name: np.where(there[name] > 0, values, np.nan) for name, values in tokens.items()}
    fused = model.fusion(tokens, there)
    assert np.isfinite(fused).all()
    np.testing.assert_array_equal(model.fusion(spoilt, there), fused)


def test_gates_are_of_what_is_there():
    block = GatedFusion({"image": 6, "text": 6}, 8)
    block.build()
    tokens = {name: np.ones((2, 3, 6), "float32") for name in ("image", "text")}
    there = {"image": np.array([1.0, 0.0])[:, None, None] * np.ones((2, 3, 1)), "text": np.ones((2, 3, 1))}
    gates = block.gates(tokens, {name: mask.astype("float32") for name, mask in there.items()}).numpy()
    np.testing.assert_allclose(gates.sum(1), 1.0, rtol=1e-6)
    assert 0 < gates[0, 0] < 1 and gates[1].tolist() == [0.0, 1.0]


def test_outer_product_by_hand():
    block = LateFusion({"image": 2, "text": 3}, 4, "outer_product", hidden_dim=5, rank=2)
    block.build()
    random = np.random.default_rng(0)
    block.set_weights([random.normal(size=weight.shape) for weight in block.weights])
    tokens = {"image": random.normal(size=(3, 1, 2)), "text": random.normal(size=(3, 1, 3))}
    there = {name: np.ones((3, 1, 1), "float32") for name in tokens}
    own = {name: np.maximum(np.array(block.own[name](values[:, 0])), 0) for name, values in tokens.items()}
    expected = np.zeros((3, 4))
    for term in range(2):
        product = np.ones((3, 4))
        for name, values in own.items():
            kernel, bias = map(np.array, block.factors[name].weights)
            part = slice(term * 4, term * 4 + 4)
            product *= values @ kernel[:, part] + bias[part]
        expected += product
    np.testing.assert_allclose(block(tokens, there), expected, rtol=1e-4)


def test_wiring_that_cannot_be_is_refused():
    for make, message in (
        (lambda: EarlyFusion({"image": 2}, 4, {"text": 2}), r"lengths of \['image'\]; received \['text'\]"),
        (lambda: LateFusion({"image": 2}, 4, "product"), "mode must be one of .*; received 'product'"),
        (lambda: DualEncoderFusion({"image": 2}, 4), "two modalities at least"),
        (lambda: CrossAttentionFusion({"image": 2}, 4), "two modalities at least"),
        (lambda: GatedFusion({}, 4), "expected the widths of one modality at least"),
        (functools.partial(fusion_classifier, output="image"), "tells a label, 'image'"),
        (functools.partial(fusion_classifier, modality_dropout=1), r"modality_dropout must lie in \[0, 1\)"),
    ):
        with pytest.raises(ValueError, match=message):
            make()
    block = BLOCKS["early"]({"image": 2, "text": 2})
    block.build()
    tokens = {name: np.ones((1, 5, 2), "float32") for name in ("image", "text")}
    with pytest.raises(ValueError, match="expected at most 4 tokens of 'image'; received 5"):
        block(tokens, {name: np.ones((1, 5, 1), "float32") for name in tokens})


def test_a_modality_hidden_while_training_leaves_the_other(tmp_path):
    model = fusion_classifier(modality_dropout=0.9)
    model.compile()
    batch = {
        "image": np.ones((2, 8, 8, 1), "float32"),
        "text": np.ones((2, 4), "int32"),
        "answer": np.zeros(2, "int32"),
    }
    batch["present"] = {name: np.ones(2, bool) for name in ("image", "text", "answer")}
    assert np.isfinite(model.compute_losses(batch, Noise(0), training=True)["loss"]).all()
