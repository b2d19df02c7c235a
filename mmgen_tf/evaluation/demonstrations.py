"""What a model makes of a few examples, in each of its directions: what samples.png and the demo show."""

import dataclasses

import numpy as np

from mmgen_tf.models.contrastive.dual_encoder import DualEncoder


@dataclasses.dataclass(frozen=True)
class Demonstration:
    """One direction.

    Args:
        given: names of what the model saw; none where it draws from noise.
        to: names of what it answered.
        lines: list of `(dict of given name -> value, dict of asked name -> list of values)`, one an input.
    """

    given: tuple
    to: tuple
    lines: list

    @property
    def title(self):
        return f"{' + '.join(self.given) or 'noise'} \N{RIGHTWARDS ARROW} {' + '.join(self.to)}"


def demonstrations(model, examples, rows=8, draws=5, seed=0):
    """List of `Demonstration`.

    A `DualEncoder` makes nothing: it finds the examples of one modality that are nearest to one of the other.

    Args:
        model: a `GenerativeModel`.
        examples: columns of human values, of the model's inputs at least.
        rows: inputs in a direction, and draws where nothing is given.
        draws: answers to each input.
        seed: of the draws.
    """
    if isinstance(model, DualEncoder):
        return [_found(model, examples, *pair, rows, draws) for pair in _both_ways(tuple(model.processors))]
    return [_drawn(model, examples, given, to, rows, draws, seed) for given, to in model.directions()]


def _drawn(model, examples, given, to, rows, draws, seed):
    inputs = {name: list(examples[name][:rows]) for name in given}
    answers = model.generate(inputs, to=list(to), num_samples=draws if given else rows, seed=seed)
    if not given:
        return Demonstration(given, to, [({}, {name: [answers[name][row]] for name in to}) for row in range(rows)])
    lines = []
    for row in range(len(inputs[given[0]])):
        drawn = {name: _different(answers[name][row]) if draws > 1 else [answers[name][row]] for name in to}
        lines.append(({name: inputs[name][row] for name in given}, drawn))
    return Demonstration(given, to, lines)


def _different(values):
    """The values as a list, or one of them where all are alike, as those of a model that draws nothing."""
    values = list(values)
    return values[:1] if all(np.array_equal(value, values[0]) for value in values) else values


def _found(model, examples, given, to, rows, draws):
    model.index({to: list(examples[to])})
    places, _ = model.search({given: list(examples[given][:rows])}, k=draws)
    lines = [({given: examples[given][row]}, {to: [examples[to][i] for i in near]}) for row, near in enumerate(places)]
    return Demonstration((given,), (to,), lines)


def _both_ways(names):
    one, other = sorted(names, reverse=True)
    return [(one, other), (other, one)]
