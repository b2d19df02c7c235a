"""AttentionGAN: the contract, and what is its own: sizes, attention maps, the matching loss."""

import keras
import numpy as np
import pytest
from contracts import Case, run_model_contract
from tiny_models import attention_gan, captioned_pictures, pair_processors

from mmgen_tf.modalities.image.perceptual_distance import PerceptualDistance
from mmgen_tf.models.gan.attention_gan import AttentionGAN
from mmgen_tf.noise import Noise
from mmgen_tf.training.callbacks import GeneratorFirst, GrowingPictures

OBJECTIVES = {"optimizer": "generator_loss", "discriminator_optimizer": "discriminator_loss"}


@pytest.fixture
def case(tmp_path):
    return Case(attention_gan, captioned_pictures(), tmp_path, objectives=OBJECTIVES)


def test_keeps_the_contract(tmp_path):
    run_model_contract(attention_gan, captioned_pictures(), tmp_path, objectives=OBJECTIVES)


def test_pictures_of_every_size(case):
    model, batch = case.compiled(), case.batch(4)
    assert [p.shape for p in model.imagine(batch, Noise(0), False)] == [(4, 4, 4, 1), (4, 8, 8, 1)]
    sizes = model.pyramid(batch["image"])
    assert [p.shape[1] for p in sizes] == [4, 8]
    np.testing.assert_allclose(sizes[0], np.reshape(batch["image"], (4, 4, 2, 4, 2, 1)).mean((2, 4)), atol=1e-6)


def test_attention_is_over_the_words_that_are_there(case):
    model = case.trained()
    pictures, maps = model.generate({"text": ["thick one", "two"]}, num_samples=3, seed=0, return_attention=True)
    assert pictures.shape == (2, 3, 8, 8, 1) and maps.shape == (2, 3, 4, 4, 4) and maps.dtype == np.float32
    np.testing.assert_allclose(maps.sum(2), 1.0, rtol=1e-5)
    assert maps[0, :, :2].min() > 0 and maps[0, :, 2:].max() == 0 and maps[1, :, 1:].max() == 0
    np.testing.assert_array_equal(model.generate({"text": ["thick one", "two"]}, num_samples=3, seed=0), pictures)
    picture, single = model.generate({"text": "two"}, seed=0, return_attention=True)
    assert picture.shape == (8, 8, 1) and single.shape == (4, 4, 4)


def test_the_distance_to_the_picture_counts_at_every_size(case):
    model, batch = case.compiled(), case.batch(4)
    made = model.imagine(batch, Noise(0), False)
    distance = sum(
        np.abs(np.array(real) - made).mean((1, 2, 3))
        for real, made in zip(model.pyramid(batch["image"]), made, strict=True)
    )
    plain = model.generator_losses(batch, made, Noise(1), False)["generator_loss"]
    model.reconstruction_weight = 3.0
    weighted = model.generator_losses(batch, made, Noise(1), False)["generator_loss"]
    np.testing.assert_allclose(weighted - plain, 3.0 * distance, rtol=1e-4)
    model.reconstruction_weight, model.perceptual_weight = 0.0, 2.0
    model.compile()
    perceptual = model.generator_losses(batch, made, Noise(1), False)["generator_loss"]
    expected = 2.0 * np.array(PerceptualDistance()(made[-1], batch["image"]))
    np.testing.assert_allclose(perceptual - plain, expected, rtol=1e-3)


def test_matching_tells_pairs_from_others(case):
    """After some steps on four different captions, each finds its own picture among them."""
    both = {name: keras.optimizers.Adam(0.01) for name in OBJECTIVES}
    model, rows = case.compiled(**both), [0, 1, 2, 3]
    columns = {"image": captioned_pictures()["image"][rows], "text": [captioned_pictures()["text"][r] for r in rows]}
    batch = case.batch(4, **columns)
    before = np.mean(model.matching(batch, batch["image"], held=None))
    model.fit(columns, batch_size=4, epochs=60, verbose=0)
    assert np.mean(model.matching(batch, batch["image"], held=None)) < 0.5 * before
    swapped = np.mean(model.matching(batch, batch["image"].numpy()[::-1], held=None))
    assert swapped > before


def moving(model, parts, callbacks, epochs):
    """For each epoch, the share of the weights of each of `parts` that it changes."""
    before, shares = {}, []

    def moved(layers):
        weights = [weight for layer in layers for weight in layer.trainable_weights]
        return np.mean([not np.array_equal(before[weight.path], weight) for weight in weights])

    def keep(*_):
        before.update({weight.path: np.array(weight) for weight in model.trainable_weights})

    def look(*_):
        shares.append({name: moved(layers) for name, layers in parts.items()})

    watch = keras.callbacks.LambdaCallback(on_epoch_begin=keep, on_epoch_end=look)
    model.fit(captioned_pictures(), batch_size=8, epochs=epochs, callbacks=[*callbacks, watch], verbose=0)
    return shares


def test_the_generator_may_learn_first(case):
    """Discriminators rest for the epochs asked for, while everything else learns; then they learn too."""
    model = case.compiled()
    model.reconstruction_weight = 1.0
    others = [model.generator, model.text_encoder, model.region_encoder]
    shares = moving(model, {"judges": model.discriminators, "others": others}, [GeneratorFirst(2)], epochs=3)
    assert shares == [{"judges": 0, "others": 1}] * 2 + [{"judges": 1, "others": 1}]
    assert model.judged


def test_the_smallest_picture_may_be_learnt_first(case):
    """What only the larger pictures come from, and what looks at them, rests for the epochs asked for."""
    model = case.compiled()
    generator, (small, large) = model.generator, model.discriminators
    last = [generator.attentions[-1], generator.blocks[-1], generator.norms[-1], generator.to_image[-1], large]
    first = [generator.dense, generator.blocks[0], generator.to_image[0], small]
    parts = {"first": [*first, model.text_encoder], "last": [*last, model.region_encoder]}
    shares = moving(model, parts, [GrowingPictures([2])], epochs=3)
    assert shares == [{"first": 1, "last": 0}] * 2 + [{"first": 1, "last": 1}]
    assert model.sizes == 2
    with pytest.raises(ValueError, match="each size but the largest, 1 for this generator; received 2"):
        moving(model, parts, [GrowingPictures([1, 1])], epochs=1)


def test_penalties_are_of_the_largest_picture_that_is_drawn(case):
    model, batch = case.compiled(r1_weight=1.0, gradient_penalty_weight=1.0), case.batch(4)
    for sizes in (1, 2):
        model.sizes = sizes
        real, drawn, score = model.penalised(batch, model.imagine(batch, Noise(0), False))
        assert real.shape == drawn.shape == (4, 4 * sizes, 4 * sizes, 1) and score(drawn).shape == (4,)
        assert np.isfinite(list(model.train_step(batch).values())).all()


def test_a_picture_does_not_depend_on_the_larger_ones(case):
    model, batch = case.compiled(), case.batch(4)
    whole = model.imagine(batch, Noise(0), False)
    model.sizes = 1
    (smallest,) = model.imagine(batch, Noise(0), False)
    np.testing.assert_array_equal(smallest, whole[0])
    losses = model.generator_losses(batch, [smallest], Noise(1), False)
    assert np.all(np.array(losses["matching_loss"]) == 0) and losses["generator_loss"].shape == (4,)


def test_wiring_that_cannot_be_is_refused():
    with pytest.raises(ValueError, match=r"one text and one image processor; received kinds \['text'\]"):
        AttentionGAN({"text": pair_processors()["text"]}, None, None, [], None)
    model = attention_gan()
    with pytest.raises(ValueError, match="1 stages gives 2 pictures, each with a discriminator; received 1"):
        AttentionGAN(model.processors, model.text_encoder, model.generator, model.discriminators[:1], None)
