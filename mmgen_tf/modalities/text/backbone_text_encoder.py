"""Token ids -> vectors, by a pretrained language model of KerasHub."""

import keras
from keras import ops

from mmgen_tf.modalities.hub_parts import backbone_config, load_backbone, make_backbone
from mmgen_tf.registry import register


@register
class BackboneTextEncoder(keras.layers.Layer):
    """Any text backbone of KerasHub (BERT, RoBERTa, GPT-2, ...), and a linear layer that brings its vectors to
    a length.

    The tokens are those of a `TokenizerProcessor` with the backbone's own tokenizer.

    Args:
        backbone: a KerasHub `Backbone` of text, or its config.
        output_dim: length of the vectors.
        fine_tune: whether the backbone learns too; else it stays as it is, without dropout.
        pad_id: the id that pads.

    Input: int `(batch, tokens)`. Output: float `(batch, output_dim)`. `words` gives a vector for each token.

    Example:
        >>> encoder = BackboneTextEncoder.from_preset("bert_tiny_en_uncased", output_dim=128)
    """

    def __init__(self, backbone, output_dim=128, fine_tune=False, pad_id=0, **kwargs):
        super().__init__(**kwargs)
        self.backbone = make_backbone(backbone)
        taken = self.backbone.input if isinstance(self.backbone.input, dict) else {}
        if not {"token_ids", "padding_mask"} <= set(taken):
            raise ValueError(
                f"BackboneTextEncoder expected a backbone of token_ids and padding_mask; received a "
                f"{type(self.backbone).__name__} of {sorted(taken) or 'one input'}."
            )
        self.output_dim, self.fine_tune, self.pad_id = output_dim, fine_tune, pad_id
        self.backbone.trainable = fine_tune
        for layer in self.backbone.layers:
            layer.trainable = layer.trainable and layer.name != "pooled_dense"  # which nothing here reads
        self.dense = keras.layers.Dense(output_dim, name="dense")

    @classmethod
    def from_preset(cls, name_or_directory, **options):
        """With a backbone by KerasHub preset name or local directory; `options` are of the constructor."""
        return cls(load_backbone(name_or_directory), **options)

    def build(self, *shapes):
        self.dense.build((None, self._sequence(self.backbone.output).shape[-1]))
        self.built = True

    def words(self, tokens):
        """A vector for each token in its sentence, `(batch, tokens, output_dim)`, and float `(batch, tokens, 1)`: 1 for
        a token, 0 for padding."""
        seen, there = self._seen(tokens)
        return self.dense(seen), there

    def call(self, tokens):
        seen, there = self._seen(tokens)
        return self.dense(ops.sum(seen * there, axis=1) / ops.maximum(ops.sum(there, axis=1), 1.0))

    def _seen(self, tokens):
        here = ops.cast(tokens != self.pad_id, "int32")
        inputs = {"token_ids": ops.cast(tokens, "int32"), "padding_mask": here, "segment_ids": ops.zeros_like(here)}
        inputs = {name: inputs[name] for name in self.backbone.input}
        seen = self._sequence(self.backbone(inputs, training=None if self.fine_tune else False))
        return seen, ops.cast(here[..., None], seen.dtype)

    @staticmethod
    def _sequence(output):
        return output["sequence_output"] if isinstance(output, dict) else output

    def get_config(self):
        names = ("output_dim", "fine_tune", "pad_id")
        return {"backbone": backbone_config(self.backbone)} | {name: getattr(self, name) for name in names}
