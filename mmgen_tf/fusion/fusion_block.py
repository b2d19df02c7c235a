"""What every fusion block does: the tokens of several modalities in, one vector out, whatever is missing."""

import keras
from keras import ops


class FusionBlock(keras.layers.Layer):
    """Base of the blocks that make one vector of several modalities.

    A modality comes as *tokens*: vectors for its words, regions or frames, one at least, and a mask that says which are
    there. A modality that is missing in a row has none; its vectors are not read.

    Input: `tokens`, dict of name -> float `(batch, n, width)`; `there`, dict of name -> float `(batch, n, 1)`, 1 or 0.
    Output: float `(batch, output_dim)`.

    Args:
        widths: dict of modality name -> length of its vectors.
        output_dim: length of the vector.

    Raises:
        ValueError: for no modality.
    """

    def __init__(self, widths, output_dim=128, **kwargs):
        super().__init__(**kwargs)
        if not widths:
            raise ValueError(f"{type(self).__name__} expected the widths of one modality at least; received none.")
        self.widths, self.output_dim = dict(sorted(widths.items())), output_dim

    def dense_each(self, output_dim, name, **options):
        """dict of modality -> `Dense`, for their vectors."""
        return {each: keras.layers.Dense(output_dim, name=f"{name}_{each}", **options) for each in self.widths}

    def build_each(self, layers):
        for name, layer in layers.items():
            layer.build((None, None, self.widths[name]))

    def blanked(self, tokens, there):
        """The tokens with zeros where nothing is there, so that not even a NaN is read."""
        return {name: ops.where(there[name] > 0, tokens[name], 0.0) for name in self.widths}

    def means(self, tokens, there):
        """dict of modality -> mean of the tokens that are there, `(batch, width)`; zeros where none is."""
        return {
            name: ops.sum(values, axis=1) / ops.cast(ops.maximum(ops.sum(there[name], axis=1), 1.0), values.dtype)
            for name, values in self.blanked(tokens, there).items()
        }

    def presence(self, there):
        """float32 `(batch, modalities)`: 1 where a modality has a token."""
        return ops.stack([ops.cast(ops.max(there[name], axis=(1, 2)), "float32") for name in self.widths], axis=1)

    def get_config(self):
        return {"widths": self.widths, "output_dim": self.output_dim}
