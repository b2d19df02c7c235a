"""Two replicas train as one device does, each on rows and draws of its own."""

import contextlib

import keras
import numpy as np
import pytest
import tensorflow as tf
from contracts import Case, replica_difference, weight_difference
from tiny_models import captioned_pictures, dcgan, image_classifier, labelled_pictures, mlp_gan

from mmgen_tf.data.pipeline import Examples
from mmgen_tf.models.replicated_model import clip_by_global_norm, global_mean, next_rows
from mmgen_tf.noise import Noise
from mmgen_tf.training import make_strategy

OBJECTIVES = {"optimizer": "generator_loss", "discriminator_optimizer": "discriminator_loss"}


@pytest.fixture
def strategy():
    return make_strategy("mirrored")


def on_replicas(strategy, function, *batch):
    """What `function` gives on each replica."""
    results = tf.function(lambda *parts: strategy.run(function, parts))(*batch)
    return [part.numpy() for part in strategy.experimental_local_results(results)]


def shared_out(strategy, rows):
    """A batch of that many rows, and the same shared out over the replicas."""
    model = mlp_gan()
    batches = Examples(captioned_pictures(rows), model.processors, rows, shuffle=False).batches().take(1)
    return next(iter(batches)), next(iter(strategy.experimental_distribute_dataset(batches)))


@pytest.mark.parametrize("options", [{}, {"ema_decay": 0.5, "gradient_clip_norm": 0.1}], ids=["plain", "ema_and_clip"])
def test_batch_normalised_gan_equals_one_device(tmp_path, options):
    case = Case(dcgan, captioned_pictures(), tmp_path, objectives=OBJECTIVES)
    assert replica_difference(case, **options) <= 1e-5


@pytest.mark.parametrize("rows, batch_size, drop_remainder, fits", [
    (17, 4, False, False), (17, 4, True, True), (18, 4, False, True), (8, 1, False, False), (1, 4, False, False),
])  # fmt: skip
def test_batches_that_leave_a_replica_empty_are_refused(strategy, rows, batch_size, drop_remainder, fits):
    with strategy.scope():
        model = mlp_gan()
        model.compile()
    refused = contextlib.nullcontext() if fits else pytest.raises(ValueError, match=r"some of 2 replicas without any")
    with refused:
        model.fit(captioned_pictures(rows), batch_size=batch_size, drop_remainder=drop_remainder, verbose=0)


def test_evaluation_equals_one_device(strategy):
    one = image_classifier()
    with strategy.scope():
        two = image_classifier()
        two.build()
    one.compile()
    with strategy.scope():
        two.compile()
    for target, source in zip(two.weights, one.weights):
        target.assign(keras.ops.convert_to_numpy(source))
    losses = [model.evaluate(labelled_pictures(17), batch_size=4, verbose=0, return_dict=True) for model in (one, two)]
    assert losses[0] == pytest.approx(losses[1], rel=1e-5)


def test_dropout_masks_differ_between_replicas_after_decorrelation(strategy):
    with strategy.scope():
        model = mlp_gan(dropout=0.5)
        model.compile()

    def mask():
        return model.discriminator.drop[0](tf.ones((4, 50)), training=True)

    first, second = on_replicas(strategy, mask)
    np.testing.assert_array_equal(first, second)  # what Keras does, and why there is decorrelate_replicas
    states = model.noise_seed.state, model.discriminator.drop[0].seed_generator.state
    before = [keras.ops.convert_to_numpy(state) for state in states]
    for _ in range(2):
        model.decorrelate_replicas()
        for state, value in zip(states, before):
            np.testing.assert_array_equal(keras.ops.convert_to_numpy(state), value)
    first, second = on_replicas(strategy, mask)
    assert (first != second).any() and set(np.unique(first)) == set(np.unique(second)) == {0.0, 2.0}


@pytest.mark.parametrize("rows", [8, 3])
def test_noise_is_shared_out_like_the_rows(strategy, rows):
    _, shared = shared_out(strategy, rows)

    def draw(batch):
        return Noise(5, batch["row"]).normal((tf.shape(batch["text"])[0], 4))

    parts = on_replicas(strategy, draw, shared)
    assert [len(part) for part in parts] == [-(-rows // 2), rows // 2]
    np.testing.assert_array_equal(np.concatenate(parts), Noise(5).normal((rows, 4)))


@pytest.mark.parametrize("rows", [8, 3])
def test_shares_of_a_mean_add_up_and_neighbours_are_found_on_the_other_replica(strategy, rows):
    whole, shared = shared_out(strategy, rows)
    value = tf.reduce_sum(whole["image"], axis=(1, 2, 3))
    shares = on_replicas(strategy, lambda batch: global_mean(tf.reduce_sum(batch["image"], axis=(1, 2, 3))), shared)
    np.testing.assert_allclose(sum(shares), tf.reduce_mean(value), rtol=1e-4)
    np.testing.assert_allclose(global_mean(value), tf.reduce_mean(value), rtol=1e-4)
    after = on_replicas(strategy, lambda batch: next_rows(batch["text"], batch), shared)
    np.testing.assert_array_equal(np.concatenate(after), np.roll(whole["text"], -1, axis=0))
    np.testing.assert_array_equal(next_rows(whole["text"], whole), np.roll(whole["text"], -1, axis=0))


def test_the_sum_of_gradients_is_clipped_not_each(strategy):
    def clipped():
        replica = tf.distribute.get_replica_context().replica_id_in_sync_group
        gradient = tf.where(replica == 0, [30.0, 0.0], [0.0, 40.0])
        return clip_by_global_norm([gradient], 5.0)[0]

    np.testing.assert_allclose(sum(on_replicas(strategy, clipped)), [3.0, 4.0], rtol=1e-6)
    np.testing.assert_allclose(clip_by_global_norm([tf.constant([30.0, 40.0])], 5.0)[0], [3.0, 4.0], rtol=1e-6)


def test_a_model_trained_on_replicas_is_saved_exported_and_generates(strategy, tmp_path):
    columns = labelled_pictures()
    with strategy.scope():
        model = image_classifier()
        model.compile(ema_decay=0.9)
    model.fit(columns, batch_size=8, validation_data=columns, verbose=0)
    model.save_to_preset(tmp_path / "preset")
    model.export(tmp_path / "saved")
    loaded = type(model).from_preset(tmp_path / "preset")
    assert weight_difference(model, loaded) == 0
    assert model.generate({"image": columns["image"]}) == loaded.generate({"image": columns["image"]})
