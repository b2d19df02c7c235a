"""Do latents fall into clusters by themselves, and are the clusters the classes?"""

import keras
import numpy as np

from mmgen_tf.k_means import k_means
from mmgen_tf.metrics.labelled_features import LabelledFeatures


@keras.saving.register_keras_serializable("mmgen_tf")
class ClusteringAccuracy(LabelledFeatures):
    """How well k-means clusters of latents agree with the classes, which the clustering does not see.

    - accuracy: share of rows in the cluster matched to their class, under the best one-to-one matching of clusters and
      classes (Kuhn 1955, the Hungarian method; Xie et al. 2016, eq. 10), in [0, 1]
    - purity: share of rows of their cluster's commonest class, in [0, 1]; at least the accuracy, 1 with a cluster a row
    - nmi: mutual information of clusters and classes over the mean of their entropies, in [0, 1]

    Higher is better. Features are clustered as they come, with Euclidean distances.

    Args:
        clusters: number of clusters, as many as there are classes if None.
        restarts: runs of k-means; the tightest is taken.
        seed: of the centres.
        name: the metric's name.

    Raises:
        ValueError: for clusters or restarts below 1.
        ImportError: from `result`, without scipy, naming the extra that brings it.

    Reference: Xie et al. 2016, "Unsupervised Deep Embedding for Clustering Analysis".
    """

    def __init__(self, clusters=None, restarts=10, seed=0, name="clustering_accuracy"):
        super().__init__(("clustered",), name=name)
        if min(1 if clusters is None else clusters, restarts) < 1:
            raise ValueError(
                f"ClusteringAccuracy expected clusters and restarts of at least 1; received {clusters}, {restarts}."
            )
        self.clusters, self.restarts, self.seed = clusters, restarts, seed

    def update_state(self, features, classes):
        """Adds a batch: finite numbers (n, width) and integer class ids (n,). Raises as `LabelledFeatures.add`."""
        self.add("clustered", features, classes)

    def result(self):
        """Dict of floats: accuracy, purity, nmi; ValueError with fewer rows than clusters."""
        features, classes = self.collected("clustered", at_least=max(1, self.clusters or 1))
        count = self.clusters or len(np.unique(classes))
        clusters, _, _ = k_means(features, count, self.restarts, seed=self.seed)
        return agreement(clusters, classes)

    def get_config(self):
        """The constructor's arguments."""
        return {"clusters": self.clusters, "restarts": self.restarts, "seed": self.seed, "name": self.name}


def agreement(clusters, classes):
    """Dict of floats, see `ClusteringAccuracy`, of the clusters and the classes of rows, ints (n,) each."""
    try:
        from scipy.optimize import linear_sum_assignment
    except ImportError as error:
        raise ImportError('Matching clusters to classes needs scipy: pip install "mmgen_tf[data]".') from error
    (_, rows), (_, columns) = (np.unique(ids, return_inverse=True) for ids in (clusters, classes))
    table = np.zeros((rows.max() + 1, columns.max() + 1))
    np.add.at(table, (rows, columns), 1.0)
    matched = table[linear_sum_assignment(-table)].sum()
    table /= len(rows)
    return {
        "accuracy": float(matched / len(rows)),
        "purity": float(table.max(axis=1).sum()),
        "nmi": _normalised_mutual_information(table),
    }


def _normalised_mutual_information(joint):
    """In [0, 1], from the joint distribution; 1 where both sides have one group only."""
    one, other = joint.sum(axis=1), joint.sum(axis=0)
    mean_entropy = -0.5 * (np.sum(one * np.log(one)) + np.sum(other * np.log(other)))
    if mean_entropy <= 0.0:
        return 1.0
    there = joint > 0
    information = np.sum(joint[there] * np.log((joint / np.outer(one, other))[there]))
    return float(np.clip(information / mean_entropy, 0.0, 1.0))
