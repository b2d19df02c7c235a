"""Two modalities in one space: each finds the other."""

import math

import numpy as np
import tensorflow as tf
from keras import ops

from mmgen_tf.losses.contrastive import info_nce
from mmgen_tf.models.generative_model import GenerativeModel
from mmgen_tf.models.replicated_model import all_rows
from mmgen_tf.registry import register

LARGEST_SCALE = 100.0


@register
class DualEncoder(GenerativeModel):
    """Two towers, each from its modality to a unit vector, trained so that a row's two vectors lie nearer to each other
    than to any other row of the global batch: symmetric InfoNCE with a learnt temperature (CLIP, Radford et al. 2021).

        loss = - 1/2 log softmax_j(s <a_i, b_j>)_i - 1/2 log softmax_j(s <b_i, a_j>)_i

    s is at most 100, as in the paper. The model makes nothing: it finds. `index` keeps the vectors of a collection,
    `search` gives the nearest of them.

    Args:
        processors: dict of two modalities.
        encoders: dict of name -> `UnitEncoder`, all of one `output_dim`.
        augmentation: dict of name -> layer `(values, noise)` -> values, on the data while training.
        temperature: 1 / s before training.
        seed: of initial noise streams and shuffling.

    Example:
        >>> model = mmgen_tf.zoo.load("dual_encoder_emoji")
        >>> model.index({"image": pictures})
        >>> places, similarities = model.search({"text": "a red fruit"}, k=5)

    Reference: Radford, Kim, Hallacy et al., Learning Transferable Visual Models from Natural Language Supervision, ICML
    2021. van den Oord, Li & Vinyals, Representation Learning with Contrastive Predictive Coding, 2018.
    """

    loss_names = ("loss", "accuracy")

    def __init__(self, processors, encoders, augmentation=None, temperature=0.07, seed=0, **kwargs):
        if len(processors) != 2 or sorted(encoders) != sorted(processors):
            raise ValueError(
                f"DualEncoder takes two modalities, each with an encoder; received {sorted(processors)} and encoders "
                f"of {sorted(encoders)}."
            )
        super().__init__(processors, outputs=[], complete=list(processors), seed=seed, **kwargs)
        self.encoders = dict(sorted(encoders.items()))
        self.augmentation, self.temperature = dict(sorted((augmentation or {}).items())), temperature
        unknown = sorted(set(self.augmentation) - set(self.processors))
        if unknown or temperature <= 0:
            raise ValueError(
                f"Expected augmentation of {list(self.processors)} and a temperature above 0; received {unknown}, "
                f"{temperature}."
            )
        self.indexed = None

    def build(self, input_shape=None):
        for encoder in self.encoders.values():
            encoder.build()
        self.log_scale = self.add_weight(
            shape=(), initializer=lambda shape, dtype: ops.full(shape, -math.log(self.temperature), dtype),
            name="log_scale",
        )  # fmt: skip
        self.built = True

    def directions(self):
        """None: nothing is made."""
        return []

    def compute_losses(self, batch, noise, training=False):
        values = {name: batch[name] for name in self.processors}
        if training:
            values |= {name: layer(values[name], noise=noise) for name, layer in self.augmentation.items()}
        one, other = (self.encoders[name](values[name], training=training) for name in self.processors)
        scale, place = ops.minimum(ops.exp(self.log_scale), LARGEST_SCALE), batch["row"][:, 0]
        loss, right = 0.0, 0.0
        for here, there in ((one, other), (other, one)):
            scores = scale * ops.matmul(here, ops.transpose(all_rows(there)))
            loss += 0.5 * info_nce(scores, place)
            right += 0.5 * ops.cast(ops.cast(ops.argmax(scores, axis=-1), "int32") == place, "float32")
        return {"loss": loss, "accuracy": right}

    # Finding -----------------------------------------------------------------------------------------------------

    def embed(self, inputs, batch_size=256):
        """Unit vectors, float32 `(n, output_dim)`, of human values of one modality: `{"text": ["a cat", "a dog"]}`."""
        name, values, _ = self._one(inputs)
        if not self.built:
            self.build()
        processor = self.processors[name]
        if name not in self._graphs:
            spec = processor.raw_spec
            signature = [tf.TensorSpec((None, *spec.shape), spec.dtype)]
            self._graphs[name] = tf.function(
                lambda raw: self.encoders[name](processor.preprocess(raw)), input_signature=signature, autograph=False
            )
        raw = processor.stack(values)
        parts = [self._graphs[name](tf.constant(raw[i : i + batch_size])) for i in range(0, len(raw), batch_size)]
        return np.concatenate([part.numpy() for part in parts])

    def index(self, inputs, batch_size=256):
        """Keeps the vectors of a collection of one modality, for `search`."""
        self.indexed = self.embed(inputs, batch_size)

    def search(self, inputs, k=10):
        """The indexed items nearest to each query, of either modality.

        Args:
            inputs: dict of one modality's name -> one human value or a list of them.
            k: how many; all of a smaller collection.

        Returns:
            `(places, similarities)`: int64 and float32 `(k,)`, or `(queries, k)` for a list; places count through what
            was indexed, the most similar first, by cosine.

        Raises:
            ValueError: before `index`, or for k < 1.
        """
        if self.indexed is None:
            raise ValueError("search expected a collection, given to index() before; received none.")
        if k < 1:
            raise ValueError(f"k must be at least 1; received {k}.")
        _, _, single = self._one(inputs)
        similarities = self.embed(inputs) @ self.indexed.T
        places = np.argsort(-similarities, axis=1, kind="stable")[:, :k]
        found = places, np.take_along_axis(similarities, places, axis=1)
        return tuple(values[0] for values in found) if single else found

    def _one(self, inputs):
        """The one modality asked about: its name, a list of its values, and whether one value was given."""
        if len(inputs) != 1 or next(iter(inputs)) not in self.processors:
            raise ValueError(f"Expected one modality of {list(self.processors)}; received {sorted(inputs)}.")
        ((name, values),) = inputs.items()
        single = self.processors[name].is_single(values)
        return name, [values] if single else list(values), single

    def get_config(self):
        names = ("processors", "encoders", "augmentation", "temperature", "seed")
        return {name: getattr(self, name) for name in names}
