"""Contrastive losses against the papers' formulas in numpy."""

import numpy as np

from mmgen_tf.losses.contrastive import info_nce, region_word_scores


def test_info_nce_by_hand():
    scores = np.random.default_rng(0).normal(size=(3, 5)).astype("float32")
    shares = np.exp(scores) / np.exp(scores).sum(1, keepdims=True)
    expected = -np.log(shares[np.arange(3), [4, 0, 2]])
    np.testing.assert_allclose(info_nce(scores, np.array([4, 0, 2])), expected, rtol=1e-5)


def test_region_word_scores_by_hand():
    random, gamma = np.random.default_rng(1), 5.0
    regions, words = random.normal(size=(2, 4, 6)), random.normal(size=(3, 5, 6))
    there = np.array([[1, 1, 1, 1, 1], [1, 1, 0, 0, 0], [1, 0, 0, 0, 0]], "float32")[..., None]

    def unit(values):
        return values / np.linalg.norm(values, axis=-1, keepdims=True)

    for picture in range(2):
        for sentence in range(3):
            told = []
            for number in range(int(there[sentence].sum())):
                word = unit(words[sentence, number])
                attention = np.exp(gamma * unit(regions[picture]) @ word)
                attention /= attention.sum()
                told.append(np.exp(gamma * unit(attention @ unit(regions[picture])) @ word))
            expected = np.log(np.sum(told)) / gamma
            scores = region_word_scores(regions, words, there, gamma)
            np.testing.assert_allclose(scores[picture, sentence], expected, rtol=1e-4)
