"""The datasets made from easy-VQA's files, prepared from a few fabricated questions: rows, dialogues, errors."""

import json

import numpy as np
import pytest
import tensorflow as tf

pytest.importorskip("tensorflow_datasets")

from mmgen_tf.data import builders, easy_vqa_files  # noqa: E402
from mmgen_tf.data.builders.shape_dialogue import dialogue_turns  # noqa: E402
from mmgen_tf.data.easy_vqa_files import COLOURS, SHAPES  # noqa: E402
from mmgen_tf.data.package_source import PackageSource, sha256_of_folder  # noqa: E402

STATED = {0: ("circle", "red"), 1: ("triangle", "teal")}


@pytest.fixture(scope="module")
def package(tmp_path_factory):
    """A package of three pictures a split; of the third no question asks for the colour."""
    root, folders = tmp_path_factory.mktemp("vqa"), {}
    for split in easy_vqa_files.SPLITS:
        folder = root / "easy_vqa" / "data" / split
        (folder / "images").mkdir(parents=True)
        rows = []
        for number in range(3):
            picture = np.full((64, 64, 4), 10 * number + (split == "test"), "uint8")
            picture[..., 3] = 255
            (folder / "images" / f"{number}.png").write_bytes(tf.io.encode_png(picture).numpy())
        for number, (shape, colour) in STATED.items():
            rows += [["what shape is it?", shape, number], ["what color is it?", colour, number]]
        rows.append(["is there a circle?", "no", 2])
        (folder / "questions.json").write_text(json.dumps(rows), encoding="utf-8")
        folders[f"easy_vqa/data/{split}"] = sha256_of_folder(folder)
    return root, PackageSource("pip", "tiny-vqa", "0.0", folders=folders)


@pytest.fixture(scope="module")
def load(package, tmp_path_factory):
    """Function of a dataset's name and a split giving its columns."""
    root, pinned = package
    data_dir = tmp_path_factory.mktemp("tfds")

    def columns(name, split):
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("MMGEN_TF_CACHE", str(data_dir / "cache"))
            return builders.load(name, split, data_dir, source=root, package=pinned)

    return columns


def test_questions_come_with_their_pictures(load):
    columns = load("easy_vqa", "test")
    assert columns["text"].tolist()[:2] == ["what shape is it?", "what color is it?"] and len(columns["text"]) == 5
    assert columns["answer"].tolist() == ["circle", "red", "triangle", "teal", "no"]
    assert columns["image"].shape == (5, 64, 64, 3) and columns["image"].dtype == np.uint8
    assert columns["image"][:, 0, 0, 0].tolist() == [1, 1, 11, 11, 21] and columns["picture"].tolist() == [
        0,
        0,
        1,
        1,
        2,
    ]


def test_dialogues_are_about_pictures_of_which_all_is_known(load):
    columns = load("shape_dialogue", "train")
    assert len(columns["text"]) == 2 * 4 * dialogue_turns.TURNS  # pictures, dialogues, turns
    assert set(columns["image"][:, 0, 0, 0]) == {0, 10}
    first = columns["turn"] == 0
    assert set(columns["history"][first]) == {"start"} and not columns["needs_history"][first].any()
    for row in np.flatnonzero(~first):
        said = f"user {columns['text'][row - 1]} bot {columns['answer'][row - 1]}"
        assert columns["history"][row].endswith(said) and columns["history"][row].count("user") == columns["turn"][row]
    again = load("shape_dialogue", "train")
    assert all((again[name] == column).all() for name, column in columns.items())


def test_answers_follow_from_the_picture_and_the_history():
    pictures = {number: STATED[number % 2] for number in range(300)}
    kinds = set()
    for number, turns in dialogue_turns.draw_dialogues(pictures, 1, seed=0):
        shape, colour = pictures[number]
        for place, turn in enumerate(turns):
            before, words = turns[:place], turn.text.rstrip("?").split()
            if "say" in words:
                assert turn.answer == before[-1].answer
            elif turn.answer in ("yes", "no"):
                value = words[-1]
                negated = ("not" in words or "nothing" in words) if not turn.needs_history else before[-1].negated
                assert turn.answer == ("yes" if (value in (shape, colour)) != negated else "no"), turn
                assert turn.topic == ("shape" if value in SHAPES else "color")
            elif "first" in words:
                assert turn.answer == before[0].topic
            elif turn.needs_history:
                assert turn.topic != before[-1].topic and turn.answer == (shape if turn.topic == "shape" else colour)
            else:
                assert turn.answer == (shape if "shape" in words else colour)
            kinds.add((turn.needs_history, turn.negated))
    assert kinds == {(False, None), (False, True), (False, False), (True, None), (True, True), (True, False)}


def test_no_question_alone_tells_what_a_history_would():
    asked = {}
    pictures = {number: (SHAPES[number % 3], COLOURS[number % 8]) for number in range(500)}
    for number, turns in dialogue_turns.draw_dialogues(pictures, 2, seed=1):
        for turn in turns:
            asked.setdefault((pictures[number], turn.text), {}).setdefault(turn.needs_history, set()).add(turn.answer)
    alone = [answers[False] for answers in asked.values() if False in answers]
    assert max(map(len, alone)) == 1  # picture and question are enough
    assert any(len(answers.get(True, ())) > 1 for answers in asked.values())
    assert not any(len(answers) == 2 for answers in asked.values())  # no text is of both sorts


def test_bad_files_are_refused(tmp_path):
    with pytest.raises(ValueError, match=r"among \['train', 'test'\]; received 'dev'"):
        easy_vqa_files.read_questions(tmp_path, "dev")
    folder = tmp_path / "easy_vqa" / "data" / "train"
    folder.mkdir(parents=True)
    (folder / "questions.json").write_text('[["what?", "this"]]', encoding="utf-8")
    with pytest.raises(ValueError, match=r"expected rows \[question, answer, picture\]; received \['what\?', 'this'\]"):
        easy_vqa_files.read_questions(tmp_path, "train")
