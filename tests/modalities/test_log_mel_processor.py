"""Sound as a log-mel spectrogram, and back."""

import numpy as np
import pytest
import tensorflow as tf

from mmgen_tf.modalities.audio.audio_processor import AudioProcessor
from mmgen_tf.modalities.audio.log_mel_processor import LogMelProcessor, mel_filters


@pytest.fixture(scope="module")
def processor():
    return LogMelProcessor()


def voices(count, seed=0):
    """Gliding tones with overtones and a beginning and an end: float32 (count, 8192) in -0.9..0.9."""
    rng = np.random.default_rng(seed)
    time = np.arange(8192) / 8000
    pitch = rng.uniform(90, 220, (count, 1)) * (1 + 0.3 * np.sin(rng.uniform(3, 9, (count, 1)) * time))
    phase = 2 * np.pi * np.cumsum(pitch, axis=1) / 8000
    sound = sum(rng.uniform(0.1, 1, (count, 1)) * np.sin(harmonic * phase) for harmonic in range(1, 12))
    sound = sound * np.exp(-(((time - 0.5) / 0.2) ** 2)) + 0.001 * rng.normal(size=(count, 8192))
    return (0.9 * sound / np.abs(sound).max(axis=1, keepdims=True)).astype("float32")


def test_the_tensor_is_a_picture_of_time_and_pitch(processor):
    time = np.arange(8192) / 8000
    sound = np.stack([np.sin(2 * np.pi * 1000 * time), np.zeros(8192)])
    tensor = processor.preprocess(processor.stack(list(sound))).numpy()
    assert tensor.shape == (2, 64, 40, 1) and tensor.dtype == np.float32
    assert processor.modality.shape == (64, 40, 1) and processor.modality.range == (0, 1)
    assert processor.raw_spec.shape == (8192,) and processor.modality.sample_rate == 8000
    centres = np.linspace(1127 * np.log1p(20 / 700), 1127 * np.log1p(4000 / 700), 42)[1:-1]
    assert (tensor[0, :, :, 0].argmax(axis=1) == np.abs(centres - 1127 * np.log1p(1000 / 700)).argmin()).all()
    assert 0.9 < tensor[0].max() <= 1 and not tensor[1].any()


def test_a_tenth_of_the_loudness_is_a_quarter_of_the_scale(processor):
    loud = processor.preprocess(voices(2))
    soft = processor.preprocess(voices(2) / 10)
    heard = (soft.numpy() > 0) & (loud.numpy() < 1)
    np.testing.assert_allclose((loud - soft).numpy()[heard], 0.25, atol=1e-3)


def test_going_back_and_forth_changes_the_spectrogram_little(processor):
    tensor = processor.preprocess(voices(4))
    sound = processor.postprocess(tensor)
    assert sound.shape == (4, 8192) and sound.dtype == tf.float32 and np.abs(sound).max() <= 1
    assert np.abs(processor.preprocess(sound) - tensor).mean() < 0.02
    first_phases_only = LogMelProcessor(griffin_lim_steps=0)
    rough = np.abs(processor.preprocess(first_phases_only.postprocess(tensor)) - tensor).mean()
    assert rough > 1.5 * np.abs(processor.preprocess(sound) - tensor).mean()


def test_silence_stays_silent_and_wild_tensors_stay_in_range(processor):
    assert not processor.postprocess(np.zeros((1, 64, 40, 1))).numpy().any()
    wild = processor.postprocess(np.random.default_rng(0).normal(0, 5, (2, 64, 40, 1))).numpy()
    assert np.isfinite(wild).all() and np.abs(wild).max() <= 1


def test_the_same_waveform_comes_alone_in_a_batch_in_a_graph_and_saved(processor, tmp_path):
    tensor = processor.preprocess(voices(3))
    sound = processor.postprocess(tensor).numpy()
    np.testing.assert_allclose(LogMelProcessor().postprocess(tensor[1:2])[0], sound[1], atol=1e-3)

    @tf.function(input_signature=[tf.TensorSpec((None, 8192), tf.float32)])
    def there_and_back(raw):
        return processor.postprocess(processor.preprocess(raw))

    module = tf.Module()
    module.there_and_back = there_and_back
    tf.saved_model.save(module, str(tmp_path / "saved"))
    loaded = tf.saved_model.load(str(tmp_path / "saved"))
    np.testing.assert_allclose(loaded.there_and_back(voices(3)), sound, atol=1e-3)


@pytest.mark.parametrize("clip", [np.ones(8193), np.ones((2, 2)), np.array([1, 2]), np.array([np.nan])])
def test_clips_are_refused_as_by_the_audio_processor(processor, clip):
    with pytest.raises(ValueError) as here:
        processor.stack([clip])
    with pytest.raises(ValueError) as there:
        AudioProcessor(samples=8192).stack([clip])
    assert str(here.value) == str(there.value) and "8192 samples at 8000 Hz" in str(here.value)


@pytest.mark.parametrize(
    "wrong",
    [{"samples": 8000}, {"frame_length": 300}, {"frame_length": 128}, {"frame_step": 0}, {"griffin_lim_steps": -1}],
)
def test_lengths_that_do_not_fit_are_refused(wrong):
    with pytest.raises(ValueError, match="Expected samples a multiple of frame_step.*received samples"):
        LogMelProcessor(**wrong)


def test_every_band_hears_something():
    filters = mel_filters(40, 256, 8000)
    assert filters.shape == (129, 40) and (filters.max(axis=0) > 0).all() and 0 <= filters.min() <= filters.max() <= 1
    with pytest.raises(ValueError, match="received 200, of which .* hold none"):
        mel_filters(200, 256, 8000)
