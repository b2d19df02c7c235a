"""The turns of a dialogue about one coloured shape: questions from templates, exact answers, what each one needs."""

import dataclasses

import numpy as np

from mmgen_tf.data.easy_vqa_files import COLOURS, SHAPES

TURNS = 5
START = "start"  # the history of a first turn
ASK = {"shape": ("what shape is there?", "which shape do you see?"), "color": ("what color is it?", "which color?")}
CHECK = ("is it {}?", "do you see {}?")
CHECK_NOT = ("is it not {}?", "is there nothing {}?")
OTHER = ("and the other thing?", "and what about the rest?")
INSTEAD = ("what about {}?", "and {}?")
AGAIN = ("what did you just say?", "say that again?")
FIRST = ("what did i ask about first?", "what was my first question about?")


@dataclasses.dataclass(frozen=True)
class Turn:
    """A question and its answer.

    Args:
        text, answer: strings.
        topic: "shape" or "color", what it is about.
        negated: None, or, of a question for yes or no, whether it asks if something is not so.
        needs_history: whether another history would give another answer.
    """

    text: str
    answer: str
    topic: str
    negated: bool | None = None
    needs_history: bool = False


def draw_dialogue(shape, colour, random):
    """List of `TURNS` turns; the first needs no history.

    Args:
        shape, colour: what the picture shows.
        random: `np.random.Generator`.
    """
    truth, turns = {"shape": shape, "color": colour}, []
    for number in range(TURNS):
        ways = [_ask, _check] + ([_other, _again, _first] if number else [])
        if number and turns[-1].negated is not None:
            ways += [_instead, _instead]
        turns.append(ways[random.integers(len(ways))](truth, turns, random))
    return turns


def history_of(turns):
    """What was said in some turns, as one text."""
    return " ".join(f"user {turn.text} bot {turn.answer}" for turn in turns) or START


def _pick(options, random):
    return options[random.integers(len(options))]


def _ask(truth, turns, random):
    topic = _pick(list(ASK), random)
    return Turn(_pick(ASK[topic], random), truth[topic], topic)


def _check(truth, turns, random):
    topic, negated = _pick(list(ASK), random), bool(random.random() < 0.5)
    value = _value(truth, topic, random)
    text = _pick(CHECK_NOT if negated else CHECK, random).format(_named(topic, value))
    return Turn(text, _yes_or_no(truth, topic, value, negated), topic, negated)


def _instead(truth, turns, random):
    """The question before, of another value."""
    before = turns[-1]
    value = _value(truth, before.topic, random)
    text = _pick(INSTEAD, random).format(_named(before.topic, value))
    answer = _yes_or_no(truth, before.topic, value, before.negated)
    return Turn(text, answer, before.topic, before.negated, needs_history=True)


def _other(truth, turns, random):
    topic = "shape" if turns[-1].topic == "color" else "color"
    return Turn(_pick(OTHER, random), truth[topic], topic, needs_history=True)


def _again(truth, turns, random):
    before = turns[-1]
    return Turn(_pick(AGAIN, random), before.answer, before.topic, needs_history=True)


def _first(truth, turns, random):
    return Turn(_pick(FIRST, random), turns[0].topic, turns[-1].topic, needs_history=True)


def _value(truth, topic, random):
    """The true value in half of the cases, else another."""
    values = SHAPES if topic == "shape" else COLOURS
    others = [value for value in values if value != truth[topic]]
    return truth[topic] if random.random() < 0.5 else _pick(others, random)


def _named(topic, value):
    return f"a {value}" if topic == "shape" else value


def _yes_or_no(truth, topic, value, negated):
    return "yes" if (truth[topic] == value) != negated else "no"


def draw_dialogues(pictures, per_picture, seed):
    """Yields `(picture, turns)`, pictures in order.

    Args:
        pictures: dict of picture -> `(shape, colour)`.
        per_picture: dialogues for each.
        seed: int or list of ints.
    """
    random = np.random.default_rng(seed)
    for number, (shape, colour) in pictures.items():
        for _ in range(per_picture):
            yield number, draw_dialogue(shape, colour, random)
