"""The clips of the Free Spoken Digit Dataset, each made one length and one loudness."""

import io
import pathlib
import re

import numpy as np

from mmgen_tf.data.local_members import LocalMembers

CLIPS = LocalMembers(
    folder="free_spoken_digits",
    archive="recordings_flac.tar",
    suffixes=(".flac", ".wav"),
    form="{digit}_{speaker}_{index}.flac or .wav",
    origin="Free Spoken Digit Dataset by Zohar Jackson and others",
)
SAMPLES, SAMPLE_RATE = 8192, 8000
PEAK = 0.9
TEST_INDICES = range(5)  # the authors' own test split

_NAME = re.compile(r"([0-9])_([^_]+)_([0-9]+)\.(flac|wav)", re.IGNORECASE)
_FRAME = 128
_SILENCE = 0.03


def read_clips(root):
    """Every clip in the folder `root`, by split.

    Returns:
        split -> `(clips, labels)`: float32 (n, 8192) at 8 kHz, see `fit_clip`; int64 (n,). Sorted by file name.

    Raises:
        ValueError: for a file that is named otherwise, is at another sample rate or cannot be read.
        ImportError: without soundfile, naming the extra that brings it.
    """
    soundfile, clips = _soundfile(), {"train": [], "test": []}
    for path, content in CLIPS.read(root):
        named = _NAME.fullmatch(pathlib.PurePosixPath(path).name)
        if named is None:
            raise ValueError(f"{CLIPS.folder}: expected files {CLIPS.form}; received {path!r}.")
        try:
            channels, rate = soundfile.read(io.BytesIO(content), dtype="float32", always_2d=True)
        except RuntimeError as error:  # soundfile's own errors are such
            raise ValueError(f"{CLIPS.folder}: {path!r} cannot be read ({error}).") from error
        if rate != SAMPLE_RATE:
            raise ValueError(f"{CLIPS.folder}: expected clips at {SAMPLE_RATE} Hz; received {path!r} at {rate} Hz.")
        split = "test" if int(named[3]) in TEST_INDICES else "train"
        clips[split].append((fit_clip(channels.mean(axis=1)), int(named[1])))
    return {
        split: (
            np.array([clip for clip, _ in rows], "float32").reshape(-1, SAMPLES),
            np.array([label for _, label in rows], "int64"),
        )
        for split, rows in clips.items()
    }


def fit_clip(clip):
    """A clip made 8192 samples long and as loud as the others.

    A longer clip first loses the silence at its ends (`trim_silence`); then its middle is kept. A shorter one gets
    silence before and after, as much on either side. The largest magnitude becomes 0.9.

    Args:
        clip: float (n,).

    Returns:
        float32 (8192,), -0.9..0.9; zeros for an empty or wholly silent clip.
    """
    if len(clip) > SAMPLES:
        clip = trim_silence(clip)
    start = max(0, len(clip) - SAMPLES) // 2
    clip = clip[start : start + SAMPLES]
    before = (SAMPLES - len(clip)) // 2
    fitted = np.pad(clip, (before, SAMPLES - len(clip) - before)).astype("float32")
    return fitted * (PEAK / max(np.abs(fitted).max(), 1e-9))


def trim_silence(clip):
    """`clip` without the silence at its ends.

    Silence is what has, in frames of 128 samples (16 ms), a root mean square below 3% (-30 dB) of the loudest frame's.
    """
    frames = np.pad(clip, (0, -len(clip) % _FRAME)).reshape(-1, _FRAME)
    loudness = np.sqrt(np.square(frames).mean(axis=1))
    loud = np.flatnonzero(loudness >= _SILENCE * loudness.max(initial=0.0))
    return clip[loud[0] * _FRAME : (loud[-1] + 1) * _FRAME] if len(loud) else clip


def _soundfile():
    try:
        import soundfile
    except ImportError as error:
        raise ImportError('Reading the spoken digits needs soundfile: pip install "mmgen_tf[audio]".') from error
    return soundfile
