"""Two processes train as one: `mmgen train --strategy multi_worker`."""

import json
import socket

import numpy as np
from run_training import run, start

SETTINGS = {"optimizer": "sgd", "pair": "dcgan", "epochs": 2}


def free_ports(count):
    """Ports of this machine that nothing listened on a moment ago."""
    sockets = [socket.socket() for _ in range(count)]
    for each in sockets:
        each.bind(("127.0.0.1", 0))
    ports = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports


def train_together(out):
    """Starts two workers and waits for both; none outlives this."""
    workers = [f"127.0.0.1:{port}" for port in free_ports(2)]
    processes = []
    try:
        for index in range(2):
            config = {"cluster": {"worker": workers}, "task": {"type": "worker", "index": index}}
            environment = {"TF_CONFIG": json.dumps(config)}
            processes.append(start(environment, out=out, strategy="multi_worker", settings=SETTINGS))
        for process in processes:
            said, _ = process.communicate(timeout=120)
            assert process.returncode == 0, said
    finally:
        for process in processes:
            process.kill()
            process.communicate()


def test_two_processes_equal_one(tmp_path):
    train_together(tmp_path / "two")
    run(tmp_path / "one", settings=SETTINGS)
    with np.load(tmp_path / "one/state.npz") as one, np.load(tmp_path / "two/state.npz") as two:
        assert set(one) == set(two)
        assert max(float(np.max(np.abs(one[name] - two[name]), initial=0)) for name in one) <= 1e-5
    assert (tmp_path / "two/preset/model.weights.h5").is_file()
