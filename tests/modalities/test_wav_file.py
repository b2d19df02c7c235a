"""WAV files: what is written comes back, and what is no such file is refused."""

import numpy as np
import pytest
import tensorflow as tf

from mmgen_tf.modalities.audio.wav_file import read_wav, write_wav


def test_what_is_written_comes_back_in_sixteen_bits(tmp_path):
    wave = np.random.default_rng(0).uniform(-1, 1, 50).astype("float32")
    path = write_wav(tmp_path / "new" / "a.wav", wave, 8000)
    again = read_wav(path, 8000, samples=50)
    assert again.dtype == np.float32 and again.shape == (50,)
    np.testing.assert_allclose(again, wave, atol=2**-14)
    write_wav(path, np.array([2.0, -2.0]), 8000)
    np.testing.assert_allclose(read_wav(path, 8000), [1, -1], atol=2**-14)


def test_two_channels_are_averaged(tmp_path):
    path = tmp_path / "stereo.wav"
    path.write_bytes(tf.audio.encode_wav(np.array([[0.5, 0.0], [0.5, 0.25]], "float32"), 8000).numpy())
    np.testing.assert_allclose(read_wav(path, 8000), [0.25, 0.375], atol=2**-14)


@pytest.mark.parametrize("wave", [np.ones((2, 1)), np.array([1, 2]), np.array([0.0, np.nan])])
def test_what_is_no_waveform_is_not_written(tmp_path, wave):
    with pytest.raises(ValueError, match=r"a\.wav: expected a finite float waveform.*received"):
        write_wav(tmp_path / "a.wav", wave, 8000)
    assert not list(tmp_path.iterdir())


def test_what_is_no_such_file_is_refused(tmp_path):
    path = write_wav(tmp_path / "a.wav", np.zeros(9), 8000)
    with pytest.raises(ValueError, match="no sound file .*b.wav"):
        read_wav(tmp_path / "b.wav", 8000)
    with pytest.raises(ValueError, match="at 16000 Hz; received one at 8000 Hz"):
        read_wav(path, 16000)
    with pytest.raises(ValueError, match="at most 8 samples at 8000 Hz; received 9"):
        read_wav(path, 8000, samples=8)
    path.write_bytes(b"none")
    with pytest.raises(ValueError, match="expected a WAV file of 16-bit PCM; it cannot be read"):
        read_wav(path, 8000)
