"""The tokens of a batch: what each modality's encoder gives, word by word, region by region, or as one vector."""

import tensorflow as tf
from keras import ops

from mmgen_tf.modality import blank_missing


def modality_tokens(encoders, batch, present, training=False):
    """Vectors for the parts of every modality, as a fusion block takes them.

    Args:
        encoders: dict of name -> encoder. One with `words(values)`, such as `TokenEmbedding`, has a vector for each
            word; one with `regions(values, training)`, such as `RegionEncoder`, for each region or frame; any other
            has one for the whole.
        batch: dict with the modalities' tensors.
        present: dict of name -> bool `(batch,)`, for each encoder.
        training: whether the encoders behave so.

    Returns:
        `(tokens, there)`: dicts of name -> float `(batch, n, width)`, and float32 `(batch, n, 1)`, 1 for a token that
        is there and 0 for padding and where the modality is missing.
    """
    tokens, there = {}, {}
    values = blank_missing(batch, {name: present[name] for name in encoders})
    for name, encoder in encoders.items():
        if hasattr(encoder, "words"):
            tokens[name], here = encoder.words(values[name])
        else:
            seen = encoder.regions if hasattr(encoder, "regions") else encoder
            tokens[name] = seen(values[name], training=training)
            tokens[name] = tokens[name] if len(tokens[name].shape) == 3 else tokens[name][:, None]
            here = ops.ones_like(tokens[name][..., :1])
        there[name] = ops.cast(here, "float32") * ops.cast(present[name], "float32")[:, None, None]
    return tokens, there


def hidden_at_random(present, share, noise, required=()):
    """`present` without some of what is there: modality dropout (Neverova et al. 2016).

    Args:
        present: dict of name -> bool `(batch,)`.
        share: probability with which a modality is hidden; a row that would keep nothing keeps all.
        noise: `Noise`.
        required: names that are never hidden.
    """
    here = tf.stack(list(present.values()), axis=1)
    kept = here & (noise.uniform((tf.shape(here)[0], len(present))) >= share)
    kept |= here & tf.constant([name in required for name in present])
    kept = tf.where(tf.reduce_any(kept, axis=1, keepdims=True), kept, here)
    return dict(zip(present, tf.unstack(kept, axis=1)))
