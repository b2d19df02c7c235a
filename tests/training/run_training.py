"""Trains the tiny recipe, here (`run`) or in a process of its own (`start`), and sends itself a signal if asked to."""

import dataclasses
import functools
import json
import os
import pathlib
import signal
import subprocess
import sys

HERE = pathlib.Path(__file__)


def start(environment=None, **arguments):
    """A process that calls `run(**arguments)`."""
    paths = os.pathsep.join([str(HERE.parent.parent), *sys.path])
    return subprocess.Popen(
        [sys.executable, str(HERE), json.dumps(arguments, default=str)],
        env={**os.environ, "PYTHONPATH": paths, **(environment or {})},
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip


def run(out, strategy="one", settings=None, resume=False, save_every=1000, kill_at=None, with_signal=signal.SIGKILL):
    """`mmgen_tf.training.train` on synthetic data; 4 steps an epoch, 3 epochs unless `settings` say otherwise."""
    from unittest import mock

    from tiny_models import captioned_pictures

    from mmgen_tf.data import builders
    from mmgen_tf.training import Resume, load_recipe, train

    recipe = load_recipe(HERE.with_name("tiny_recipe.py")).with_settings(settings or {})
    compile_model = recipe.compile_model
    if kill_at is not None:
        added = signalling(kill_at, with_signal)
        recipe = dataclasses.replace(recipe, compile_model=lambda *args: [*compile_model(*args), added])
    with (
        mock.patch.object(builders, "load", lambda name, split, data_dir: captioned_pictures()),
        mock.patch.object(sys.modules[train.__module__], "Resume", functools.partial(Resume, save_every=save_every)),
    ):
        return train(recipe, out, resume=resume, strategy=strategy, verbose=0)


def signalling(step, number):
    """A callback that sends this process a signal when `step` steps are done."""
    import keras

    class Signalling(keras.callbacks.Callback):
        done = 0

        def on_train_batch_end(self, batch, logs=None):
            self.done += 1
            if self.done == step:
                os.kill(os.getpid(), number)

    return Signalling()


if __name__ == "__main__":
    run(**json.loads(sys.argv[1]))
