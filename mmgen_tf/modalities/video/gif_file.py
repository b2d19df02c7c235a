"""Frames <-> GIF files, by Pillow."""

import pathlib

import numpy as np
from PIL import Image


def write_gif(path, frames, frame_rate=8.0):
    """Writes an endless GIF, with colours of its own for each frame.

    Args:
        path: of the file; its folder is made where there is none.
        frames: uint8 `(frames, height, width, channels)`, of one or three channels.
        frame_rate: in frames a second.

    Returns:
        `pathlib.Path` of the file.

    Raises:
        ValueError: for another dtype or shape.
    """
    frames = np.asarray(frames)
    if frames.dtype != np.uint8 or frames.ndim != 4 or frames.shape[-1] not in (1, 3):
        raise ValueError(
            f"{path}: expected uint8 frames (frames, height, width, 1 or 3); received {frames.dtype} of shape "
            f"{frames.shape}."
        )
    path = pathlib.Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    pictures = [Image.fromarray(np.repeat(frame, 3, axis=-1) if frame.shape[-1] == 1 else frame) for frame in frames]
    pictures[0].save(
        path, save_all=True, append_images=pictures[1:], duration=round(1000 / frame_rate), loop=0, disposal=1
    )
    return path
