"""BLEU, ROUGE-L, CIDEr and METEOR on cases whose values are known."""

import math
import shutil

import pytest

from mmgen_tf.metrics import Bleu, Cider, Meteor, RougeL
from mmgen_tf.metrics.text_metric import caption_words

pytest.importorskip("sacrebleu")
pytest.importorskip("pycocoevalcap")

CAT = "the cat sat on the mat"


def scored(metric, references, predictions):
    metric.update_state(references, predictions)
    return metric.result()


def test_words_of_captions():
    assert caption_words("A man's best friend, his DOG - runs!") == "a man's best friend his dog runs"
    assert caption_words("zwei Männer_gehen") == "zwei männer gehen"


@pytest.mark.parametrize("make", [Bleu, Cider, Meteor, RougeL])
def test_the_same_sentence_has_the_highest_score_and_another_none(make):
    references = [[CAT, "a cat is on a mat"], ["a dog runs over green grass"], ["two men play music outside"]]
    metric = make()
    assert metric.result() == 0.0
    best = scored(metric, references, [several[0] for several in references])
    assert best == pytest.approx({"bleu": 100, "rouge_l": 1.0}.get(metric.name, best))
    metric.reset_state()
    assert scored(metric, references, ["x y z w v"] * 3) == pytest.approx(0.0, abs=0.01)
    metric.reset_state()
    assert 0 < scored(metric, references, ["the cat lay on the mat", "a dog runs", "two men play"]) < best
    again = make.from_config(metric.get_config())
    assert again.name == metric.name and again.result() == 0.0


def test_bleu_by_hand():
    # matches of 1..4 words: 5 of 6, 3 of 5, 2 of 4, 1 of 3; as long as the reference
    expected = 100 * math.exp(sum(map(math.log, (5 / 6, 3 / 5, 2 / 4, 1 / 3))) / 4)
    metric = Bleu()
    assert scored(metric, [CAT], ["the cat sat on a mat"]) == pytest.approx(expected)
    assert "tok:13a" in metric.signature and "case:mixed" in metric.signature
    shorter = Bleu()  # three words against four: brevity penalty exp(1 - 4 / 3); runs of 4 there are none
    assert scored(shorter, ["a b c d", CAT], ["a b c d", CAT]) == pytest.approx(100)


def test_bleu_forms():
    said, reference = ["The Cat sat on the mat ."], ["the cat sat on the mat."]
    assert scored(Bleu(), reference, said) < 70
    assert scored(Bleu("lowercase"), reference, said) == pytest.approx(100)
    assert scored(Bleu("caption"), reference, ["the cat, sat on the mat!"]) == pytest.approx(100)
    assert scored(Bleu("caption"), [["other words here", CAT], [CAT]], [CAT, CAT]) == pytest.approx(100)


def test_rouge_by_hand():
    # longest common run with gaps: the cat on the mat, 5 of 6 in both: precision = recall = F
    assert scored(RougeL(), [CAT], ["the cat lay on the mat"]) == pytest.approx(5 / 6)
    # 3 of 3 and 3 of 6: (1 + b^2) p r / (r + b^2 p) with b = 1.2
    assert scored(RougeL(), [CAT], ["the cat mat"]) == pytest.approx(2.44 * 0.5 / (0.5 + 1.44))


def test_cider_counts_rare_words_more():
    references = [["a dog runs"], ["a cat sleeps"], ["a bird flies"]]
    rare = scored(Cider(), references, ["dog", "cat", "bird"])
    common = scored(Cider(), references, ["a", "a", "a"])
    assert rare > common == pytest.approx(0.0)  # "a" stands in every reference: its weight is log 1


def test_meteor_by_stems_by_hand():
    # all six words match in one chunk: F = 1, penalty 0.5 (1 / 6)^3
    assert scored(Meteor("stems"), [CAT], [CAT]) == pytest.approx(1 - 0.5 * (1 / 6) ** 3)
    assert scored(Meteor("stems"), ["dogs"], ["dog"]) == pytest.approx(0.5)  # one chunk of one match


@pytest.mark.skipif(shutil.which("java") is None, reason="METEOR 1.5 needs Java")
def test_meteor_by_java():
    assert scored(Meteor("java"), [CAT], [CAT]) == pytest.approx(1.0)
    assert 0.2 < scored(Meteor("java"), [CAT], ["the cat lay on the mat"]) < 0.9


def test_what_does_not_fit_is_refused():
    with pytest.raises(ValueError, match="for each of 1 sentences; received 2, 0 of them empty"):
        Bleu().update_state(["a", "b"], ["a"])
    with pytest.raises(ValueError, match="received 1, 1 of them empty"):
        Bleu().update_state([[]], ["a"])
    with pytest.raises(ValueError, match="form must be one of .*; received '14b'"):
        Bleu("14b")
    with pytest.raises(ValueError, match="form must be one of .*; received 'none'"):
        Meteor("none")
