"""What all feature metrics promise alike: batching, extractors, refusals, configs."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from mmgen_tf.metrics import PRDC, FrechetDistance, KernelDistance

METRICS = [FrechetDistance, KernelDistance, PRDC, lambda **kwargs: KernelDistance(subsets=3, subset_size=20, **kwargs)]
every_metric = pytest.mark.parametrize("metric", METRICS, ids=["frechet", "kernel", "prdc", "kernel_subsets"])


def two_sets(width=6):
    draw = np.random.default_rng(0)
    return draw.normal(3, 1, (53, width)).astype("float32"), draw.normal(3.5, 1.2, (41, width)).astype("float32")


@keras.saving.register_keras_serializable("mmgen_tf_tests")
def first_two_columns(batch):
    return batch[:, :2]


@every_metric
def test_streamed_equals_one_shot(metric):
    real, generated = two_sets()
    whole, streamed = metric(), metric()
    whole.update_state(real, generated)
    for start, stop in ((0, 1), (1, 1), (1, 30), (30, 53)):
        streamed.update_state(real=tf.constant(real[start:stop]))
    for start, stop in ((0, 40), (40, 41)):
        streamed.update_state(generated=generated[start:stop])
    assert streamed.result() == pytest.approx(whole.result(), rel=1e-11)
    assert streamed.result() == streamed.result()
    streamed.update_state()
    streamed.update_state(real, generated + 1)
    assert streamed.result() != pytest.approx(whole.result(), rel=1e-3)
    streamed.reset_state()
    streamed.update_state(real, generated)
    assert streamed.result() == pytest.approx(whole.result(), rel=1e-12)


@every_metric
def test_feature_extractor(metric):
    real, generated = two_sets()
    extracted, plain = metric(feature_extractor=first_two_columns), metric()
    extracted.update_state(real, tf.constant(generated))
    plain.update_state(real[:, :2], generated[:, :2])
    assert extracted.result() == plain.result()


@every_metric
def test_refuses_what_is_not_finite_and_keeps_nothing_of_it(metric):
    real, generated = two_sets()
    refusing, plain = metric(), metric()
    for broken in (np.nan, np.inf):
        bad = generated.copy()
        bad[2, 3] = broken
        with pytest.raises(ValueError, match="finite generated features; received NaN or infinity in 1 of 41 rows"):
            refusing.update_state(real, bad)
    refusing.update_state(real, generated)
    plain.update_state(real, generated)
    assert refusing.result() == plain.result()


@every_metric
def test_shape_errors_name_both_shapes(metric):
    real, generated = two_sets()
    with pytest.raises(ValueError, match=r"one width; received real \(53, 6\), generated \(41, 5\)"):
        metric().update_state(real, generated[:, :5])
    started = metric()
    started.update_state(real=real)
    with pytest.raises(ValueError, match=r"generated \(41, 5\) after features of shape \(n, 6\)"):
        started.update_state(generated=generated[:, :5])
    with pytest.raises(ValueError, match=r"real features of shape \(n, width\); received \(53,\)"):
        metric().update_state(real=real[:, 0])


@every_metric
def test_too_few_rows(metric):
    real, generated = two_sets()
    with pytest.raises(ValueError, match="real rows; received 0"):
        metric().result()
    few = metric()
    few.update_state(real, generated[:1])
    with pytest.raises(ValueError, match="generated rows; received 1"):
        few.result()


@every_metric
def test_refuses_graph_mode(metric):
    with pytest.raises(RuntimeError, match="outside of tf.function"):
        tf.function(metric().update_state)(tf.zeros((3, 2)), tf.zeros((3, 2)))


@every_metric
@pytest.mark.parametrize("extractor", [None, first_two_columns, keras.layers.Flatten()])
def test_config_round_trip(metric, extractor):
    original = metric(feature_extractor=extractor)
    again = keras.saving.deserialize_keras_object(keras.saving.serialize_keras_object(original))
    assert type(again) is type(original) and again.get_config() == original.get_config()
    original.update_state(*two_sets())
    again.update_state(*two_sets())
    assert again.result() == original.result()


def test_config_refuses_to_lose_weights():
    extractor = keras.Sequential([keras.Input((6,)), keras.layers.Dense(2)])
    with pytest.raises(ValueError, match="without weights"):
        FrechetDistance(feature_extractor=extractor).get_config()


def test_bad_arguments():
    with pytest.raises(ValueError, match="expected a callable or None; received 'inception'"):
        FrechetDistance(feature_extractor="inception")
    with pytest.raises(ValueError, match="k of at least 1; received 0"):
        PRDC(k=0)
    with pytest.raises(ValueError, match="received 0 and 1000"):
        KernelDistance(subsets=0)
