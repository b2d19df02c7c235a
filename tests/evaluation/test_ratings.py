"""People's choices: pairs, what is kept, shares and agreement by hand, the page."""

import json
import threading
import urllib.request

import numpy as np
import pytest
import tensorflow as tf

from mmgen_tf.cli.rate import make_server, told
from mmgen_tf.evaluation import ratings
from mmgen_tf.evaluation.ratings import Pair, cohen_kappa, summarize


@pytest.fixture
def folder(tmp_path):
    for system in ("a", "b"):
        (tmp_path / system).mkdir()
        for number in range(4):
            picture = np.full((4, 4, 1), 10 * number, "uint8")
            (tmp_path / system / f"{number}.png").write_bytes(tf.io.encode_png(picture).numpy())
    (tmp_path / "b" / "only_here.png").write_bytes(b"")
    (tmp_path / "prompts.json").write_text(json.dumps({"2": "a <red> apple"}), encoding="utf-8")
    return tmp_path


def choose(rater, item, choice):
    return {"rater": rater, "item": item, "left": "b", "right": "a", "choice": choice}


def test_every_item_that_both_have_is_shown_once(folder):
    pairs = ratings.read_pairs(folder, "me", seed=1)
    assert sorted(pair.item for pair in pairs) == [f"{number}.png" for number in range(4)]
    assert {frozenset((pair.left, pair.right)) for pair in pairs} == {frozenset("ab")}
    assert pairs == ratings.read_pairs(folder, "me", seed=1)
    orders = {tuple(ratings.read_pairs(folder, rater, seed)) for rater in "xyz" for seed in range(4)}
    assert len(orders) > 6 and {pair.left for order in orders for pair in order} == {"a", "b"}
    with pytest.raises(ValueError, match="Expected at least two folders of files with the same names.*received none"):
        ratings.read_pairs(folder / "a")


def test_shares_and_agreement_by_hand():
    said = [choose("x", "1", "a"), choose("x", "2", "a"), choose("x", "3", "b"), choose("x", "4", "tie")]
    said += [
        choose("y", "1", "a"),
        choose("y", "2", "b"),
        choose("y", "3", "b"),
        choose("x", "4", "a"),
    ]  # the last counts
    (line,) = summarize(said)
    assert line["systems"] == ["a", "b"] and line["wins"] == [4, 3] and line["ties"] == 0
    assert line["share"] == pytest.approx(4 / 7) and line["agreement"] == pytest.approx(2 / 3)
    # chance: x says a 2/3, b 1/3; y says a 1/3, b 2/3 of the shared items
    assert line["kappa"] == pytest.approx((2 / 3 - 4 / 9) / (1 - 4 / 9))
    centre, z = 4 / 7, 1.959964
    middle = (centre + z**2 / 14) / (1 + z**2 / 7)
    spread = z * np.sqrt(centre * (1 - centre) / 7 + z**2 / (4 * 49)) / (1 + z**2 / 7)
    assert (line["low"], line["high"]) == pytest.approx((middle - spread, middle + spread), abs=1e-5)
    assert told(line) == "a 4 : 3 b, 0 ties; a is chosen 57% (95% interval 25% to 84%); raters agree on 67%, kappa 0.40"
    (alone,) = summarize([choose("x", "1", "tie")])
    assert alone["share"] is None and alone["kappa"] is None and told(alone) == "a 0 : 0 b, 1 ties"
    assert cohen_kappa([("a", "a")]) == 1.0 and summarize([]) == []


def test_choices_on_the_page_are_kept(folder):
    ratings.add_rating(folder, "me", Pair("0.png", "a", "b"), "a")
    server = make_server(folder, "me")
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{server.server_port}"

    def ask(path="/", data=None):
        with urllib.request.urlopen(address + path, data, timeout=10) as answer:
            return answer.read()

    try:
        seen = [ask().decode()]
        assert ask("/left/0")[:4] == b"\x89PNG" and "0 of 3" in seen[0]
        for number, side in enumerate(("left", "tie", "right")):
            seen.append(ask(data=f"number={number}&side={side}".encode()).decode())
        ask(data=b"number=0&side=left")  # sent twice
        with pytest.raises(urllib.error.HTTPError, match="404"):
            ask("/left/9")
    finally:
        server.shutdown()
        server.server_close()
    assert "Thank you" in seen[-1] and any("a &lt;red&gt; apple" in page for page in seen)
    kept = ratings.read_ratings(folder)
    assert len(kept) == 4 and {each["item"] for each in kept} == {f"{number}.png" for number in range(4)}
    assert [each["choice"] for each in kept[1:]] == [kept[1]["left"], "tie", kept[3]["right"]]


def test_what_is_no_rating_is_refused(folder):
    with pytest.raises(ValueError, match="A choice must be 'a', 'b' or 'tie'; received 'c'"):
        ratings.add_rating(folder, "me", Pair("0.png", "a", "b"), "c")
    (folder / "ratings.jsonl").write_text('{"rater": "me"}\n', encoding="utf-8")
    with pytest.raises(ValueError, match=r"ratings.jsonl, line 1: expected a rating; received '\{"):
        ratings.read_ratings(folder)
