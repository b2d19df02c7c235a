"""CIDEr: agreement with a consensus of captions, in runs of words weighted by how telling they are."""

import keras

from mmgen_tf.metrics.rouge_l import numbered
from mmgen_tf.metrics.text_metric import EXTRA, TextMetric


@keras.saving.register_keras_serializable("mmgen_tf")
class Cider(TextMetric):
    """CIDEr-D (Vedantam et al. 2015) by pycocoevalcap, times 100 as papers print it; higher is better. Runs of words
    are weighted by their rarity among the references of all the sentences that were added.

    Args:
        name: the metric's name.

    Raises:
        ImportError: without pycocoevalcap.

    Reference: Vedantam, Zitnick & Parikh, CIDEr: Consensus-based Image Description Evaluation, CVPR 2015.
    """

    def __init__(self, name="cider"):
        super().__init__(name)
        try:
            from pycocoevalcap.cider.cider import Cider as Counter
        except ImportError:
            raise ImportError(f"CIDEr needs pycocoevalcap: {EXTRA}") from None
        self.counter = Counter()

    def score(self, predictions, references):
        return 100.0 * self.counter.compute_score(*numbered(references, predictions))[0]
