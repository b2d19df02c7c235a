import itertools

import keras
import numpy as np
import pytest
import tensorflow as tf

from mmgen_tf.metrics import StrictCaptionAccuracy

NAMES = ("digit", "thickness", "slant")
EXPECTED = np.array([[7, 0, 1], [1, 1, 1], [3, 2, -1], [4, 0, 0]])
MEASURED = np.array([[7, 0, 1], [1, 0, 1], [3, 2, -1], [4, -1, 0]])


def floats(shares):
    return {name: float(share) for name, share in shares.items()}


@pytest.mark.parametrize("cuts", [(0, 4), (0, 1, 1, 4), (0, 1, 2, 3, 4)])
def test_by_hand_in_any_batches(cuts):
    metric = StrictCaptionAccuracy(NAMES)
    for start, stop in itertools.pairwise(cuts):
        metric.update_state(EXPECTED[start:stop], MEASURED[start:stop])
    assert float(metric.result()) == 0.25
    assert floats(metric.per_attribute()) == {"digit": 1.0, "thickness": 0.5, "slant": 0.75}
    metric.reset_state()
    assert float(metric.result()) == 0 and floats(metric.per_attribute()) == dict.fromkeys(NAMES, 0.0)


def test_graph_mode_and_weights():
    metric = StrictCaptionAccuracy(NAMES)

    @tf.function(input_signature=[tf.TensorSpec((None, None), "int32")] * 2 + [tf.TensorSpec((None,))])
    def step(expected, measured, weight):
        metric.update_state(expected, measured, weight)
        return metric.result()

    weight = tf.constant([1.0, 1.0, 0.0, 0.0])
    assert float(step(tf.constant(EXPECTED, "int32"), tf.constant(MEASURED, "int32"), weight)) == 0.5
    assert floats(metric.per_attribute()) == {"digit": 1.0, "thickness": 0.5, "slant": 1.0}


def test_compile_metrics():
    model = keras.Sequential([keras.Input((3,), dtype="int32"), keras.layers.Identity(dtype="int32")])
    model.compile(metrics=[StrictCaptionAccuracy(NAMES)])
    dataset = tf.data.Dataset.from_tensor_slices((MEASURED.astype("int32"), EXPECTED)).batch(3)
    model.compute_loss = lambda *_, **__: tf.zeros(())
    assert model.evaluate(dataset, verbose=0, return_dict=True)["strict_caption_accuracy"] == 0.25


def test_errors():
    metric = StrictCaptionAccuracy(NAMES)
    with pytest.raises(ValueError, match=r"expected \(4, 3\), measured \(4, 2\)"):
        metric.update_state(EXPECTED, MEASURED[:, :2])
    with pytest.raises(ValueError, match=r"\(n, 3\) for the attributes .*measured \(4, 2\)"):
        metric.update_state(EXPECTED[:, :2], MEASURED[:, :2])
    with pytest.raises(ValueError, match="expected integers; received int64 and float32"):
        metric.update_state(EXPECTED, MEASURED.astype("float32"))
    with pytest.raises(ValueError, match="different attribute names"):
        StrictCaptionAccuracy(("digit", "digit"))
    with pytest.raises(ValueError, match="different attribute names"):
        StrictCaptionAccuracy(())


def test_config_round_trip():
    metric = StrictCaptionAccuracy(NAMES, name="strict")
    again = keras.saving.deserialize_keras_object(keras.saving.serialize_keras_object(metric))
    assert again.attributes == NAMES and again.get_config() == metric.get_config()
