import keras
import pytest
import tensorflow as tf

from mmgen_tf.metrics import StrictMatch

EXPECTED = ["a thick seven", "a thin one", "two", ""]
GENERATED = ["a thick seven", "a thin  one", "Two", ""]  # two of four


def test_by_hand_in_any_batches():
    whole, streamed = StrictMatch(), StrictMatch()
    whole.update_state(EXPECTED, GENERATED)
    for start, stop in ((0, 1), (1, 4)):
        streamed.update_state(EXPECTED[start:stop], tf.constant(GENERATED[start:stop]))
    assert float(whole.result()) == float(streamed.result()) == 0.5
    whole.reset_state()
    whole.update_state(EXPECTED, GENERATED, sample_weight=[0, 1, 0, 1])
    assert float(whole.result()) == 0.5


def test_graph_mode():
    metric = StrictMatch()

    @tf.function(input_signature=[tf.TensorSpec((None,), tf.string)] * 2)
    def step(expected, generated):
        metric.update_state(expected, generated)
        return metric.result()

    assert float(step(tf.constant(EXPECTED), tf.constant(GENERATED))) == 0.5


def test_errors():
    with pytest.raises(ValueError, match=r"expected \(4,\), generated \(3,\)"):
        StrictMatch().update_state(EXPECTED, GENERATED[:3])
    with pytest.raises(ValueError, match=r"generated strings of shape \(n,\); received int32 of shape \(1,\)"):
        StrictMatch().update_state(["a"], [1])
    with pytest.raises(ValueError, match=r"expected strings .*shape \(\)"):
        StrictMatch().update_state("a", ["a"])


def test_config_round_trip():
    again = keras.saving.deserialize_keras_object(keras.saving.serialize_keras_object(StrictMatch(name="match")))
    assert isinstance(again, StrictMatch) and again.name == "match"
