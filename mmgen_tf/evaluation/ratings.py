"""People's judgement: pairwise choices between systems' outputs, how sure they are and how far raters agree.

A folder holds one folder for each system, with files of the same names; `prompts.json`, a dict of file name without
suffix -> text, may stand beside them. Choices are appended to `ratings.jsonl`, a line each, so that nothing is lost.
"""

import collections
import dataclasses
import itertools
import json
import pathlib

import numpy as np

RATINGS, PROMPTS = "ratings.jsonl", "prompts.json"
TIE = "tie"
SHOWN = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".wav", ".txt")


@dataclasses.dataclass(frozen=True)
class Pair:
    """Two outputs for one item, in the order in which they are shown.

    Args:
        item: file name, the same in both systems.
        left, right: names of systems.
    """

    item: str
    left: str
    right: str


def read_pairs(directory, rater="", seed=0):
    """Every pair of systems for every item that both have, in an order, and with sides, that seed and rater decide.

    Raises:
        ValueError: for fewer than two systems, or no file that two have.
    """
    directory = pathlib.Path(directory)
    systems = {
        path.name: {file.name for file in path.iterdir() if file.suffix.lower() in SHOWN}
        for path in sorted(directory.iterdir() if directory.is_dir() else [])
        if path.is_dir()
    }
    pairs = [
        Pair(item, *both)
        for both in itertools.combinations(systems, 2)
        for item in sorted(systems[both[0]] & systems[both[1]])
    ]
    if not pairs:
        raise ValueError(
            f"Expected at least two folders of files with the same names in {str(directory)!r}, of the kinds {SHOWN}; "
            f"received {({name: len(files) for name, files in systems.items()}) or 'none'}."
        )
    random = np.random.default_rng([seed, *rater.encode()])
    order, sides = random.permutation(len(pairs)), random.random(len(pairs)) < 0.5
    shuffled = [(pairs[number], sides[number]) for number in order]
    return [Pair(pair.item, pair.right, pair.left) if swap else pair for pair, swap in shuffled]


def read_prompts(directory):
    """dict of item's name without suffix -> prompt; {} where there is no `prompts.json`."""
    path = pathlib.Path(directory, PROMPTS)
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}


def read_ratings(directory):
    """List of dicts with rater, item, left, right and choice, a system's name or "tie".

    Raises:
        ValueError: for a malformed line, with its number.
    """
    path, ratings = pathlib.Path(directory, RATINGS), []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines() if path.is_file() else [], 1):
        try:
            rating = json.loads(line)
            assert rating["choice"] in (rating["left"], rating["right"], TIE) and rating["rater"] and rating["item"]
        except (ValueError, KeyError, TypeError, AssertionError):
            raise ValueError(f"{RATINGS}, line {number}: expected a rating; received {line[:80]!r}.") from None
        ratings.append(rating)
    return ratings


def add_rating(directory, rater, pair, choice):
    """Appends a choice between the systems of a `Pair`. Raises ValueError for one that is none of the two nor "tie"."""
    if choice not in (pair.left, pair.right, TIE):
        raise ValueError(f"A choice must be {pair.left!r}, {pair.right!r} or {TIE!r}; received {choice!r}.")
    rating = {"rater": rater, **dataclasses.asdict(pair), "choice": choice}
    with open(pathlib.Path(directory, RATINGS), "a", encoding="utf-8") as file:
        file.write(json.dumps(rating, ensure_ascii=False) + "\n")


def summarize(ratings, confidence=0.95):
    """What people chose: a dict for each pair of systems.

    Args:
        ratings: of `read_ratings`; of several by one rater on one pair the last counts.
        confidence: of the interval.

    Returns:
        list of dicts with `systems` (two names), `wins` (of each), `ties`, `share` of the first among the choices that
        are no ties and its Wilson score interval `low`, `high` (None without any), and `agreement`: the share of pairs
        of raters with the same choice on the same item, and `kappa`, Cohen's (1960), mean over pairs of raters; None
        for one rater.
    """
    last = {(r["rater"], r["item"], *sorted((r["left"], r["right"]))): r["choice"] for r in ratings}
    by_pair = collections.defaultdict(dict)
    for (rater, item, *systems), choice in last.items():
        by_pair[tuple(systems)][rater, item] = choice
    return [_summary(systems, choices, confidence) for systems, choices in sorted(by_pair.items())]


def _summary(systems, choices, confidence):
    try:
        from scipy.stats import binomtest
    except ImportError:
        raise ImportError('Confidence intervals need scipy: pip install "mmgen_tf[data]"') from None
    counts = collections.Counter(choices.values())
    wins = [counts[name] for name in systems]
    summary = {"systems": list(systems), "wins": wins, "ties": counts[TIE], "share": None, "low": None, "high": None}
    if sum(wins):
        interval = binomtest(wins[0], sum(wins)).proportion_ci(confidence, "wilson")
        summary |= {"share": wins[0] / sum(wins), "low": float(interval.low), "high": float(interval.high)}
    agreements, kappas = [], []
    for one, other in itertools.combinations(sorted({rater for rater, _ in choices}), 2):
        shared = sorted({item for rater, item in choices if rater == one} & {i for r, i in choices if r == other})
        if shared:
            answers = [(choices[one, item], choices[other, item]) for item in shared]
            agreements.append(np.mean([a == b for a, b in answers]))
            kappas.append(cohen_kappa(answers))
    return summary | {
        "agreement": float(np.mean(agreements)) if agreements else None,
        "kappa": float(np.mean(kappas)) if kappas else None,
    }


def cohen_kappa(answers):
    """Agreement of two raters beyond chance (Cohen 1960): `(p_o - p_e) / (1 - p_e)`; 1 where both always say the same.

    Args:
        answers: list of pairs of choices.
    """
    count = len(answers)
    observed = sum(a == b for a, b in answers) / count
    one, other = (collections.Counter(answer[side] for answer in answers) for side in (0, 1))
    expected = sum(one[choice] * other[choice] for choice in one) / count**2
    return 1.0 if expected == 1.0 else (observed - expected) / (1.0 - expected)
