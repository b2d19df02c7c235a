"""Words that GloVe lacks: each needs a vector of its own, or two styles of emoji would be one."""

import numpy as np

from mmgen_tf.data import glove
from mmgen_tf.modalities.text.text_encoder import TextEncoder
from mmgen_tf.modalities.text.text_processor import TextProcessor
from mmgen_tf.training.emoji_recipe import with_glove


def test_words_without_a_vector_are_told_apart(monkeypatch):
    processor = TextProcessor(vocabulary=["apple", "openmoji", "twemoji", "style"], sequence_length=4)
    known = np.array([False, False, True, False, False, True])
    given = np.where(known[:, None], np.random.default_rng(1).normal(0.0, 0.5, (6, 50)), 0.0).astype("float32")
    monkeypatch.setattr(glove, "word_vectors", lambda words: (given.copy(), known))
    vectors, again = (np.asarray(with_glove(TextEncoder, processor).embedding.embeddings) for _ in range(2))
    np.testing.assert_array_equal(vectors[known], given[known])
    np.testing.assert_array_equal(vectors[:2], 0.0)  # padding, and words that are not in the vocabulary
    assert np.linalg.norm(vectors[3] - vectors[4]) > 1.0
    assert 0.3 < vectors[3:5].std() < 0.7  # as wide as GloVe's
    np.testing.assert_array_equal(vectors, again)
