"""Flickr8k and Multi30K, prepared from fabricated photos and sentences: splits, missing photos, errors."""

import gzip
import io
import tarfile

import numpy as np
import pytest
import tensorflow as tf

pytest.importorskip("tensorflow_datasets")

from mmgen_tf.data import builders, flickr8k_files  # noqa: E402
from mmgen_tf.data.builders.multi30k.multi30k_dataset_builder import read_rows  # noqa: E402
from mmgen_tf.data.package_source import PackageUnavailableError  # noqa: E402

NAMES = {"train": ["11_a.jpg", "12_b.jpg"], "validation": ["13_c.jpg"], "test": ["14_d.jpg"]}
BRIGHT = {name: 40 * number for number, name in enumerate(sum(NAMES.values(), []), 1)}


@pytest.fixture
def source(tmp_path):
    """A folder with both sources: four photos, each of one grey; sentences about two of them and another."""
    folder = tmp_path / "flickr8k"
    folder.mkdir()
    lines = ["image,caption"]
    with tarfile.open(folder / "images_192.tar", "w") as archive:
        for number, (name, grey) in enumerate(BRIGHT.items()):
            side = 192 if number else 96  # one is enlarged
            data = tf.io.encode_jpeg(np.full((side, side, 3), grey, "uint8"), quality=100).numpy()
            member = tarfile.TarInfo(f"images/{name}")
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
            lines += [f'{name},"caption {n}, of {name} ."' for n in range(5)]
    (folder / "captions.csv").write_text("\n".join(lines), encoding="utf-8")
    for split, file in flickr8k_files.SPLITS.items():
        (folder / file).write_text("\n".join(reversed(NAMES[split])) + "\n", encoding="utf-8")
    folder = tmp_path / "multi30k"
    folder.mkdir()
    for part, names in (("train", ["11.jpg", "99_x.jpg"]), ("val", ["13_c.jpg"]), ("test_2016_flickr", ["98.jpg"])):
        (folder / f"images_{part}.txt").write_text("\n".join(names) + "\n")
        for language in ("en", "de", "fr", "cs"):
            sentences = "".join(f"{language} über {name}\n" for name in names)
            (folder / f"{part}.{language}.gz").write_bytes(gzip.compress(sentences.encode()))
    return tmp_path


def test_photos_come_in_the_official_order_with_five_captions(source, tmp_path):
    train = builders.load("flickr8k", "train", tmp_path / "tfds", source=source)
    assert train["name"].tolist() == ["12_b.jpg", "11_a.jpg"] and train["image"].shape == (2, 192, 192, 3)
    np.testing.assert_allclose(train["image"][:, 90, 90, 0].astype(int), [80, 40], atol=2)
    assert train["text"][0] == "caption 0, of 12_b.jpg ." and train["text_4"][1] == "caption 4, of 11_a.jpg ."
    test = builders.load("flickr8k", "test", source)  # the folder of datasets itself
    assert test["name"].tolist() == ["14_d.jpg"]


def test_sentences_come_in_four_languages_and_some_lack_their_photo(source, tmp_path):
    train = builders.load("multi30k", "train", tmp_path / "tfds", source=source)
    assert train["has_image"].tolist() == [True, False]
    assert (
        train["text"].tolist() == ["en über 11.jpg", "en über 99_x.jpg"] and train["text_cs"][1] == "cs über 99_x.jpg"
    )
    assert [image.shape for image in train["image"]] == [(192, 192, 3), (1, 1, 3)]
    assert abs(int(train["image"][0][90, 90, 0]) - 40) <= 2
    assert builders.load("multi30k", "validation", tmp_path / "tfds", source=source)["has_image"].tolist() == [True]


def test_multi30k_does_without_photos(source, tmp_path):
    (source / "flickr8k").rename(tmp_path / "elsewhere")
    assert not builders.load("multi30k", "train", tmp_path / "tfds", source=source)["has_image"].any()


def test_what_is_not_there_is_named(source, tmp_path):
    for name, file in (("flickr8k", "images_192.tar"), ("multi30k", "train.en.gz")):
        with pytest.raises(PackageUnavailableError, match=f"{name}/ with .*{file}"):
            builders.prepare(name, tmp_path / "nothing")
    (source / "flickr8k" / "test_images.txt").write_text("77_z.jpg\n")
    with pytest.raises(ValueError, match="'test' names '77_z.jpg' and 0 others without a photo or a caption"):
        builders.prepare("flickr8k", tmp_path / "tfds", source)
    (source / "flickr8k" / "captions.csv").write_text("image,caption\n11_a.jpg,one\n")
    with pytest.raises(ValueError, match="expected 5 captions of each photo; '11_a.jpg' has fewer"):
        flickr8k_files.read_captions(source)
    (source / "flickr8k" / "captions.csv").write_text("photo,caption\n")
    with pytest.raises(ValueError, match=r"columns image and caption; received \['photo', 'caption'\]"):
        flickr8k_files.read_captions(source)
    with pytest.raises(ValueError, match="'11_a.jpg' cannot be read"):
        flickr8k_files.decode_photo("11_a.jpg", b"none")


def test_sentences_that_do_not_belong_together_are_refused():
    files = {"images_val.txt": b"1.jpg\n2.jpg\n"} | {f"val.{n}.gz": gzip.compress(b"one\n") for n in ("en", "de", "fr")}
    with pytest.raises(ValueError, match="expected 'val.cs.gz' among the files"):
        read_rows(files, "val")
    with pytest.raises(ValueError, match="expected files of one length; received {'images_val.txt': 2, 'val.en.gz': 1"):
        read_rows({**files, "val.cs.gz": gzip.compress(b"one\n")}, "val")
