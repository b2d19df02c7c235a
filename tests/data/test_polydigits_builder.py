"""The polydigits dataset, prepared from a tiny synthetic package: pairs, composition, missing values, errors."""

import hashlib

import numpy as np
import pytest

pytest.importorskip("tensorflow_datasets")

from mmgen_tf.data import builders, mnist_files  # noqa: E402
from mmgen_tf.data.builders.polydigits import digit_composer, polydigits_dataset_builder  # noqa: E402
from mmgen_tf.data.package_source import PackageSource  # noqa: E402

SIZES = {"train": 60, "test": 20}
IMAGES = [f"image_{modality}" for modality in range(5)]


def idx_bytes(array):
    return bytes([0, 0, 8, array.ndim]) + np.array(array.shape, ">i4").tobytes() + array.tobytes()


@pytest.fixture(scope="module")
def tiny(tmp_path_factory):
    """A prepared `data_dir`, the folder of IDX files it was read from, their package, the arrays in them."""
    folder, arrays, pins = tmp_path_factory.mktemp("idx"), {}, {}
    for seed, (split, members) in enumerate(mnist_files.FILES.items()):
        rng = np.random.default_rng(seed)
        ink = rng.integers(0, 256, (SIZES[split], 28, 28), np.uint8)
        arrays[split] = ink, rng.permutation(np.arange(SIZES[split], dtype=np.uint8) % 3)
        for member, array in zip(members, arrays[split], strict=True):
            path = folder / member.split("/")[-1]
            path.write_bytes(idx_bytes(array))
            pins[member] = hashlib.sha256(path.read_bytes()).hexdigest()
    package = PackageSource("npm", "tiny-digits", "0.0.1", pins)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MMGEN_TF_CACHE", str(tmp_path_factory.mktemp("cache")))
        data_dir = tmp_path_factory.mktemp("tfds")
        builders.prepare("polydigits", data_dir=data_dir, source=folder, package=package)
    return data_dir, folder, package, arrays


@pytest.mark.parametrize("split", SIZES)
def test_rows_show_the_paired_digits_over_their_photographs(tiny, split):
    data_dir, _, _, arrays = tiny
    digits, labels = arrays[split]
    columns = builders.load("polydigits", split, data_dir=data_dir, prepare=False)
    assert sorted(columns) == [*IMAGES, "label"]
    np.testing.assert_array_equal(columns["label"], labels)
    seed = polydigits_dataset_builder.SEEDS[split]
    pairs = digit_composer.pair_instances(labels, seed)
    for modality, name in enumerate(IMAGES):
        assert columns[name].dtype == np.uint8 and columns[name].shape == (SIZES[split], 28, 28, 3)
        expected = digit_composer.compose_digits(digits[pairs[:, modality]], modality, [seed, modality, 0])
        np.testing.assert_array_equal(columns[name], expected)


def test_pairs_are_permutations_within_the_class_without_a_repeat_in_a_row():
    labels = np.random.default_rng(0).integers(0, 10, 500)
    pairs = digit_composer.pair_instances(labels, seed=4)
    assert pairs.dtype == np.int32 and pairs.shape == (500, 5)
    np.testing.assert_array_equal(pairs[:, 0], np.arange(500))
    np.testing.assert_array_equal(labels[pairs], np.repeat(labels[:, None], 5, axis=1))
    np.testing.assert_array_equal(np.sort(pairs, axis=0), np.repeat(np.arange(500)[:, None], 5, axis=1))
    assert (np.diff(np.sort(pairs, axis=1), axis=1) > 0).all()
    assert (digit_composer.pair_instances(labels, seed=5) != pairs).any()
    np.testing.assert_array_equal(digit_composer.pair_instances([7, 7], 0)[:, 1:].max(), 1)  # a class of two repeats


@pytest.mark.parametrize("modality", range(5))
def test_full_ink_inverts_the_photograph_and_no_ink_leaves_it(modality):
    photograph = digit_composer.read_background(modality)
    assert photograph.dtype == np.uint8 and photograph.shape == (160, 160, 3)
    digits = np.zeros((4, 28, 28), np.uint8)
    plain, full = (digit_composer.compose_digits(digits + ink, modality, 9) for ink in (np.uint8(0), np.uint8(255)))
    np.testing.assert_array_equal(full, 255 - plain)
    pieces = np.lib.stride_tricks.sliding_window_view(photograph, (28, 28), axis=(0, 1))
    assert (pieces == plain[0].transpose(2, 0, 1)).all(axis=(2, 3, 4)).any()
    # inversion moves a pixel by a third of the range and more on average, so a digit can be read
    assert np.sqrt(np.square(255.0 - 2.0 * photograph).mean(axis=-1)).mean() > 85


def test_blending_is_exact_and_a_row_depends_on_its_index_only():
    piece, ink = np.meshgrid(np.arange(256), np.arange(256))
    expected = np.floor((piece * (255 - ink) + (255 - piece) * ink) / 255 + 0.5)
    np.testing.assert_array_equal(digit_composer._invert(piece.astype("uint16"), ink.astype("uint16")), expected)
    digits = np.random.default_rng(1).integers(0, 256, (600, 28, 28), np.uint8)
    many = digit_composer.compose_digits(digits, 1, 2)
    np.testing.assert_array_equal(digit_composer.compose_digits(digits[:9], 1, 2), many[:9])
    assert len(digit_composer.compose_digits(digits[:0], 1, 2)) == 0


def test_loading_with_a_missing_ratio_marks_pictures_but_not_labels(tiny):
    columns = builders.load("polydigits", "train", data_dir=tiny[0], missing_ratio=0.5, missing_seed=1)
    there = np.stack([columns["present"][name] for name in IMAGES], axis=1)
    assert sorted(columns["present"]) == IMAGES and there.any(axis=1).all() and not there.all()
    again, other = (
        builders.load("polydigits", "train", tiny[0], IMAGES[:2], missing_ratio=0.5, missing_seed=seed)["present"]
        for seed in (1, 2)
    )
    assert list(again) == IMAGES[:2] and any((again[name] != other[name]).any() for name in again)
    with pytest.raises(ValueError, match="one or more names"):
        builders.load("polydigits", "train", tiny[0], ["label"], missing_ratio=0.5)


def test_pairs_other_than_the_pinned_ones_are_refused(tiny, tmp_path, monkeypatch):
    _, folder, package, _ = tiny
    monkeypatch.setattr(mnist_files, "MNIST_PACKAGE", package)
    monkeypatch.setenv("MMGEN_TF_CACHE", str(tmp_path))
    builder = polydigits_dataset_builder.Builder(data_dir=tmp_path, source=folder, package=package)
    with pytest.raises(ValueError, match="Pairs of 'train': expected SHA-256 32813089.*; received"):
        builder._split_generators(None)


def test_digits_and_modalities_that_do_not_exist_are_refused():
    with pytest.raises(ValueError, match="at least 0 and below 5; received 5"):
        digit_composer.compose_digits(np.zeros((1, 28, 28), np.uint8), 5, 0)
    with pytest.raises(ValueError, match=r"received float64 \(1, 28, 28\)"):
        digit_composer.compose_digits(np.zeros((1, 28, 28)), 0, 0)
