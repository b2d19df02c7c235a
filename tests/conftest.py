"""One TensorFlow for the whole suite: on the CPU, split in two, seeded anew before each test."""

import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")
os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "1")  # as the command does: without it sums round otherwise

import keras  # noqa: E402
import pytest  # noqa: E402
import tensorflow as tf  # noqa: E402

CPU = tf.config.list_physical_devices("CPU")[0]
tf.config.set_logical_device_configuration(CPU, [tf.config.LogicalDeviceConfiguration()] * 2)


@pytest.fixture(autouse=True)
def fresh_state():
    """Every test starts from the same seeds, and from float32 whatever the one before did."""
    keras.utils.set_random_seed(0)
    yield
    keras.config.set_dtype_policy("float32")
