"""The tf.distribute strategies that `mmgen train --strategy` names."""

import functools
import json
import os

import tensorflow as tf

STRATEGIES = ("one", "mirrored", "multi_worker")


def make_strategy(name, replicas=2):
    """A strategy by name.

    Args:
        name: "one" for a single device, "mirrored" for all GPUs of this machine (`replicas` logical CPUs where there
            is none), "multi_worker" for the cluster that the environment variable TF_CONFIG describes.
        replicas: logical CPU devices for "mirrored" on a machine without GPUs; must come before TensorFlow is used.

    Raises:
        ValueError: for an unknown name, or "multi_worker" without TF_CONFIG.
    """
    if name == "one":
        return tf.distribute.get_strategy()
    if name == "mirrored":
        return _mirrored(replicas)
    if name == "multi_worker":
        if "TF_CONFIG" not in os.environ:
            raise ValueError("Strategy 'multi_worker' needs the cluster in the environment variable TF_CONFIG.")
        return tf.distribute.MultiWorkerMirroredStrategy()
    raise ValueError(f"Unknown strategy {name!r}; expected one of {', '.join(STRATEGIES)}.")


@functools.cache
def _mirrored(replicas):
    """One strategy a process: a second one on the same devices takes the first one's collectives for its own."""
    if tf.config.list_physical_devices("GPU"):
        return tf.distribute.MirroredStrategy()
    cpu = tf.config.list_physical_devices("CPU")[0]
    if len(tf.config.get_logical_device_configuration(cpu) or []) < replicas:
        tf.config.set_logical_device_configuration(cpu, [tf.config.LogicalDeviceConfiguration()] * replicas)
    return tf.distribute.MirroredStrategy([f"CPU:{i}" for i in range(replicas)])


def is_chief():
    """Whether this process is the one that writes files."""
    task = json.loads(os.environ.get("TF_CONFIG", "{}")).get("task", {})
    return task.get("type", "chief") == "chief" or task.get("index", 0) == 0
