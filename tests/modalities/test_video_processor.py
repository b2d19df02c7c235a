"""Videos: bad clips are refused, GIFs are written and read, frames know their neighbours."""

import numpy as np
import pytest
import tensorflow as tf
from PIL import Image

from mmgen_tf.modalities.image.mlp_image_encoder import MLPImageEncoder
from mmgen_tf.modalities.video.frame_sequence_encoder import FrameSequenceEncoder
from mmgen_tf.modalities.video.gif_file import write_gif
from mmgen_tf.modalities.video.video_processor import VideoProcessor


@pytest.fixture
def processor():
    return VideoProcessor(frames=2, height=4, width=5, channels=3)


def test_bad_clips_are_refused(processor):
    for value, message in (
        (np.zeros((2, 4, 5, 3)), r"not uint8 frames. Expected uint8 clips of shape \(2, 4, 5, 3\).*dtype float64"),
        (np.zeros((4, 5, 3), "uint8"), r"a single frame. .*received shape \(4, 5, 3\)"),
        (np.zeros((1, 4, 5, 3), "uint8"), r"a single frame. .*received shape \(1, 4, 5, 3\)"),
        (np.zeros((3, 4, 5, 3), "uint8"), r"wrong shape. .*received shape \(3, 4, 5, 3\)"),
    ):
        with pytest.raises(ValueError, match=message):
            processor.stack([value])
    raw, present = processor.stack_with_missing([None, np.ones((2, 4, 5, 3), "uint8")])
    assert present.tolist() == [False, True] and raw[0].max() == 0 and raw[1].min() == 1


@pytest.mark.parametrize("channels", [1, 3])
def test_a_gif_holds_the_frames(tmp_path, channels):
    frames = np.zeros((3, 6, 8, channels), "uint8")
    frames[1], frames[2, :, :4] = 255, 128
    path = write_gif(tmp_path / "new" / "clip.gif", frames, frame_rate=5)
    again = tf.io.decode_gif(path.read_bytes()).numpy()
    np.testing.assert_array_equal(again, np.repeat(frames, 3, axis=-1) if channels == 1 else frames)
    with Image.open(path) as shown:
        assert shown.info["duration"] == 200 and shown.info["loop"] == 0
    with pytest.raises(ValueError, match=r"expected uint8 frames .*; received uint8 of shape \(6, 8, 1\)"):
        write_gif(path, frames[0, ..., :1])


def test_a_frame_knows_its_neighbours():
    encoder = FrameSequenceEncoder(MLPImageEncoder(4, 5, 3, hidden_dims=(6,)), frames=3, output_dim=8)
    encoder.build()
    videos = np.random.default_rng(0).normal(size=(2, 3, 4, 5, 3)).astype("float32")
    changed = videos.copy()
    changed[:, 1] += 1.0
    apart = np.abs(encoder.regions(videos) - encoder.regions(changed)).max(axis=0) > 1e-6
    assert not apart[0, :4].any() and apart[0, 4:].any()  # the first frame sees the second backwards alone
    assert apart[1].any() and apart[2, :4].any() and not apart[2, 4:].any()
    with pytest.raises(ValueError, match="output_dim must be even"):
        FrameSequenceEncoder(None, output_dim=7)
