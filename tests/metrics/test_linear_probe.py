import keras
import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

from mmgen_tf.metrics import LinearProbe, linear_probe


def blobs(count, seed, spread=2.0, width=6, classes=4):
    """Overlapping clouds on scales that differ, with class ids that are not 0, 1, 2."""
    centres = np.random.default_rng(9).normal(size=(classes, width)) * 2
    draw = np.random.default_rng(seed)
    ids = draw.integers(classes, size=count)
    return (centres[ids] + spread * draw.normal(size=(count, width))) * np.logspace(-2, 2, width) + 5, 3 * ids + 1


@pytest.mark.parametrize("penalty", [0.01, 1.0, 100.0])
@pytest.mark.parametrize("classes", [2, 4])
def test_equals_scikit_learn(penalty, classes):
    fitted, scored = blobs(800, 0, classes=classes), blobs(600, 1, classes=classes)
    scaler = StandardScaler().fit(fitted[0])
    reference = LogisticRegression(C=1 / penalty if classes > 2 else 2 / penalty, tol=1e-10, max_iter=2000)
    reference.fit(scaler.transform(fitted[0]), fitted[1])
    expected = reference.score(scaler.transform(scored[0]), scored[1])
    probe = LinearProbe(penalty)
    probe.update_state(fitted=fitted, scored=scored)
    assert probe.result() == pytest.approx(expected, abs=1 / 600 + 1e-9) and 0.5 < expected < 1


def test_weights_equal_scikit_learns():
    features, classes = blobs(500, 0)
    rows, ids = StandardScaler().fit_transform(features), (classes - 1) // 3
    ours = linear_probe.logistic_regression(np.concatenate([rows, np.ones((500, 1))], axis=1), np.eye(4)[ids], 1.0)
    reference = LogisticRegression(C=1.0, tol=1e-12, max_iter=5000).fit(rows, ids)
    np.testing.assert_allclose(ours[:-1], reference.coef_.T, atol=1e-4)
    np.testing.assert_allclose(
        ours[-1] - ours[-1].mean(), reference.intercept_ - reference.intercept_.mean(), atol=1e-4
    )


def test_classes_that_a_plane_parts_and_batches():
    features = np.array([[0.0], [1.0], [10.0], [11.0]])
    whole, streamed = LinearProbe(1e-3), LinearProbe(1e-3)
    whole.update_state(fitted=(features, [0, 0, 5, 5]), scored=([[2.0], [9.0], [8.0]], [0, 5, 7]))
    streamed.update_state(fitted=(features[:1], [0]))
    streamed.update_state(fitted=(features[1:], [0, 5, 5]), scored=([[2.0], [9.0]], [0, 5]))
    streamed.update_state(scored=([[8.0]], [7]))
    assert whole.result() == streamed.result() == pytest.approx(2 / 3)
    whole.reset_state()
    with pytest.raises(ValueError, match="at least 2 fitted rows; received 0"):
        whole.result()


def test_a_dimension_that_never_moves():
    probe = LinearProbe()
    rows = np.array([[7.0, 0.0], [7.0, 1.0]] * 5)
    probe.update_state(fitted=(rows, [0, 1] * 5), scored=(rows + [[3.0, 0.0]], [0, 1] * 5))
    assert probe.result() == 1


@pytest.mark.parametrize(
    "features, classes, message",
    [
        (np.zeros(3), [0, 1, 2], r"fitted features of shape \(n, 2\); received \(3,\)"),
        (np.zeros((3, 4)), [0, 1, 2], r"\(n, 2\); received \(3, 4\)"),
        (np.full((3, 2), np.nan), [0, 1, 2], "finite fitted features"),
        (np.zeros((3, 2)), [0, 1], "each of 3 fitted rows; received 2 classes"),
        (np.zeros((3, 2)), [0, 1, -1], "the least -1"),
        (np.zeros((3, 2)), [0.0, 1.0, 2.0], "fitted classes as integer class ids"),
    ],
)
def test_errors(features, classes, message):
    probe = LinearProbe()
    probe.update_state(scored=(np.zeros((1, 2)), [0]))
    with pytest.raises(ValueError, match=message):
        probe.update_state(fitted=(features, classes))


def test_one_class_and_no_penalty():
    probe = LinearProbe()
    probe.update_state(fitted=(np.zeros((3, 2)), [4, 4, 4]), scored=(np.zeros((1, 2)), [4]))
    with pytest.raises(ValueError, match=r"at least 2 classes in the fitted part; received \[4\]"):
        probe.result()
    with pytest.raises(ValueError, match="penalty above 0; received 0"):
        LinearProbe(0)


def test_config_round_trip():
    metric = LinearProbe(0.5, name="probe")
    again = keras.saving.deserialize_keras_object(keras.saving.serialize_keras_object(metric))
    assert isinstance(again, LinearProbe) and again.get_config() == metric.get_config()
