"""Strategies by name."""

import os
import subprocess
import sys

import pytest

from mmgen_tf.training import make_strategy
from mmgen_tf.training.strategy import is_chief


def test_one_device_is_tensorflow_s_default():
    assert make_strategy("one").num_replicas_in_sync == 1


def test_mirrored_is_one_and_the_same_in_a_process():
    assert make_strategy("mirrored") is make_strategy("mirrored")
    assert make_strategy("mirrored").num_replicas_in_sync == 2


def test_mirrored_splits_the_cpu_of_a_fresh_process():
    code = "from mmgen_tf.training import make_strategy; print(make_strategy('mirrored', 3).num_replicas_in_sync)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120)
    assert done.stdout.split() == ["3"], done.stderr


def test_bad_names_and_no_cluster_are_refused(monkeypatch):
    with pytest.raises(ValueError, match="'mirror'; expected one of one, mirrored, multi_worker"):
        make_strategy("mirror")
    monkeypatch.delenv("TF_CONFIG", raising=False)
    with pytest.raises(ValueError, match="TF_CONFIG"):
        make_strategy("multi_worker")


@pytest.mark.parametrize(
    "task, chief",
    [
        ("", True),
        ('"type": "worker", "index": 0', True),
        ('"type": "worker", "index": 1', False),
        ('"type": "chief"', True),
    ],
)
def test_the_first_worker_writes(monkeypatch, task, chief):
    monkeypatch.setitem(os.environ, "TF_CONFIG", f'{{"task": {{{task}}}}}')
    assert is_chief() is chief
