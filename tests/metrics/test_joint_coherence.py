import keras
import numpy as np
import pytest
import tensorflow as tf

from mmgen_tf.metrics import JointCoherence

IMAGE = np.array([0, 1, 2, 1])
TEXT = np.array([0, 1, 1, -1])
AUDIO = np.array([0, 2, 1, -1])


def test_all_modalities_must_agree():
    metric = JointCoherence()
    metric.update_state({"image": IMAGE, "text": TEXT})
    assert float(metric.result()) == 0.5
    metric.reset_state()
    metric.update_state([IMAGE, TEXT, AUDIO])
    assert float(metric.result()) == 0.25


def test_unrecognised_agrees_with_nothing():
    metric = JointCoherence()
    metric.update_state({"text": TEXT[3:], "audio": AUDIO[3:]})
    assert float(metric.result()) == 0


def test_logits_streamed_equal_ids_in_one_shot():
    metric = JointCoherence()
    logits = np.eye(3, dtype="float16")[IMAGE]
    for rows in (slice(0, 3), slice(3, 4)):
        metric.update_state({"image": logits[rows], "text": TEXT[rows]})
    assert float(metric.result()) == 0.5


def test_graph_mode():
    metric = JointCoherence()
    tf.function(metric.update_state)({"image": tf.constant(IMAGE), "text": tf.constant(TEXT)})
    assert float(metric.result()) == 0.5


def test_errors():
    with pytest.raises(ValueError, match=r"at least two modalities; received \['image'\]"):
        JointCoherence().update_state({"image": IMAGE})
    with pytest.raises(ValueError, match=r"image \(4,\), text \(3,\)"):
        JointCoherence().update_state({"image": IMAGE, "text": TEXT[:3]})


def test_config_round_trip():
    metric = keras.saving.deserialize_keras_object(keras.saving.serialize_keras_object(JointCoherence(dtype="float32")))
    assert metric.get_config() == {"name": "joint_coherence", "dtype": "float32"}
