"""Joint coherence: do all modalities of one jointly generated row show the same class?"""

import keras
from keras import ops

from mmgen_tf.metrics.class_ids import class_ids
from mmgen_tf.metrics.row_mean import RowMean


@keras.saving.register_keras_serializable("mmgen_tf")
class JointCoherence(RowMean):
    """Share of jointly generated rows on which all modalities agree about the class; in [0, 1], higher is better.

    Runs in graph mode. A model that always makes one class scores 1: read it beside a diversity metric.

    Args:
        name: the metric's name.
        dtype: of the accumulators and of the result, `"float64"` if None.

    Example::

        joint = JointCoherence()
        joint.update_state({"image": image_logits, "text": word_ids})

    Reference:
        Shi et al. 2019, "Variational Mixture-of-Experts Autoencoders for Multi-Modal Deep Generative Models"
        (joint coherence).
    """

    def __init__(self, name="joint_coherence", dtype=None):
        super().__init__(name=name, dtype=dtype)

    def update_state(self, predicted, sample_weight=None):
        """Adds a batch.

        Args:
            predicted: dict keyed by modality, or list, of the classes each modality shows: integer ids (n,), where a
                negative id means "not recognised" and agrees with nothing, or float logits (n, classes).
            sample_weight: weights (n,), or None.

        Raises:
            ValueError: for fewer than two modalities, other shapes or dtypes, or different numbers of rows.
        """
        if not isinstance(predicted, dict):
            predicted = {f"modality_{index}": classes for index, classes in enumerate(predicted)}
        if len(predicted) < 2:
            raise ValueError(f"JointCoherence expected at least two modalities; received {sorted(predicted)}.")
        predicted = {name: class_ids(classes, name) for name, classes in predicted.items()}
        self.check_equal_shapes(**{name: ids.shape for name, ids in predicted.items()})
        ids = ops.stack(list(predicted.values()), axis=-1)
        self.add_rows(ops.all(ops.logical_and(ids == ids[:, :1], ids >= 0), axis=-1), sample_weight)
