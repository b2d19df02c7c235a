"""LPIPS on a small network against numpy and scipy; the reader of the published weights runs nothing."""

import pickle

import numpy as np
import pytest
from scipy import signal

from mmgen_tf.data.lpips_weights import ArrayUnpickler
from mmgen_tf.layers.vgg16 import SCALE, SHIFT, VGG16
from mmgen_tf.metrics import LPIPS

RANDOM = np.random.default_rng(0)


@pytest.fixture(scope="module")
def network():
    small = VGG16(blocks=((2, 3), (4,)))
    small.build()
    small.set_weights([RANDOM.normal(size=weight.shape) for weight in small.get_weights()])
    return small


def pictures(count, side=6):
    return RANDOM.integers(0, 256, (count, side, side, 3)).astype("uint8")


def convolved(x, layer):
    kernel, bias = layer.kernel.numpy(), layer.bias.numpy()
    padded = np.pad(x, ((1, 1), (1, 1), (0, 0)))
    maps = [signal.correlate(padded, kernel[..., c], "valid")[..., 0] + bias[c] for c in range(kernel.shape[-1])]
    return np.maximum(np.stack(maps, axis=-1), 0.0)


def maps_of(picture, network):
    x = (picture / 127.5 - 1.0 - np.array(SHIFT)) / np.array(SCALE)
    (first, second), (third,) = network.convolutions
    first_map = convolved(convolved(x, first), second)
    half = first_map.reshape(3, 2, 3, 2, 3).max((1, 3))
    return first_map, convolved(half, third)


def test_equals_the_definition(network):
    one, other = pictures(3), pictures(3)
    metric = LPIPS(network)
    for part in (slice(0, 2), slice(2, 3)):
        metric.update_state(one[part], other[part])
    expected = []
    for a, b in zip(one, other, strict=True):
        pairs = zip(maps_of(a, network), maps_of(b, network), network.heads, strict=True)
        expected.append(sum(np.mean(((unit(x) - unit(y)) ** 2) @ head.numpy()) for x, y, head in pairs))
    np.testing.assert_allclose(float(metric.result()), np.mean(expected), rtol=1e-4)
    np.testing.assert_allclose(network.features(one)[1], maps_of(one[1], network)[-1].mean((0, 1)), rtol=1e-4)


def unit(x):
    return x / (np.linalg.norm(x, axis=-1, keepdims=True) + 1e-10)


def test_of_equal_pictures_and_of_many(network):
    same = pictures(70)
    metric = LPIPS(network)
    metric.update_state(same, same)
    assert float(metric.result()) == 0.0 and float(metric.count) == 70
    assert metric.distances(same, same[::-1]).shape == (70,)


def test_bad_input(network):
    with pytest.raises(ValueError, match=r"pictures \(2, 6, 6, 3\), others \(1, 6, 6, 3\)"):
        LPIPS(network).update_state(pictures(2), pictures(1))
    with pytest.raises(ValueError, match=r"at least 2 pixels; received \(1, 6, 6, 1\)"):
        LPIPS(network).update_state(pictures(1)[..., :1], pictures(1)[..., :1])
    with pytest.raises(ValueError, match="construct it with the network"):
        LPIPS(network).get_config()


def test_reading_weights_runs_no_code(tmp_path):
    path, arrays = tmp_path / "weights.ckpt", {"layer": {"kernel": np.arange(6.0).reshape(2, 3)}}
    path.write_bytes(pickle.dumps(arrays, protocol=4))
    with open(path, "rb") as file:
        np.testing.assert_array_equal(ArrayUnpickler(file).load()["layer"]["kernel"], arrays["layer"]["kernel"])
    path.write_bytes(pickle.dumps(print))
    with open(path, "rb") as file, pytest.raises(ValueError, match="arrays only; received one that names builtins"):
        ArrayUnpickler(file).load()
