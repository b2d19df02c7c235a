"""Many pictures -> one."""

import tensorflow as tf


def tile(pictures, columns=10, gap=1):
    """uint8 `(n, height, width, channels)` -> one picture `(rows, columns)` of them on white."""
    count, height, width, channels = pictures.shape
    rows = -(-count // columns)
    sheet = 255 + 0 * pictures[:1].repeat(rows * columns, axis=0)
    sheet[:count] = pictures
    sheet = sheet.reshape(rows, columns, height, width, channels)
    pad = ((0, 0), (0, 0), (0, gap), (0, gap), (0, 0))
    sheet = tf.pad(sheet, pad, constant_values=255).numpy()
    return sheet.transpose(0, 2, 1, 3, 4).reshape(rows * (height + gap), columns * (width + gap), channels)
