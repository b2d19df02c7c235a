"""Raw examples in four forms -> the same batches, in an order that (seed, step) decides."""

import itertools
import json

import numpy as np
import pytest
import tensorflow as tf
from tiny_models import SIDE, WORDS, captioned_pictures

from mmgen_tf.data.pipeline import Examples, evaluation_batches
from mmgen_tf.modalities.image.image_processor import ImageProcessor
from mmgen_tf.modalities.label.label_processor import LabelProcessor
from mmgen_tf.modalities.text.text_processor import TextProcessor

IMAGE, TEXT = ImageProcessor(**SIDE), TextProcessor(vocabulary=WORDS, sequence_length=4)
LABEL = LabelProcessor(classes=[str(i) for i in range(10)])
PROCESSORS = {"image": IMAGE, "text": TEXT}
COLUMNS = captioned_pictures(10)


def taken(source, count, start=0):
    return list(source.batches(start).take(count).as_numpy_iterator())


def assert_same_batches(ones, others):
    assert len(ones) == len(others) > 0
    for one, other in zip(ones, others):
        tf.nest.map_structure(np.testing.assert_array_equal, one, other)


def rows_of(batches):
    """Which of the ten rows stand in each batch; its picture tells a row."""
    known = {IMAGE.preprocess(picture).numpy().tobytes(): row for row, picture in enumerate(COLUMNS["image"])}
    return [[known[picture.tobytes()] for picture in batch["image"]] for batch in batches]


def test_a_batch_is_what_the_contract_says():
    first, *_, last = taken(Examples(COLUMNS, PROCESSORS, 4, shuffle=False), 3)
    assert set(first) == {"image", "text", "present", "row"}
    np.testing.assert_array_equal(first["image"], IMAGE.preprocess(COLUMNS["image"][:4]))
    np.testing.assert_array_equal(first["text"], TEXT.preprocess(COLUMNS["text"][:4]))
    assert first["present"] == {"image": pytest.approx(np.ones(4)), "text": pytest.approx(np.ones(4))}
    np.testing.assert_array_equal(first["row"], [[0, 4], [1, 4], [2, 4], [3, 4]])
    np.testing.assert_array_equal(last["row"], [[0, 2], [1, 2]])
    assert first["image"].dtype == np.float32 and first["text"].dtype == first["row"].dtype == np.int32


def test_every_epoch_holds_every_row_once_in_an_order_of_its_own():
    source = Examples(COLUMNS, PROCESSORS, 4)
    assert source.steps_per_epoch == 3
    rows = rows_of(taken(source, 9))
    epochs = [list(itertools.chain(*rows[i : i + 3])) for i in (0, 3, 6)]
    assert [sorted(epoch) for epoch in epochs] == [list(range(10))] * 3
    assert epochs[0] != epochs[1] != epochs[2] != list(range(10)) != epochs[0]
    again, other = (rows_of(taken(Examples(COLUMNS, PROCESSORS, 4, seed=seed), 9)) for seed in (0, 1))
    assert again == rows != other


def test_rows_of_about_the_same_length_share_a_batch_when_asked():
    words = [1, 3, 2, 1, 2, 3, 1, 2, 3, 1]
    columns = {**COLUMNS, "text": [" ".join(WORDS[:1] * count) for count in words]}
    source = Examples(columns, PROCESSORS, 3, drop_remainder=True, grouped=["text"])
    batches = taken(source, 3 * 20)
    rows, epochs = rows_of(batches), []
    for epoch in range(20):
        here = rows[3 * epoch : 3 * epoch + 3]
        assert len({row for batch in here for row in batch}) == 9  # one is left out
        spans = sorted((min(words[row] for row in batch), max(words[row] for row in batch)) for batch in here)
        assert all(most <= least for (_, most), (least, _) in itertools.pairwise(spans))
        epochs.append(here)
    left_out = {10 * 9 // 2 - sum(row for batch in epoch for row in batch) for epoch in epochs}
    assert len(left_out) > 3 and len({str(epoch) for epoch in epochs}) == 20
    assert len({words[epoch[0][0]] for epoch in epochs}) == 3  # nor do the short ones always come first
    assert_same_batches(batches[7:9], taken(source, 2, start=7))
    every = rows_of(taken(Examples(columns, PROCESSORS, 3, grouped=["text"]), 4))
    assert sorted(row for batch in every for row in batch) == list(range(10))


def test_drop_remainder_and_its_static_shape():
    source = Examples(COLUMNS, PROCESSORS, 4, drop_remainder=True)
    assert source.steps_per_epoch == 2 and [len(batch["text"]) for batch in taken(source, 5)] == [4] * 5
    assert source.batches().element_spec["row"].shape == (4, 2)
    assert Examples(COLUMNS, PROCESSORS, 4).batches().element_spec["row"].shape == (None, 2)


def as_dataset(columns=COLUMNS):
    return tf.data.Dataset.from_tensor_slices({"image": columns["image"], "text": columns["text"]})


@pytest.mark.parametrize("form", [lambda: COLUMNS, as_dataset], ids=["columns", "dataset"])
@pytest.mark.parametrize("start", [0, 2, 4, 7])
def test_a_stream_can_begin_at_any_step(form, start):
    whole = taken(Examples(form(), PROCESSORS, 4, seed=5), 10)
    assert_same_batches(taken(Examples(form(), PROCESSORS, 4, seed=5), 10 - start, start), whole[start:])


@pytest.mark.parametrize("grouped", [(), ("text",)])
def test_a_step_says_its_rows_and_rows_their_batch(grouped):
    examples = Examples(COLUMNS, PROCESSORS, 4, seed=5, grouped=grouped)
    asked = [tf.nest.map_structure(np.asarray, examples.batch(examples.rows(np.int64(step)))) for step in range(7)]
    assert_same_batches(asked, taken(examples, 7))


def as_folder(folder):
    lines = []
    for row, (picture, text) in enumerate(zip(COLUMNS["image"], COLUMNS["text"])):
        (folder / f"{row}.png").write_bytes(tf.io.encode_png(picture).numpy())
        lines.append(json.dumps({"file_name": f"{row}.png", "text": text}))
    (folder / "metadata.jsonl").write_text("\n".join(lines))
    return folder


@pytest.mark.parametrize("shuffle", [False, True])
def test_columns_lists_and_folders_give_the_same_batches(tmp_path, shuffle):
    rows = [{"image": image, "text": text, "extra": 1} for image, text in zip(COLUMNS["image"], COLUMNS["text"])]
    expected = taken(Examples(COLUMNS, PROCESSORS, 4, shuffle=shuffle), 6)
    for form in (rows, as_folder(tmp_path), str(tmp_path), {**COLUMNS, "text": np.array(COLUMNS["text"])}):
        assert_same_batches(taken(Examples(form, PROCESSORS, 4, shuffle=shuffle), 6), expected)


@pytest.mark.parametrize(
    "form",
    [as_dataset, lambda: as_dataset().batch(3), lambda: as_dataset().filter(lambda _: True)],
    ids=["single", "batched", "of_unknown_length"],
)
def test_datasets_give_the_same_batches(form):
    expected = taken(Examples(COLUMNS, PROCESSORS, 4, shuffle=False), 6)
    source = Examples(form(), PROCESSORS, 4, shuffle=False)
    assert source.count == 10 and source.steps_per_epoch == 3
    assert_same_batches(taken(source, 6), expected)


def test_datasets_are_shuffled_by_seed():
    rows, again, other = (rows_of(taken(Examples(as_dataset(), PROCESSORS, 10, seed=seed), 2)) for seed in (0, 0, 1))
    assert rows == again != other and rows[0] != rows[1] and sorted(rows[0]) == list(range(10))


def test_missing_values_and_columns_are_marked_and_blank():
    texts = [None if row % 2 else text for row, text in enumerate(COLUMNS["text"])]
    (batch,) = taken(Examples({"image": COLUMNS["image"], "text": texts}, PROCESSORS, 10, shuffle=False), 1)
    np.testing.assert_array_equal(batch["present"]["text"], [True, False] * 5)
    assert batch["present"]["image"].all() and not batch["text"][1::2].any() and batch["text"][::2].any(axis=1).all()
    for form in ({"text": COLUMNS["text"]}, as_dataset().map(lambda row: {"text": row["text"]})):
        (batch,) = taken(Examples(form, PROCESSORS, 10, shuffle=False), 1)
        assert not batch["present"]["image"].any() and batch["present"]["text"].all()
        assert batch["image"].shape == (10, 8, 8, 1)


def test_a_dataset_may_say_what_is_missing():
    def mark(index, row):
        return {**row, "present": {"text": index % 2 == 0}}

    dataset = as_dataset().enumerate().map(mark)
    (batch,) = taken(Examples(dataset, PROCESSORS, 10, shuffle=False), 1)
    np.testing.assert_array_equal(batch["present"]["text"], [True, False] * 5)
    assert batch["present"]["image"].all()


def test_labels_of_any_integer_type_will_do():
    columns = {"label": np.arange(10, dtype="int64")}
    for form in (columns, tf.data.Dataset.from_tensor_slices(columns)):
        (batch,) = taken(Examples(form, {"label": LABEL}, 10, shuffle=False), 1)
        np.testing.assert_array_equal(batch["label"], np.arange(10))
        assert batch["label"].dtype == np.int32


def test_evaluation_sees_every_row_once_in_order():
    batches = list(evaluation_batches(COLUMNS, PROCESSORS, 4).as_numpy_iterator())
    assert rows_of(batches) == [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9]]


@pytest.mark.parametrize(
    "examples, message",
    [
        (7, "a tf.data.Dataset, a dict of columns, a list of dicts or a folder; received int"),
        ([], "Expected columns"),
        ({}, r"Expected columns \['image', 'text'\]; received \[\]"),
        ({"picture": COLUMNS["image"]}, r"received \['picture'\], without \['image', 'text'\]"),
        ({"image": COLUMNS["image"]}, r"received \['image'\], without \['text'\]"),
        ({**COLUMNS, "text": COLUMNS["text"][:9]}, "one and the same length of at least 1; received .*'text': 9"),
        ({"image": COLUMNS["image"][:0], "text": []}, "length of at least 1"),
        ({**COLUMNS, "text": [*COLUMNS["text"][:9], None]}, "needs 'text' to train this model; example 9 has none"),
        (as_dataset().take(0), "holds no example"),
        (as_dataset().map(lambda row: row["text"]), "Expected a Dataset of dicts"),
        (as_dataset().map(lambda row: {"image": row["image"]}), r"without \['text'\]"),
        (as_dataset().map(lambda row: {**row, "image": row["image"][:4]}), r"image: .* \(8, 8, 1\) .* \(4, 8, 1\)"),
        (as_dataset().map(lambda row: {**row, "image": tf.cast(row["image"], "float32")}), "uint8; received .*float32"),
    ],
)
def test_bad_examples_are_refused(examples, message):
    with pytest.raises(ValueError, match=message):
        Examples(examples, PROCESSORS, 4, complete=("image", "text"))


def test_dataset_labels_outside_the_classes_are_refused():
    dataset = tf.data.Dataset.from_tensor_slices({"label": np.array([3, 10])})
    with pytest.raises(tf.errors.InvalidArgumentError, match="label: no such class"):
        taken(Examples(dataset, {"label": LABEL}, 2), 1)


@pytest.mark.parametrize(
    "options, message",
    [
        ({"batch_size": 0}, "batch_size must be at least 1; received 0"),
        ({"batch_size": 11, "drop_remainder": True}, "leaves nothing of 10"),
    ],
)
def test_bad_batch_sizes_are_refused(options, message):
    with pytest.raises(ValueError, match=message):
        Examples(COLUMNS, PROCESSORS, **options)


def test_the_end_of_a_stream_waits_for_nobody():
    """tf.data's autotuning thread sleeps ever longer, and may not let a stream go before it wakes."""
    stream = Examples(COLUMNS, PROCESSORS, 4).batches()
    assert stream.options().autotune.enabled is False
