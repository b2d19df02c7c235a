"""How a dual encoder is scored on any collection: where each picture's own text stands, and each text's picture."""

import numpy as np

from mmgen_tf.metrics import RetrievalRecall


def retrieval_figures(model, columns, ks, suffix, what):
    """Recall at each of `ks` in either direction, and the median rank.

    Args:
        model: a `DualEncoder` of image and text.
        columns: dict of pictures and texts, row by row.
        ks: of how many nearest ones.
        suffix: behind the metrics' names.
        what: what is searched, for the protocol.

    Returns:
        list of `(metric, value, protocol)`.
    """
    pictures, texts = model.embed({"image": columns["image"]}), model.embed({"text": list(columns["text"])})
    right, figures, ranks = np.arange(len(texts)), [], []
    for name, queries, candidates in (("text_to_image", texts, pictures), ("image_to_text", pictures, texts)):
        similarities = queries @ candidates.T
        for k in ks:
            metric = RetrievalRecall(k)
            metric.update_state(similarities, right)
            how = f"the right one of {len(right)} {what} is among the {k} nearest"
            figures.append((f"{name}_recall_{k}{suffix}", metric.result(), how))
        ranks.append((similarities >= np.diag(similarities)[:, None]).sum(axis=1))
    how = f"of the right one among {len(right)} {what}, both directions together"
    return [*figures, (f"median_rank{suffix}", float(np.median(np.concatenate(ranks))), how)]
