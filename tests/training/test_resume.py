"""A training that was stopped ends where one that was not ends: to the bit."""

import signal

import keras
import numpy as np
import pytest
from contracts import weight_difference
from run_training import run, start
from tiny_models import captioned_pictures, mlp_gan

from mmgen_tf.models import preset
from mmgen_tf.training import Resume, StopOnNonFinite, TrainingInterrupted
from mmgen_tf.training.training_state import restore_state, save_state


@pytest.fixture(scope="module")
def uninterrupted(tmp_path_factory):
    """A training in this process."""
    out = tmp_path_factory.mktemp("uninterrupted")
    run(out)
    return out


def in_a_process(**arguments):
    """A training in a process of its own, to its end: what is compared to the bit must run in processes of a kind."""
    process = start(**arguments)
    said, _ = process.communicate(timeout=120)
    assert process.returncode == 0, said


@pytest.fixture(scope="module")
def uninterrupted_process(tmp_path_factory):
    out = tmp_path_factory.mktemp("uninterrupted_process")
    in_a_process(out=out)
    return out


def assert_same_training(one, other):
    """Weights, optimizer states, averages, random streams and position; then the finished presets."""
    with np.load(one / "state.npz") as first, np.load(other / "state.npz") as second:
        assert set(first) == set(second) and int(first["position"]) == 12
        for name in first:
            np.testing.assert_array_equal(first[name], second[name], err_msg=name)
    assert weight_difference(preset.load(one / "preset"), preset.load(other / "preset")) == 0


@pytest.mark.parametrize("save_every", [3, 1000], ids=["saved_in_mid_epoch", "saved_at_epoch_ends"])
def test_killed_in_mid_epoch_and_resumed_equals_uninterrupted(tmp_path, uninterrupted_process, save_every):
    killed = start(out=tmp_path, kill_at=7, save_every=save_every)
    said, _ = killed.communicate(timeout=120)
    assert killed.returncode == -signal.SIGKILL, said
    assert not (tmp_path / "preset").exists()
    with np.load(tmp_path / "state.npz") as state:
        assert int(state["position"]) == (6 if save_every == 3 else 4)
    in_a_process(out=tmp_path, resume=True)
    assert_same_training(tmp_path, uninterrupted_process)


def test_ctrl_c_saves_and_stops_and_can_be_resumed(tmp_path, uninterrupted):
    before = signal.getsignal(signal.SIGINT)
    with pytest.raises(TrainingInterrupted, match="Stopped at step 6; go on with --resume"):
        run(tmp_path, kill_at=6, with_signal=signal.SIGINT)
    assert signal.getsignal(signal.SIGINT) is before
    assert not (tmp_path / "preset").exists()
    with pytest.raises(ValueError, match="holds a training already: resume it with --resume"):
        run(tmp_path)
    run(tmp_path, resume=True)
    assert_same_training(tmp_path, uninterrupted)


def test_resuming_what_is_finished_changes_nothing(tmp_path, uninterrupted):
    run(tmp_path)
    run(tmp_path, resume=True)
    assert_same_training(tmp_path, uninterrupted)


class Poison(keras.callbacks.Callback):
    """Makes a weight NaN at the beginning of a step."""

    def __init__(self, step):
        super().__init__()
        self.step = step

    def on_train_batch_begin(self, batch, logs=None):
        if batch == self.step:
            weight = self.model.discriminator.linear.kernel
            weight.assign(weight * np.nan)


def test_non_finite_is_named_and_the_last_good_state_kept(tmp_path):
    model = mlp_gan()
    model.compile(ema_decay=0.9)
    stop, resume = StopOnNonFinite(), Resume(tmp_path, save_every=2)
    model.fit(captioned_pictures(), batch_size=4, epochs=2, callbacks=[Poison(3), stop, resume], verbose=0)
    assert stop.problem.startswith("Training diverged in epoch 1, step 4: discriminator_loss is nan, generator_loss is")
    with np.load(tmp_path / "state.npz") as state:
        assert int(state["position"]) == 2
        assert all(np.isfinite(state[name]).all() for name in state)


def test_a_training_that_diverged_leaves_the_last_good_preset(tmp_path, monkeypatch):
    monkeypatch.setattr("run_training.signalling", lambda step, _: Poison(step))
    with pytest.raises(
        FloatingPointError, match=r"epoch 1, step 4: .* The last good state, of step 2, is in .*last_good"
    ):
        run(tmp_path, kill_at=3, save_every=2)
    kept = preset.load(tmp_path / "last_good")
    assert all(np.isfinite(weight.numpy()).all() for weight in kept.weights) and not (tmp_path / "preset").exists()
    with pytest.raises(FloatingPointError, match="No state had been saved before"):
        run(tmp_path / "early", kill_at=0)


def test_a_state_of_another_architecture_is_refused(tmp_path):
    models = mlp_gan(), mlp_gan()
    for model, ema_decay in zip(models, (0.9, None)):
        model.compile(ema_decay=ema_decay)
    save_state(models[0], tmp_path / "state.npz", 5)
    with pytest.raises(ValueError, match=r"state.npz holds \d+ variables; this training has \d+"):
        restore_state(models[1], tmp_path / "state.npz")
    other = mlp_gan()
    other.generator.hidden[0].units = 17
    other.generator.hidden_dims = (17,)
    other.compile(ema_decay=0.9)
    with pytest.raises(ValueError, match=r"hidden_0/kernel was saved with shape \(12, 16\); expected \(12, 17\)"):
        restore_state(other, tmp_path / "state.npz")
    assert restore_state(models[0], tmp_path / "state.npz") == 5
    assert restore_state(models[0], tmp_path / "nothing.npz") == 0


def test_a_crash_while_saving_leaves_the_old_state(tmp_path, monkeypatch):
    model = mlp_gan()
    model.compile()
    save_state(model, tmp_path / "state.npz", 5)
    before = (tmp_path / "state.npz").read_bytes()
    monkeypatch.setattr(np, "savez", lambda file, **arrays: file.write(b"half") and 1 / 0)
    with pytest.raises(ZeroDivisionError):
        save_state(model, tmp_path / "state.npz", 6)
    assert (tmp_path / "state.npz").read_bytes() == before
