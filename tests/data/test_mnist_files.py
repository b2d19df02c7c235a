"""Reading MNIST's files: splits, dtypes, what bad files do. Fetching them is tested with the digits dataset."""

import numpy as np
import pytest

from mmgen_tf.data import mnist_files


def write_split(folder, split, *arrays):
    for member, array in zip(mnist_files.FILES[split], arrays, strict=True):
        (folder / member).parent.mkdir(parents=True, exist_ok=True)
        header = bytes([0, 0, 8, array.ndim]) + np.array(array.shape, ">i4").tobytes()
        (folder / member).write_bytes(header + array.tobytes())


def test_a_split_is_read_in_its_own_order(tmp_path):
    images = np.random.default_rng(0).integers(0, 256, (3, 28, 28), np.uint8)
    write_split(tmp_path, "test", images, np.array([7, 0, 9], np.uint8))
    read, labels = mnist_files.read_split(str(tmp_path), "test")
    np.testing.assert_array_equal(read, images)
    assert read.dtype == np.uint8 and labels.dtype == np.int64 and labels.tolist() == [7, 0, 9]


def test_a_split_that_does_not_exist_or_fit_is_refused(tmp_path):
    with pytest.raises(ValueError, match=r"among \['test', 'train'\]; received 'valid'"):
        mnist_files.read_split(tmp_path, "valid")
    write_split(tmp_path, "train", np.zeros((3, 28, 28), np.uint8), np.zeros(2, np.uint8))
    with pytest.raises(ValueError, match="Split 'train': expected as many labels as images, 3; received 2"):
        mnist_files.read_split(tmp_path, "train")
