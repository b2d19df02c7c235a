"""Schedules, sample sheets, and what stops a training; resuming has a file of its own."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from tiny_models import captioned_pictures, image_classifier, labelled_pictures, mlp_gan

from mmgen_tf.modalities.image.picture_grid import tile
from mmgen_tf.training import LearningRateSchedule, Resume, SampleSheet, cosine_decay


class Rates(keras.callbacks.Callback):
    """Notes both learning rates of every step."""

    def __init__(self):
        super().__init__()
        self.seen = []

    def on_train_batch_end(self, batch, logs=None):
        self.seen.append([float(optimizer.learning_rate) for optimizer in self.model.optimizers.values()])


def test_a_schedule_drives_every_optimizer():
    model, rates = mlp_gan(), Rates()
    model.compile(keras.optimizers.SGD(0.5), keras.optimizers.Adam(0.25))
    schedule = LearningRateSchedule(lambda step: 1.0 / (1 + step))
    model.fit(captioned_pictures(), batch_size=8, epochs=2, callbacks=[schedule, rates], verbose=0)
    np.testing.assert_allclose(rates.seen, [[0.5 / (1 + step), 0.25 / (1 + step)] for step in range(6)], rtol=1e-6)


def test_cosine_decay():
    factor = cosine_decay(10, warmup_steps=4, floor=0.2)
    np.testing.assert_allclose([factor(step) for step in range(5)], [0.25, 0.5, 0.75, 1.0, 1.0])
    np.testing.assert_allclose([factor(7), factor(10), factor(99)], [0.6, 0.2, 0.2])


def test_resume_counts_from_where_fit_begins(tmp_path):
    model, resume = image_classifier(), Resume(tmp_path)
    model.compile()
    model.fit(labelled_pictures(), batch_size=8, initial_epoch=1, epochs=3, callbacks=[resume], verbose=0)
    assert resume.position == 9


def test_a_sheet_holds_every_picture_on_white():
    pictures = np.zeros((7, 4, 5, 1), "uint8")
    sheet = tile(pictures, columns=3, gap=2)
    assert sheet.shape == (3 * 6, 3 * 7, 1) and sheet.dtype == np.uint8
    assert (sheet == 0).sum() == 7 * 4 * 5 and (sheet == 255).sum() == sheet.size - 7 * 4 * 5
    assert sheet[13, 2] == 0 and sheet[13, 9] == 255


def test_sheets_are_drawn_after_every_epoch_with_the_averaged_weights(tmp_path):
    model, columns = mlp_gan(), captioned_pictures()
    model.compile(keras.optimizers.SGD(0.1), keras.optimizers.SGD(0.1), ema_decay=0.9)
    sheet = SampleSheet(tmp_path / "samples", {"text": columns["text"][:12]})
    model.fit(columns, batch_size=8, epochs=2, callbacks=[sheet], verbose=0)
    names = sorted(path.name for path in (tmp_path / "samples").iterdir())
    assert names == [f"epoch_000{epoch}_text_to_image.png" for epoch in (1, 2)]
    drawn = tf.io.decode_png((tmp_path / "samples" / names[1]).read_bytes())
    expected = tile(model.generate({"text": columns["text"][:12]}, seed=0))  # fit ends with the average
    np.testing.assert_array_equal(drawn, expected)


def test_sheets_of_words_are_text(tmp_path):
    model, columns = image_classifier(), labelled_pictures()
    model.compile()
    sheet = SampleSheet(tmp_path, {"image": list(columns["image"][:4])})
    model.fit(columns, batch_size=19, callbacks=[sheet], verbose=0)
    words = (tmp_path / "epoch_0001_image_to_label.txt").read_text().split()
    assert words == model.generate({"image": columns["image"][:4]})


def test_an_unusable_folder_for_samples_is_an_error(tmp_path):
    (tmp_path / "file").write_text("")
    model, columns = image_classifier(), labelled_pictures()
    model.compile()
    with pytest.raises(NotADirectoryError):
        sheet = SampleSheet(tmp_path / "file/samples", {"image": list(columns["image"][:4])})
        model.fit(columns, callbacks=[sheet], verbose=0)
