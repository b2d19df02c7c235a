"""Keras metrics of generated modalities. They receive features, classes or likelihoods, and never import a model.

`Coherence`, `JointCoherence`, `StrictCaptionAccuracy`, `StrictMatch`, `StructuralSimilarity`, `RetrievalRecall`,
`InceptionScore` and `LogLikelihood` keep their state in Keras variables and run in graph mode; `LPIPS` looks through a
network; `FrechetDistance`, `KernelDistance`, `PRDC`, `LinearProbe` and `ClusteringAccuracy` collect features, and
`Bleu`, `RougeL`, `Cider` and `Meteor` sentences, in Python, for evaluation loops.
"""

from mmgen_tf.metrics.bleu import Bleu
from mmgen_tf.metrics.cider import Cider
from mmgen_tf.metrics.clustering_accuracy import ClusteringAccuracy
from mmgen_tf.metrics.coherence import Coherence
from mmgen_tf.metrics.frechet_distance import FrechetDistance
from mmgen_tf.metrics.inception_features import inception_features
from mmgen_tf.metrics.inception_score import InceptionScore
from mmgen_tf.metrics.joint_coherence import JointCoherence
from mmgen_tf.metrics.kernel_distance import KernelDistance
from mmgen_tf.metrics.linear_probe import LinearProbe
from mmgen_tf.metrics.log_likelihood import LogLikelihood, importance_weighted
from mmgen_tf.metrics.lpips import LPIPS
from mmgen_tf.metrics.meteor import Meteor
from mmgen_tf.metrics.prdc import PRDC
from mmgen_tf.metrics.retrieval_recall import RetrievalRecall
from mmgen_tf.metrics.rouge_l import RougeL
from mmgen_tf.metrics.strict_caption_accuracy import StrictCaptionAccuracy
from mmgen_tf.metrics.strict_match import StrictMatch
from mmgen_tf.metrics.structural_similarity import StructuralSimilarity

__all__ = [
    "LPIPS",
    "PRDC",
    "Bleu",
    "Cider",
    "ClusteringAccuracy",
    "Coherence",
    "FrechetDistance",
    "InceptionScore",
    "JointCoherence",
    "KernelDistance",
    "LinearProbe",
    "LogLikelihood",
    "Meteor",
    "RetrievalRecall",
    "RougeL",
    "StrictCaptionAccuracy",
    "StrictMatch",
    "StructuralSimilarity",
    "importance_weighted",
    "inception_features",
]
