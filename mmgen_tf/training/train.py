"""Runs a recipe: data, model, training with checkpoints and samples, a preset at the end."""

import pathlib

import keras
import numpy as np
import tensorflow as tf

from mmgen_tf.data import builders
from mmgen_tf.models import preset
from mmgen_tf.training import strategy as strategies
from mmgen_tf.training.callbacks import Resume, SampleSheet, StopOnNonFinite
from mmgen_tf.training.training_state import restore_state

SAMPLES = 60


class TrainingInterrupted(RuntimeError):
    """Ctrl-C: the training stopped at a step's end and can be resumed."""


def train(
    recipe, out, data=None, data_dir=None, resume=False, strategy="one", tensorboard=False, verbose="auto"
):  # fmt: skip
    """Trains what a recipe describes, or fine-tunes it on a folder.

    Args:
        recipe: `Recipe`.
        out: directory of the run: `state.npz` (to resume), `history.csv`, `samples/`, and `preset/` when finished.
        data: a user's own folder (see `mmgen_tf.data.folder`); training then starts from the variant's pretrained
            weights, and keeps its vocabulary.
        data_dir: where TFDS keeps datasets.
        resume: go on with the training that `out` holds.
        strategy: one of `mmgen_tf.training.strategy.STRATEGIES`.
        tensorboard: also write TensorBoard logs under `out`/tensorboard.
        verbose: as in Keras's `fit`.

    Returns:
        The path of the finished preset.

    Raises:
        ValueError: if `out` holds a training and `resume` is False, or the data do not fit.
        TrainingInterrupted: on Ctrl-C, after the state is saved.
        FloatingPointError: if a logged value became NaN or infinite; the last good state is kept, as a preset too.
    """
    out, settings = pathlib.Path(out), recipe.settings
    if (out / "state.npz").exists() and not resume:
        raise ValueError(f"{out} holds a training already: resume it with --resume, or choose another --out.")
    chosen, chief = strategies.make_strategy(strategy), strategies.is_chief()
    out.mkdir(parents=True, exist_ok=True)
    keras.utils.set_random_seed(settings["seed"])
    columns = data if data is not None else training_columns(recipe, data_dir)
    with chosen.scope():
        model = preset.load(recipe.name) if data is not None else recipe.build_model(columns, settings)
        if not model.built:
            model.build()
        examples = model.examples(columns, settings["batch_size"], drop_remainder=data is None)
        callbacks = recipe.compile_model(model, settings, examples.steps_per_epoch * settings["epochs"]) or []
    stop, checkpoint = StopOnNonFinite(), Resume(out, write=chief)
    callbacks += [stop, checkpoint]
    if chief:
        callbacks += [keras.callbacks.CSVLogger(out / "history.csv", append=resume)]
        callbacks += [SampleSheet(out / "samples", _first_values(examples, model, columns))]
        callbacks += [keras.callbacks.TensorBoard(out / "tensorboard")] if tensorboard else []
    model.fit(examples, epochs=settings["epochs"], callbacks=callbacks, verbose=verbose)
    if stop.problem:
        kept = last_good(model, checkpoint.path, out / "last_good", recipe) if chief else ""
        raise FloatingPointError(f"{stop.problem} {kept}")
    if checkpoint.interrupted:
        raise TrainingInterrupted(f"Stopped at step {checkpoint.position}; go on with --resume --out {out}.")
    if chief:
        finished = model.clone()  # outside the strategy
        if recipe.finish_model:
            recipe.finish_model(finished, columns, settings)
        finished.save_to_preset(out / "preset", recipe.weights_dtype)
    return out / "preset"


def last_good(model, state, directory, recipe):
    """After a training that diverged: a preset of the last state that was saved, averaged where there is an average.

    Returns:
        What was kept and where, as a sentence.
    """
    position = restore_state(model, state)
    if not position:
        return "No state had been saved before."
    if model.weight_average:
        model.weight_average.overwrite()
    model.clone().save_to_preset(directory, recipe.weights_dtype)
    return f"The last good state, of step {position}, is in {state}, and as a preset in {directory}."


def training_columns(recipe, data_dir=None):
    """The columns that a recipe trains on."""
    columns = builders.load(recipe.dataset, recipe.split, data_dir)
    return recipe.choose_columns(columns, recipe.settings) if recipe.choose_columns else columns


def _first_values(examples, model, columns):
    """Human values of a few examples, for the sample sheets."""
    if any(model.processors[name].costly for name in model.input_names):
        if not isinstance(columns, dict):
            return {}
        count = len(columns[model.input_names[0]])
        rows = np.linspace(0, count - 1, min(count, SAMPLES)).astype(int)
        return {name: [columns[name][row] for row in rows] for name in model.input_names if name in columns}
    batch = next(iter(examples.batches().take(1)))
    values = {}
    for name, processor in model.processors.items():
        if name in (*model.input_names, *model.complete_names) and tf.reduce_all(batch["present"][name][:SAMPLES]):
            raw = processor.postprocess(batch[name][:SAMPLES]).numpy()
            values[name] = processor.unstack(raw)
    return {name: list(column) for name, column in model.example_inputs(values).items()}
