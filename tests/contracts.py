"""What every model must keep. `run_model_contract` is the whole battery; each `check_*` is one clause of it."""

import dataclasses
import json
import pathlib
from collections.abc import Callable

import keras
import numpy as np
import tensorflow as tf

from mmgen_tf.data.pipeline import Examples
from mmgen_tf.models import preset
from mmgen_tf.noise import Noise
from mmgen_tf.training.strategy import make_strategy


@dataclasses.dataclass(frozen=True)
class Case:
    """A model under contract.

    Args:
        make: function without arguments giving a tiny uncompiled model.
        examples: dict of columns, 8 to 20 rows, in every modality of the model.
        folder: an empty directory.
        objectives: name under which `compile` takes an optimizer -> the logged loss which that optimizer brings down.
        options: more arguments of `compile`.
        missing: names of modalities that a training example may lack.
        make_exact: as `make`, without layers that draw from seeds of their own, for the check on replicas.
    """

    make: Callable
    examples: dict
    folder: pathlib.Path
    objectives: dict = dataclasses.field(default_factory=lambda: {"optimizer": "loss"})
    options: dict = dataclasses.field(default_factory=dict)
    missing: tuple = ()
    make_exact: Callable | None = None

    def compiled(self, learning_rate=0.01, make=None, **options):
        """A freshly seeded model, compiled with plain SGD unless `options` say otherwise."""
        keras.utils.set_random_seed(1)
        model = (make or self.make)()
        optimizers = {name: keras.optimizers.SGD(learning_rate) for name in self.objectives}
        model.compile(**{**optimizers, **self.options, **options})
        return model

    def trained(self):
        """A model one step from its first weights, without the price of a graph."""
        model = self.compiled()
        model.train_step(self.batch(8))
        return model

    def directions(self, model):
        """The first of the model's directions and the last: each costs a graph."""
        ways = model.directions()
        return ways[:1] + ways[1:][-1:]

    def batch(self, size=8, **columns):
        """A batch of the first rows, some columns replaced."""
        columns = {name: column[:size] for name, column in {**self.examples, **columns}.items()}
        model = self.make()
        examples = Examples(columns, model.processors, size, shuffle=False, complete=model.complete_names)
        return next(iter(examples.batches()))

    def ask(self, model, given, to):
        """What the model generates, with one seed: three values for each of two examples, or three from noise."""
        inputs = {name: list(self.examples[name][:2]) for name in given}
        answers = model.generate(inputs, to=list(to), num_samples=3, seed=5)
        return {name: joined(values) if given else values for name, values in answers.items()}


def joined(rows):
    """The samples of several inputs as one array or list."""
    return np.concatenate(rows) if isinstance(rows, np.ndarray) else sum(rows, [])


def run_model_contract(make, examples, folder, **details):
    """Checks every clause; the arguments are those of `Case`."""
    case = Case(make, examples, folder, **details)
    for check in CLAUSES:
        check(case)


def weights_of(model):
    """The model's weights as arrays."""
    return [keras.ops.convert_to_numpy(weight) for weight in model.weights]


def weight_difference(one, other):
    """The largest difference between the weights of two models of one architecture."""
    return max(float(np.max(np.abs(a - b))) for a, b in zip(weights_of(one), weights_of(other), strict=True))


def assert_same(one, other):
    """The same answers of `generate`; pictures may differ by one grey level, sounds by 1e-5, words not at all."""
    assert set(one) == set(other)
    for name, values in one.items():
        if isinstance(values, list):
            assert values == list(other[name])
        else:
            assert values.dtype == other[name].dtype
            tolerance = 1 if values.dtype == np.uint8 else 1e-5
            np.testing.assert_allclose(values.astype("float64"), other[name].astype("float64"), rtol=0, atol=tolerance)


def check_shapes(case):
    """Losses are per row and logged by name; every direction answers with as many values as asked, each of its kind."""
    model, batch = case.compiled(), case.batch(8)
    losses = model.compute_losses(batch, Noise(0), training=True)
    assert set(model.train_step(batch)) == set(model.test_step(batch)) == set(model.loss_names) == set(losses)
    assert {tuple(rows.shape) for rows in losses.values()} == {(8,)}
    for given, to in model.directions():
        answers = case.ask(model, given, to)
        assert set(answers) == set(to)
        for name, values in answers.items():
            spec = model.processors[name].raw_spec
            assert np.shape(values) == (6 if given else 3, *spec.shape)
            assert isinstance(values, list) or values.dtype == spec.dtype.as_numpy_dtype


def check_loss_falls(case):
    """On one repeated batch each optimizer, alone, brings its loss down by a tenth at least."""
    batch = {name: column[:8] for name, column in case.examples.items()}
    for name, loss in case.objectives.items():
        model = case.compiled(learning_rate=0.0, **{name: keras.optimizers.Adam(0.01)})
        history = model.fit(batch, batch_size=8, epochs=40, verbose=0).history[loss]
        assert history[-1] < history[0] - 0.1 * abs(history[0]), (name, history)


def check_every_weight_learns(case):
    """One step of plain SGD moves every trainable weight, but the bias of an attention's key: it adds the same to all
    scores of a query, so that its gradient is nought but for rounding."""
    model = case.compiled(learning_rate=0.1)
    before = {weight.path: keras.ops.convert_to_numpy(weight) for weight in model.trainable_weights}
    assert len(before) == len(model.trainable_weights), "two weights share one path"
    model.train_step(case.batch(16))
    still = [weight.path for weight in model.trainable_weights if np.array_equal(before[weight.path], weight)]
    still = [path for path in still if not path.endswith("key/bias")]
    assert before and not still, still


def check_preset(case):
    """A saved model comes back with its weights and draws, whatever the order of its config's keys."""
    model = case.trained()
    model.save_to_preset(case.folder / "preset")
    assert sorted(path.name for path in (case.folder / "preset").iterdir()) == sorted(
        (preset.CONFIG, preset.WEIGHTS, preset.MANIFEST)
    )
    answers = [(way, case.ask(model, *way)) for way in case.directions(model)]
    for asked in (answers, answers[-1:]):
        loaded = type(model).from_preset(case.folder / "preset")
        assert weight_difference(model, loaded) == 0
        for way, answer in asked:
            assert_same(answer, case.ask(loaded, *way))
        config = case.folder / "preset" / preset.CONFIG
        config.write_text(json.dumps(reversed_keys(json.loads(config.read_text()))))
        preset.write_manifest(case.folder / "preset")


def reversed_keys(value):
    """The same JSON with the keys of every object in the opposite order."""
    if isinstance(value, dict):
        return {key: reversed_keys(item) for key, item in reversed(value.items())}
    return [reversed_keys(item) for item in value] if isinstance(value, list) else value


def check_mixed_precision(case):
    """Under mixed bfloat16 it trains, stays finite, keeps float32 weights and generates."""
    keras.config.set_dtype_policy("mixed_bfloat16")
    try:
        model = case.compiled()
        history = model.fit(case.examples, batch_size=8, verbose=0).history
        for given, to in case.directions(model):
            case.ask(model, given, to)
    finally:
        keras.config.set_dtype_policy("float32")
    assert np.isfinite(list(history.values())).all()
    assert {weight.dtype for weight in model.trainable_weights} == {"float32"}
    assert all(np.isfinite(weight).all() for weight in weights_of(model))


def check_compiled_equals_eager(case):
    """Two steps inside a graph and two outside of it end on the same weights."""
    models = [case.compiled(run_eagerly=eager) for eager in (False, True)]
    for model in models:
        model.fit({name: column[:16] for name, column in case.examples.items()}, batch_size=8, verbose=0)
    assert 0 < weight_difference(case.compiled(), models[0])
    assert weight_difference(*models) <= 1e-4  # on a busy machine sums are cut up, and round, otherwise


def check_replicas(case):
    """Twenty steps on two replicas, uneven last batches among them, end where one device ends."""
    assert replica_difference(case) <= 1e-5


def replica_difference(case, **options):
    """Weights after 20 SGD steps (5 batches of 4 rows, the last of 3, four times): one device against two replicas."""
    one = case.compiled(make=case.make_exact, **options)
    with make_strategy("mirrored").scope():
        two = case.compiled(make=case.make_exact, **options)
    examples = {name: column[:19] for name, column in case.examples.items()}
    logs = [model.fit(examples, batch_size=4, epochs=4, verbose=0).history for model in (one, two)]
    for name, values in logs[0].items():
        np.testing.assert_allclose(logs[1][name], values, rtol=1e-4, atol=1e-5)
    assert weight_difference(one, case.compiled(make=case.make_exact)) > 1e-4, "nothing was learnt"
    return weight_difference(one, two)


def check_missing(case):
    """What stands where a modality is missing changes neither a training step nor a sample."""
    for name in case.missing:
        column = [None if row % 2 else value for row, value in enumerate(case.examples[name])]
        batch = case.batch(8, **{name: column})
        here = tf.reshape(batch["present"][name], [-1] + [1] * (batch[name].shape.rank - 1))
        junk = tf.cast(float("nan") if batch[name].dtype.is_floating else 1, batch[name].dtype)
        spoilt = {**batch, name: tf.where(here, batch[name], junk)}
        models = [case.compiled(), case.compiled()]
        for model, data in zip(models, (batch, spoilt)):
            model.train_step(data)
        assert weight_difference(*models) == 0, name
        answers = []
        for data in (batch, spoilt):
            given = {key: data[key] for key in models[0].input_names}
            answers.append(models[0].sample(given, data["present"], models[0].output_names, Noise(0)))
        for key, values in answers[0].items():
            np.testing.assert_array_equal(values, answers[1][key])


def check_export(case):
    """The SavedModel's signatures answer as Python does, in every direction and with inputs missing."""
    model = case.trained()
    model.export(case.folder / "saved")
    signatures = tf.saved_model.load(str(case.folder / "saved")).signatures
    for given, to in case.directions(model):
        everything = signatures["generate"](**served_inputs(case, model, given))
        assert_same(case.ask(model, given, model.output_names), served(model, everything))
        if given:
            arguments = {name: value for name, value in served_inputs(case, model, given).items()
                         if name in (*given, "num_samples", "seed")}  # fmt: skip
            answers = signatures[f"{'_'.join(given)}_to_{'_'.join(to)}"](**arguments)
            assert_same(case.ask(model, given, to), served(model, answers))


def served_inputs(case, model, given):
    """Arguments of the signature `generate` that ask what `Case.ask` asks."""
    count = 2 if given else 1
    arguments = {} if model.input_names else {"batch": tf.constant(count)}
    for name in model.input_names:
        values = list(case.examples[name][:2]) if name in given else [None] * count
        raw, present = model.processors[name].stack_with_missing(values)
        arguments[name] = tf.constant(raw)
        if name not in model.required_names:
            arguments[f"{name}_present"] = tf.constant(present)
    return {**arguments, "num_samples": tf.constant(3), "seed": tf.constant(5)}


def served(model, answers):
    """A signature's answers as human values."""
    return {name: model.processors[name].unstack(value.numpy()) for name, value in answers.items()}


CLAUSES = (
    check_shapes, check_loss_falls, check_every_weight_learns, check_preset, check_mixed_precision,
    check_compiled_equals_eager, check_replicas, check_missing, check_export,
)  # fmt: skip
