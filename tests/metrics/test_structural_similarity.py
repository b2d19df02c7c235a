import keras
import numpy as np
import pytest
import tensorflow as tf
from scipy.ndimage import gaussian_filter

from mmgen_tf.metrics import StructuralSimilarity


def pictures(count=5, side=20, channels=3):
    draw = np.random.default_rng(0)
    smooth = gaussian_filter(draw.normal(size=(count, side, side, channels)), (0, 2, 2, 0)) * 300 + 128
    noisy = smooth + draw.normal(size=smooth.shape) * np.arange(0, 10 * count, 10)[:, None, None, None]
    return smooth.clip(0, 255).astype("uint8"), noisy.clip(0, 255).astype("uint8")


def by_the_paper(real, other, length=255.0):
    """Wang et al. 2004, eq. 13, in float64: 11 x 11 Gaussian windows of deviation 1.5, whole ones only."""

    def blur(x):
        return gaussian_filter(x, (0, 1.5, 1.5, 0), radius=(0, 5, 5, 0))[:, 5:-5, 5:-5]

    x, y = real.astype("float64"), other.astype("float64")
    c1, c2 = (0.01 * length) ** 2, (0.03 * length) ** 2
    mx, my = blur(x), blur(y)
    vx, vy, cross = blur(x * x) - mx**2, blur(y * y) - my**2, blur(x * y) - mx * my
    return ((2 * mx * my + c1) * (2 * cross + c2) / ((mx**2 + my**2 + c1) * (vx + vy + c2))).mean(axis=(1, 2, 3))


@pytest.mark.parametrize("channels", [1, 3])
def test_equals_the_papers_formula(channels):
    real, other = pictures(channels=channels)
    expected = by_the_paper(real, other)
    assert expected[0] == 1 and 0.1 < expected[-1] < 0.9
    metric = StructuralSimilarity()
    metric.update_state(real[:2], other[:2])
    metric.update_state(real[2:], other[2:])
    assert float(metric.result()) == pytest.approx(expected.mean(), abs=1e-4)
    error = np.mean(np.square(real / 255.0 - other / 255.0))
    assert float(metric.mean_squared_error()) == pytest.approx(error, rel=1e-5)


def test_ranges_weights_and_small_windows():
    real, other = pictures()
    bytes_, floats, some = StructuralSimilarity(), StructuralSimilarity((-1, 1)), StructuralSimilarity(window=7)
    bytes_.update_state(real, other)
    floats.update_state(real / 127.5 - 1, other / 127.5 - 1)
    assert float(floats.result()) == pytest.approx(float(bytes_.result()), abs=1e-4)
    some.update_state(real[:, :8, :8], other[:, :8, :8], sample_weight=[1, 0, 0, 0, 0])
    assert float(some.result()) == 1 and float(some.mean_squared_error()) == 0


def test_graph_mode_with_unknown_batch_size():
    metric, (real, other) = StructuralSimilarity(), pictures()

    @tf.function(input_signature=[tf.TensorSpec((None, None, None, 3), "uint8")] * 2)
    def step(real, other):
        metric.update_state(real, other)
        return metric.result()

    step(real[:1], other[:1])
    assert float(step(real[1:], other[1:])) == pytest.approx(by_the_paper(real, other).mean(), abs=1e-4)


def test_compile_metrics():
    model = keras.Sequential([keras.Input((20, 20, 3)), keras.layers.Activation("linear")])
    model.compile(loss="mse", metrics=[StructuralSimilarity()])
    real, other = pictures()
    logs = model.evaluate(other.astype("float32"), real, batch_size=2, verbose=0, return_dict=True)
    assert logs["structural_similarity"] == pytest.approx(by_the_paper(real, other).mean(), abs=1e-4)


def test_errors():
    real, other = pictures()
    metric = StructuralSimilarity()
    with pytest.raises(ValueError, match=r"real \(5, 20, 20, 3\), reconstructed \(4, 20, 20, 3\)"):
        metric.update_state(real, other[:4])
    with pytest.raises(ValueError, match=r"at least 11 pixels a side; received \(5, 8, 20, 3\)"):
        metric.update_state(real[:, :8], other[:, :8])
    with pytest.raises(ValueError, match=r"received \(5, 20, 20\)"):
        metric.update_state(real[..., 0], other[..., 0])
    with pytest.raises(ValueError, match=r"low < high .*received \(1, 0\), 11"):
        StructuralSimilarity((1, 0))


def test_config_round_trip():
    metric = StructuralSimilarity((-1, 1), window=7)
    again = keras.saving.deserialize_keras_object(keras.saving.serialize_keras_object(metric))
    assert isinstance(again, StructuralSimilarity) and again.get_config() == metric.get_config()
