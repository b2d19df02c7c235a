"""Losses that tell pairs from non-pairs among the rows of a batch. Per row, in nats."""

from keras import ops


def info_nce(scores, positive):
    """`-log softmax(scores)[positive]`, `(rows,)` (van den Oord et al. 2018, eq. 4).

    Args:
        scores: float `(rows, candidates)`.
        positive: int `(rows,)`, which candidate belongs to the row.
    """
    log_shares = ops.log_softmax(ops.cast(scores, "float32"), axis=-1)
    return -ops.take_along_axis(log_shares, ops.cast(positive, "int32")[:, None], axis=-1)[:, 0]


def region_word_scores(regions, words, there, sharpness=5.0):
    """How well each picture's regions tell each sentence's words, `(pictures, sentences)` (Xu et al. 2018, eq. 8-10).

    Each word looks at the regions, by a softmax of cosines over regions; the score is a soft maximum over the words of
    the cosine between the word and what it saw.

    Args:
        regions: float `(pictures, regions, width)`.
        words: float `(sentences, words, width)`.
        there: float `(sentences, words, 1)`, 1 for a word, 0 for padding; each sentence has a word.
        sharpness: gamma_1 and gamma_2 of the paper.
    """
    regions, words = (ops.normalize(ops.cast(values, "float32"), axis=-1) for values in (regions, words))
    cosines = ops.einsum("prd,swd->pswr", regions, words)
    weights = ops.softmax(sharpness * cosines, axis=-1)
    seen = ops.normalize(ops.einsum("pswr,prd->pswd", weights, regions), axis=-1)
    told = ops.einsum("pswd,swd->psw", seen, words)
    absent = (1.0 - ops.cast(there[..., 0], "float32")) * -1e9
    return ops.logsumexp(sharpness * told + absent, axis=-1) / sharpness
