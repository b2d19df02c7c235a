import itertools
import sys

import keras
import numpy as np
import pytest
from sklearn.cluster import KMeans
from sklearn.metrics import normalized_mutual_info_score

from mmgen_tf.k_means import k_means
from mmgen_tf.metrics import ClusteringAccuracy
from mmgen_tf.metrics.clustering_accuracy import agreement


def clouds(spread, count=600, groups=5):
    draw = np.random.default_rng(0)
    ids = draw.integers(groups, size=count)
    return 4 * np.random.default_rng(1).normal(size=(groups, 3))[ids] + spread * draw.normal(size=(count, 3)), ids


def best_of_all_matchings(clusters, classes):
    return max(np.mean(np.array(way)[clusters] == classes) for way in itertools.permutations(range(5)))


@pytest.mark.parametrize("spread", [0.3, 2.0, 4.0])
def test_equals_the_references(spread):
    rows, classes = clouds(spread)
    clusters, _, inertia = k_means(rows, 5)
    reference = KMeans(5, n_init=10, random_state=0).fit(rows)
    assert inertia <= reference.inertia_ * 1.005
    metric = ClusteringAccuracy()
    metric.update_state(rows[:100], classes[:100])
    metric.update_state(rows[100:], classes[100:])
    result = metric.result()
    assert result["accuracy"] == pytest.approx(best_of_all_matchings(clusters, classes))
    assert result["nmi"] == pytest.approx(normalized_mutual_info_score(classes, clusters), abs=1e-12)
    if spread < 1:
        assert normalized_mutual_info_score(reference.labels_, clusters) == pytest.approx(1.0)


def test_agreement_by_hand_and_with_more_clusters_than_classes():
    assert agreement([0, 0, 1, 1], [1, 1, 0, 0]) == {"accuracy": 1.0, "purity": 1.0, "nmi": 1.0}
    result = agreement([0, 1, 2, 3], [5, 5, 9, 9])
    assert result["accuracy"] == 0.5 and result["purity"] == 1.0 and result["nmi"] == pytest.approx(2 / 3)
    assert agreement([0, 0, 0], [3, 3, 3]) == {"accuracy": 1.0, "purity": 1.0, "nmi": 1.0}
    assert agreement([0, 0, 1, 1], [0, 1, 0, 1]) == {"accuracy": 0.5, "purity": 0.5, "nmi": 0.0}


def test_agreement_on_random_ids_equals_scikit_learn():
    draw = np.random.default_rng(0)
    clusters, classes = draw.integers(7, size=300), draw.integers(3, size=300)
    assert agreement(clusters, classes)["nmi"] == pytest.approx(normalized_mutual_info_score(classes, clusters))


def test_clusters_are_seeded_and_never_empty():
    rows = np.repeat(np.arange(4.0)[:, None], 3, axis=0)
    clusters, centres, spread = k_means(rows, 4)
    assert sorted(centres[:, 0]) == [0, 1, 2, 3] and spread == 0
    np.testing.assert_array_equal(clusters, k_means(rows, 4)[0])
    assert k_means(np.ones((5, 2)), 3)[2] == 0
    with pytest.raises(ValueError, match="from 1 to 12 clusters, the number of rows; received 13"):
        k_means(rows, 13)


def test_errors(monkeypatch):
    with pytest.raises(ValueError, match="at least 1; received 0, 10"):
        ClusteringAccuracy(clusters=0)
    metric = ClusteringAccuracy(clusters=4)
    metric.update_state(np.zeros((3, 2)), [0, 1, 2])
    with pytest.raises(ValueError, match="at least 4 clustered rows; received 3"):
        metric.result()
    monkeypatch.setitem(sys.modules, "scipy.optimize", None)
    with pytest.raises(ImportError, match=r'pip install "mmgen_tf\[data\]"'):
        agreement([0], [0])


def test_config_round_trip():
    metric = ClusteringAccuracy(clusters=20, restarts=2, seed=3)
    again = keras.saving.deserialize_keras_object(keras.saving.serialize_keras_object(metric))
    assert isinstance(again, ClusteringAccuracy) and again.get_config() == metric.get_config()
