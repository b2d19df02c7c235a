"""The digits4 dataset, prepared from a few fabricated digits, clips and photos: pairing, splits, errors."""

import hashlib
import shutil
import sys
import tarfile

import numpy as np
import pytest
import tensorflow as tf

soundfile = pytest.importorskip("soundfile")
pytest.importorskip("tensorflow_datasets")

from mmgen_tf.data import builders, mnist_files  # noqa: E402
from mmgen_tf.data.builders.digits4 import pairing, sign_photos, spoken_digits  # noqa: E402
from mmgen_tf.data.builders.digits4.digits4_dataset_builder import WORDS  # noqa: E402
from mmgen_tf.data.package_source import PackageSource, PackageUnavailableError  # noqa: E402

NUM_ROWS = {"train": 60, "test": 20}
PEOPLE = 8


def idx_bytes(array):
    return bytes([0, 0, 8, array.ndim]) + np.array(array.shape, ">i4").tobytes() + array.tobytes()


def write_mnist(folder):
    """IDX files of 70 + 40 pictures that are as bright as their own number; returns their package."""
    folder.mkdir(parents=True)
    pins = {}
    for (_, members), count in zip(mnist_files.FILES.items(), (70, 40)):
        images = np.broadcast_to(np.arange(count, dtype="uint8")[:, None, None], (count, 28, 28))
        for member, array in zip(members, (images, (np.arange(count) * 7 % 10).astype("uint8"))):
            path = folder / member.split("/")[-1]
            path.write_bytes(idx_bytes(array))
            pins[member] = hashlib.sha256(path.read_bytes()).hexdigest()
    return PackageSource("npm", "tiny-digits", "0.0.1", pins)


def tone(hertz, samples=2000, peak=0.2):
    return (peak * np.sin(2 * np.pi * hertz * np.arange(samples) / 8000)).astype("float32")


def write_recordings(root):
    """Clips whose pitch tells digit and index, photos whose red tells the digit and whose green tells the person."""
    clips, photos = root / "free_spoken_digits", root / "sign_digits"
    clips.mkdir(parents=True)
    for digit in range(10):
        for index, suffix in ((0, "flac"), (4, "wav"), (5, "flac"), (11, "wav"), (30, "flac")):
            soundfile.write(clips / f"{digit}_ann_{index}.{suffix}", tone(300 * (digit + 1) + 5 * index), 8000)
        (photos / str(digit)).mkdir(parents=True)
        for person in range(PEOPLE):
            picture = np.zeros((64, 64, 3), "uint8") + np.array([25 * digit, 30 * person, 0], "uint8")
            path = photos / str(digit) / f"IMG_{1000 + 10 * person + digit}.jpg"
            path.write_bytes(tf.io.encode_jpeg(picture, quality=100).numpy())


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A folder with all three sources, and MNIST's package."""
    root = tmp_path_factory.mktemp("source")
    write_recordings(root)
    return root, write_mnist(root / "mnist")


@pytest.fixture(scope="module")
def splits(made, tmp_path_factory):
    """The columns of both splits, prepared from `source`, and the TFDS folder they lie in."""
    root, package = made
    data_dir = tmp_path_factory.mktemp("tfds")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MMGEN_TF_CACHE", str(tmp_path_factory.mktemp("cache")))
        builders.prepare("digits4", data_dir, root, package=package, num_rows=NUM_ROWS)
    return {split: builders.load("digits4", split, data_dir, prepare=False) for split in NUM_ROWS}, data_dir


def heard(audio):
    """(digit, index) of the fabricated clip in each row."""
    spectrum = np.abs(np.fft.rfft(audio[:, 3096:5096], axis=1))
    hertz = np.rint(spectrum.argmax(axis=1) * 4.0).astype(int)
    digit = hertz // 300 - 1
    return digit, np.rint((hertz - 300 * (digit + 1)) / 5.0).astype(int)


@pytest.mark.parametrize("split", NUM_ROWS)
def test_a_row_says_one_digit_in_four_ways(splits, split):
    columns, labels = splits[0][split], splits[0][split]["label"]
    assert columns["image"].shape[1:] == (28, 28, 1) and columns["image"].dtype == np.uint8
    assert columns["sign"].shape[1:] == (32, 32, 3) and columns["sign"].dtype == np.uint8
    assert columns["audio"].shape[1:] == (8192,) and columns["audio"].dtype == np.float32
    assert len(labels) == NUM_ROWS[split] and columns["text"].tolist() == [WORDS[label] for label in labels]
    np.testing.assert_array_equal(columns["image"][:, 0, 0, 0].astype(int) * 7 % 10, labels)
    np.testing.assert_array_equal(np.rint(columns["sign"][:, 9, 9, 0] / 25.0), labels)
    np.testing.assert_array_equal(heard(columns["audio"])[0], labels)
    np.testing.assert_allclose(np.abs(columns["audio"]).max(axis=1), 0.9, atol=1e-3)
    assert not columns["audio"][:, :3000].any() and not columns["audio"][:, -3000:].any()  # in the middle


def test_rows_follow_mnist_and_test_classes_are_even(splits):
    train, test = (splits[0][split] for split in ("train", "test"))
    assert train["image"][:, 0, 0, 0].tolist() == list(range(60))
    assert test["image"][:, 0, 0, 0].tolist() == list(range(20)) and set(np.bincount(test["label"])) == {2}


def test_no_clip_and_no_person_is_in_both_splits_and_all_are_used(splits):
    indices, people = {}, {}
    for split, columns in splits[0].items():
        indices[split] = set(heard(columns["audio"])[1].tolist())
        people[split] = set(np.rint(columns["sign"][:, 9, 9, 1] / 30.0).astype(int).tolist())
    assert indices == {"train": {5, 11, 30}, "test": {0, 4}}
    assert not people["train"] & people["test"] and len(people["train"]) > len(people["test"])


def test_the_data_dir_and_archives_will_do_and_give_the_same_rows(made, splits, tmp_path, monkeypatch):
    root, package = made
    monkeypatch.setenv("MMGEN_TF_CACHE", str(tmp_path / "cache"))
    package.fetch(local=root / "mnist")
    for folder, archive in (("free_spoken_digits", "recordings_flac.tar"), ("sign_digits", "images_64.tar")):
        (tmp_path / "tfds" / folder).mkdir(parents=True)
        with tarfile.open(tmp_path / "tfds" / folder / archive, "w") as tar:
            tar.add(root / folder, ".")
    columns = builders.load("digits4", "test", tmp_path / "tfds", package=package, num_rows=NUM_ROWS)
    for name, column in splits[0]["test"].items():
        np.testing.assert_array_equal(columns[name], column)


def test_tfds_alone_reads_what_was_prepared(splits):
    import tensorflow_datasets as tfds

    builder = tfds.builder_from_directory(str(next(splits[1].glob("digits4/*"))))
    row = next(iter(builder.as_dataset(split="test", read_config=tfds.ReadConfig(try_autocache=False))))
    np.testing.assert_array_equal(row["audio"], splits[0]["test"]["audio"][0])
    feature = builder.info.features["audio"]
    steps = feature.encode_example(splits[0]["test"]["audio"][0])
    np.testing.assert_array_equal(feature.decode_example_np(steps), row["audio"])


def test_recordings_that_are_not_there_are_named(made, tmp_path):
    with pytest.raises(PackageUnavailableError) as error:
        builders.prepare("digits4", tmp_path, package=made[1])
    for part in (str(tmp_path), "recordings_flac.tar", "Zohar Jackson", "images_64.tar", "Arda Mavi", "Zeynep Dikle"):
        assert part in str(error.value)
    shutil.copytree(made[0] / "sign_digits", tmp_path / "sign_digits")
    with pytest.raises(PackageUnavailableError, match=r"'sign_digits'.*\], without free_spoken_digits\.$"):
        builders.prepare("digits4", tmp_path / "tfds", tmp_path, package=made[1])


def test_too_few_digits_are_refused(made, tmp_path, monkeypatch):
    monkeypatch.setenv("MMGEN_TF_CACHE", str(tmp_path))
    with pytest.raises(ValueError, match=r"Split 'test': expected 100 instances, 10 of each class; received \[4, 4"):
        builders.prepare("digits4", tmp_path, made[0], package=made[1], num_rows={"train": 10, "test": 100})


def test_bad_clips_are_refused(tmp_path, monkeypatch):
    folder = tmp_path / "free_spoken_digits"
    folder.mkdir()
    for name, rate, message in (("seven.wav", 8000, "received 'seven.wav'"), ("7_ann_0.wav", 16000, "at 16000 Hz")):
        soundfile.write(folder / name, tone(300), rate)
        with pytest.raises(ValueError, match=message):
            spoken_digits.read_clips(tmp_path)
        (folder / name).unlink()
    (folder / "7_ann_0.flac").write_bytes(b"none")
    with pytest.raises(ValueError, match="'7_ann_0.flac' cannot be read"):
        spoken_digits.read_clips(tmp_path)
    monkeypatch.setitem(sys.modules, "soundfile", None)
    with pytest.raises(ImportError, match=r'pip install "mmgen_tf\[audio\]"'):
        spoken_digits.read_clips(tmp_path)


def test_bad_photos_are_refused(tmp_path):
    (tmp_path / "sign_digits" / "3").mkdir(parents=True)
    for name, message in (("hand.jpg", r"expected files \{digit\}.*received '3/hand.jpg'"), ("IMG_1.JPG", "be read")):
        (tmp_path / "sign_digits" / "3" / name).write_bytes(b"none")
        with pytest.raises(ValueError, match=message):
            sign_photos.read_photos(tmp_path)
        (tmp_path / "sign_digits" / "3" / name).unlink()


def test_a_long_clip_loses_its_silence_then_its_ends():
    quiet = np.zeros(6400, "float32")
    fitted = spoken_digits.fit_clip(np.concatenate([quiet, tone(300, 1280), quiet + 0.001]))
    assert np.flatnonzero(fitted)[[0, -1]].tolist() == [3457, 4735]
    np.testing.assert_allclose(fitted[3456:4736], tone(300, 1280, 0.9), atol=0.01)
    long = np.linspace(0.5, 1, 9192, dtype="float32")
    np.testing.assert_allclose(spoken_digits.fit_clip(long) * long[8691] / 0.9, long[500:8692], rtol=1e-4)
    assert not spoken_digits.fit_clip(np.zeros(9000)).any() and spoken_digits.fit_clip(np.zeros(0)).shape == (8192,)


def test_each_of_a_class_is_used_as_often():
    labels, pool = np.arange(50) % 2, np.array([0, 0, 0, 1, 1, 1, 1])
    chosen = pairing.pair_by_class(labels, pool, seed=3)
    np.testing.assert_array_equal(pool[chosen], labels)
    assert sorted(np.bincount(chosen)) == [6, 6, 6, 7, 8, 8, 9]
    np.testing.assert_array_equal(chosen, pairing.pair_by_class(labels, pool, seed=3))
    assert (chosen != pairing.pair_by_class(labels, pool, seed=4)).any()
    with pytest.raises(ValueError, match="something of class 1"):
        pairing.pair_by_class(labels, np.zeros(3, int), seed=0)


def test_nobody_who_left_out_or_repeated_a_digit_is_split():
    labels = np.array([*range(10), 0, 1, 1, 2, 9, 1, 2, 3, 9, *range(10)])
    sittings = sign_photos.find_sittings(labels)
    assert np.bincount(sittings).tolist() == [10, 9, 10]
    assert {len(set(sign_photos.choose_test(sittings)[sittings == n])) for n in range(3)} == {1}
