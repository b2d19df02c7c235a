import keras
import numpy as np
import pytest
import tensorflow as tf

from mmgen_tf.metrics import Coherence

EXPECTED = np.array([0, 1, 2, 1, 0])
PREDICTED = np.array([0, 1, 1, -1, 0])  # three of five right


def one_hot(ids):
    return np.eye(3, dtype="float32")[ids]


def test_ids_logits_and_uneven_batches_agree():
    whole, logits, streamed = Coherence(), Coherence(), Coherence()
    whole.update_state(EXPECTED, PREDICTED)
    logits.update_state(EXPECTED.astype("uint8"), one_hot([0, 1, 1, 0, 0]))
    for start, stop in ((0, 1), (1, 1), (1, 5)):
        streamed.update_state(EXPECTED[start:stop], PREDICTED[start:stop])
    assert float(whole.result()) == float(logits.result()) == float(streamed.result()) == 0.6
    whole.reset_state()
    assert float(whole.result()) == 0


def test_unrecognised_rows_are_wrong_even_if_expected():
    metric = Coherence()
    logits = one_hot([0, 0])
    logits[0, 1] = np.nan
    metric.update_state([0, 0], logits)
    metric.update_state([-1], [-1])
    assert float(metric.result()) == pytest.approx(1 / 3)


def test_sample_weight_drops_rows():
    metric = Coherence()
    metric.update_state(EXPECTED, PREDICTED, sample_weight=[1, 1, 0, 0, 0])
    assert float(metric.result()) == 1


def test_graph_mode_with_unknown_batch_size():
    metric = Coherence()

    @tf.function(input_signature=[tf.TensorSpec((None,), "int32"), tf.TensorSpec((None, 3), "float32")])
    def step(expected, predicted):
        metric.update_state(expected, predicted)
        return metric.result()

    step(tf.constant(EXPECTED[:2], "int32"), one_hot([0, 1]))
    assert float(step(tf.constant(EXPECTED[2:], "int32"), one_hot([1, 2, 0]))) == 0.6


def test_compile_metrics():
    model = keras.Sequential([keras.Input((3,)), keras.layers.Activation("linear")])
    model.compile(loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True), metrics=[Coherence()])
    logs = model.evaluate(one_hot([0, 1, 1, 2, 0]), EXPECTED, batch_size=2, verbose=0, return_dict=True)
    assert logs["coherence"] == pytest.approx(0.6)


@pytest.mark.parametrize(
    ("expected", "predicted", "message"),
    [
        ([0, 1], [0, 1, 2], r"expected \(2,\), predicted \(3,\)"),
        ([0, 1], [0.0, 1.0], r"predicted as integer class ids.*received float32 of shape \(2,\)"),
        ([[[0]]], [0], r"expected as integer class ids.*shape \(1, 1, 1\)"),
        ([0, 1], [[0, 1], [1, 0]], "received int32"),
    ],
)
def test_errors(expected, predicted, message):
    with pytest.raises(ValueError, match=message):
        Coherence().update_state(expected, predicted)


def test_sample_weight_of_another_length():
    with pytest.raises(ValueError, match=r"rows \(2,\), sample_weight \(3,\)"):
        Coherence().update_state([0, 1], [0, 1], sample_weight=[1, 1, 1])


def test_config_round_trip():
    metric = keras.saving.deserialize_keras_object(keras.saving.serialize_keras_object(Coherence(name="to_image")))
    assert isinstance(metric, Coherence) and metric.get_config() == Coherence(name="to_image").get_config()
    with pytest.raises(TypeError):
        Coherence.from_config({"name": "to_image", "unknown": 1})
