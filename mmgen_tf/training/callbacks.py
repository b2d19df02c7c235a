"""Callbacks for `fit`: go on where a training stopped, stop on NaN, schedule what learns how fast, draw samples."""

import itertools
import math
import pathlib
import signal
import threading

import keras
import tensorflow as tf

from mmgen_tf.modalities.image.picture_grid import tile
from mmgen_tf.training.training_state import restore_state, save_state


def _non_finite(logs):
    return {name: float(value) for name, value in (logs or {}).items() if not math.isfinite(float(value))}


class Resume(keras.callbacks.Callback):
    """Saves the whole state of a training, and lets `fit` go on at the very step it saved, after kill -9 too.

    A training that was stopped and resumed ends with the same weights, to the bit, as one that was not. Ctrl-C
    finishes the running step, saves and stops. States with a NaN in the logs are not saved.

    Args:
        directory: for the state file.
        save_every: in steps; the end of each epoch is saved as well.
        write: False on the workers that only read (all but the first).
    """

    def __init__(self, directory, save_every=1000, write=True):
        super().__init__()
        self.path = pathlib.Path(directory) / "state.npz"
        self.save_every, self.write = save_every, write
        self.position, self.interrupted = 0, False

    def restore(self, model, position=0):
        """Called by `GenerativeModel.fit`: restores the state, if there is one; returns the step to go on from."""
        self.position = max(position, restore_state(model, self.path))
        return self.position

    def on_train_begin(self, logs=None):
        if threading.current_thread() is threading.main_thread():
            self._handler = signal.signal(signal.SIGINT, self._interrupt)

    def on_train_end(self, logs=None):
        if threading.current_thread() is threading.main_thread():
            signal.signal(signal.SIGINT, self._handler)

    def _interrupt(self, *_):
        if self.interrupted:
            raise KeyboardInterrupt
        self.interrupted = True

    def on_epoch_begin(self, epoch, logs=None):
        self._last_batch = -1

    def on_train_batch_end(self, batch, logs=None):
        before = self.position
        self.position += batch - self._last_batch
        self._last_batch = batch
        if self.position // self.save_every > before // self.save_every or self.interrupted:
            self._save(logs)
        if self.interrupted:
            self.model.stop_training = True

    def on_epoch_end(self, epoch, logs=None):
        self._save(logs)

    def _save(self, logs):
        if self.write and not _non_finite(logs):
            save_state(self.model, self.path, self.position)


class StopOnNonFinite(keras.callbacks.Callback):
    """Stops training when any logged value is NaN or infinite; `problem` then says which, and when."""

    def __init__(self):
        super().__init__()
        self.problem = None

    def on_epoch_begin(self, epoch, logs=None):
        self._epoch = epoch

    def on_train_batch_end(self, batch, logs=None):
        bad = _non_finite(logs)
        if bad and not self.problem:
            values = ", ".join(f"{name} is {value}" for name, value in sorted(bad.items()))
            self.problem = f"Training diverged in epoch {self._epoch + 1}, step {batch + 1}: {values}."
            self.model.stop_training = True
            print(f"\n{self.problem}")


class LearningRateSchedule(keras.callbacks.Callback):
    """Multiplies the learning rate of *every* optimizer of the model by a factor of the step.

    Args:
        factor: function of the step (int, from 0) giving a float, e.g. `cosine_decay(...)`.
    """

    def __init__(self, factor):
        super().__init__()
        self.factor = factor

    def on_train_batch_begin(self, batch, logs=None):
        optimizers = self.model.optimizers
        step = int(keras.ops.convert_to_numpy(next(iter(optimizers.values())).iterations))
        for name, optimizer in optimizers.items():
            optimizer.learning_rate = self.model.initial_learning_rates[name] * self.factor(step)


def cosine_decay(steps, warmup_steps=0, floor=0.0):
    """A factor that rises linearly to 1 in `warmup_steps`, then falls along half a cosine to `floor` at `steps`."""

    def factor(step):
        if step < warmup_steps:
            return (step + 1) / warmup_steps
        progress = min(1.0, (step - warmup_steps) / max(1, steps - warmup_steps))
        return floor + (1.0 - floor) * 0.5 * (1.0 + math.cos(math.pi * progress))

    return factor


class TrainingPhases(keras.callbacks.Callback):
    """Sets attributes of the model by the epoch, and has its steps compiled anew where one changes.

    A subclass defines `phase(epoch)`: a dict of attribute -> value; that of the far end stays after training.
    """

    def phase(self, epoch):
        raise NotImplementedError(f"{type(self).__name__} must define phase(epoch).")

    def on_epoch_begin(self, epoch, logs=None):
        self._enter(self.phase(epoch))

    def on_train_end(self, logs=None):
        self._enter(self.phase(math.inf))

    def _enter(self, phase):
        changed = {name: value for name, value in phase.items() if value != getattr(self.model, name)}
        for name, value in changed.items():
            setattr(self.model, name, value)
        if changed:
            self.model.make_train_function(force=True)  # what is compiled does not ask
            self.model.make_test_function(force=True)


class GeneratorFirst(TrainingPhases):
    """Lets the generator of an `AttentionGAN` learn by distance and matching alone for some epochs, before there is
    anything to deceive, as SRGAN begins (Ledig et al. 2017, section 3.2); discriminators rest meanwhile.

    Args:
        epochs: how many.

    Reference: Ledig et al., Photo-Realistic Single Image Super-Resolution Using a Generative Adversarial Network, CVPR
    2017.
    """

    def __init__(self, epochs):
        super().__init__()
        self.epochs = epochs

    def phase(self, epoch):
        return {"judged": epoch >= self.epochs}


class GrowingPictures(TrainingPhases):
    """Trains an `AttentionGAN` on its smallest pictures first, which cost least and say most of what is where, and adds
    the larger ones one after the other (Karras et al. 2018, section 2).

    Args:
        epochs: for each size but the largest, for how many epochs it is the largest that is drawn.

    Raises:
        ValueError: when training begins, if the model has another number of sizes.

    Reference: Karras, Aila, Laine & Lehtinen, Progressive Growing of GANs for Improved Quality, Stability, and
    Variation, ICLR 2018.
    """

    def __init__(self, epochs):
        super().__init__()
        self.starts = list(itertools.accumulate(epochs))

    def on_train_begin(self, logs=None):
        expected = self.model.generator.stages
        if len(self.starts) != expected:
            raise ValueError(
                f"GrowingPictures takes the epochs of each size but the largest, {expected} for this generator; "
                f"received {len(self.starts)}."
            )

    def phase(self, epoch):
        return {"sizes": 1 + sum(epoch >= start for start in self.starts)}


class SampleSheet(keras.callbacks.Callback):
    """Writes what the model makes of fixed inputs after each epoch: a PNG of pictures, a text file of sentences.

    Args:
        directory: for `epoch_0001_<from>_to_<to>.png` and the like.
        inputs: dict of modality name -> list of human values, of one length.
        seed: of the draws.
    """

    def __init__(self, directory, inputs, seed=0):
        super().__init__()
        self.directory, self.inputs, self.seed = pathlib.Path(directory), inputs, seed

    def on_epoch_end(self, epoch, logs=None):
        self.directory.mkdir(parents=True, exist_ok=True)
        average = self.model.weight_average
        if average:
            with average.applied():
                return self._write(epoch)
        self._write(epoch)

    def _write(self, epoch):
        for given, to in self.model.directions():
            inputs = {name: self.inputs[name] for name in given if name in self.inputs}
            if len(inputs) < len(given) or not given:
                continue
            for name, values in self.model.generate(inputs, to=list(to), seed=self.seed).items():
                stem = self.directory / f"epoch_{epoch + 1:04d}_{'_'.join(given)}_to_{name}"
                if self.model.modalities[name].kind == "image":
                    tf.io.write_file(f"{stem}.png", tf.io.encode_png(tile(values)))
                elif self.model.modalities[name].kind in ("text", "label"):
                    stem.with_suffix(".txt").write_text("\n".join(map(str, values)) + "\n", encoding="utf-8")
