"""Several modalities -> a class, by any fusion block."""

import keras
from keras import ops

from mmgen_tf.models.generative_model import GenerativeModel
from mmgen_tf.models.modality_tokens import hidden_at_random, modality_tokens
from mmgen_tf.registry import register


@register
class FusionClassifier(GenerativeModel):
    """p(class | any modalities): an encoder for each, a fusion block, a softmax; trained with cross-entropy.

    It puts fusion algorithms side by side: the block is a constructor argument, and all else stays.

    Args:
        processors: dict of modality name -> `Processor`.
        encoders: dict of the inputs' names -> encoder, see `modality_tokens`.
        fusion: a `FusionBlock` of the encoders' tokens.
        output: name of the modality that is told, a label.
        modality_dropout: probability with which an input that is there is hidden while training; one at least stays.
        seed: of initial noise streams and shuffling.

    Example:
        >>> model = mmgen_tf.zoo.load("fusion_gated_vqa")
        >>> model.generate({"image": picture, "text": "what color is the shape?"}, to="answer")
        'blue'
    """

    loss_names = ("loss", "accuracy")

    def __init__(self, processors, encoders, fusion, output="label", modality_dropout=0.0, seed=0, **kwargs):
        inputs = sorted(set(processors) - {output})
        told = processors[output].modality.kind if output in processors else "nothing"
        if told != "label" or sorted(encoders) != inputs or not inputs:
            raise ValueError(
                f"FusionClassifier tells a label, {output!r}, and has an encoder for each other modality; received "
                f"{told} there, processors {sorted(processors)} and encoders {sorted(encoders)}."
            )
        if not 0 <= modality_dropout < 1:
            raise ValueError(f"modality_dropout must lie in [0, 1); received {modality_dropout}.")
        super().__init__(processors, inputs=inputs, outputs=[output], complete=[output], seed=seed, **kwargs)
        self.encoders, self.fusion = dict(sorted(encoders.items())), fusion
        self.output_name, self.modality_dropout = output, modality_dropout
        self.head = keras.layers.Dense(len(processors[output].modality.vocabulary), dtype="float32", name="head")

    def build(self, input_shape=None):
        for part in (*self.encoders.values(), self.fusion):
            if not part.built:
                part.build()
        self.head.build((None, self.fusion.output_dim))
        self.built = True

    def directions(self):
        """Everything given."""
        return [(self.input_names, self.output_names)]

    def logits(self, batch, present, training=False):
        """Class logits `(batch, classes)`."""
        tokens, there = modality_tokens(self.encoders, batch, present, training)
        return self.head(self.fusion(tokens, there, training=training))

    def compute_losses(self, batch, noise, training=False):
        present = {name: batch["present"][name] for name in self.encoders}
        if training and self.modality_dropout:
            present = hidden_at_random(present, self.modality_dropout, noise)
        logits, labels = self.logits(batch, present, training), batch[self.output_name]
        loss = keras.losses.sparse_categorical_crossentropy(labels, logits, from_logits=True)
        right = ops.cast(ops.equal(ops.argmax(logits, axis=-1), ops.cast(labels, "int64")), "float32")
        return {"loss": loss, "accuracy": right}

    def sample(self, given, present, to, noise):
        """The most probable class."""
        return {self.output_name: ops.cast(ops.argmax(self.logits(given, present), axis=-1), "int32")}

    def get_config(self):
        names = ("processors", "encoders", "fusion", "modality_dropout", "seed")
        return {name: getattr(self, name) for name in names} | {"output": self.output_name}
