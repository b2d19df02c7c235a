"""The emoji dataset, prepared from tiny packages: pictures of three formats, names, captions, the split by concept."""

import hashlib
import io
import json

import numpy as np
import pytest

pytest.importorskip("resvg_py")
pytest.importorskip("tensorflow_datasets")
from PIL import Image  # noqa: E402

from mmgen_tf.data import builders  # noqa: E402
from mmgen_tf.data.builders.emoji import emoji_dataset_builder, emoji_names, emoji_packages, emoji_pictures  # noqa: E402
from mmgen_tf.data.package_source import PackageSource, sha256_of_folder  # noqa: E402

CONCEPTS = [f"1f{number:03x}" for number in range(0x400, 0x428)]
SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 72 72"><rect width="72" height="72" fill="{}"/></svg>'
FOLDERS = {style: next(iter(package.folders)) for style, package in emoji_packages.PACKAGES.items() if package.folders}
ENDINGS = {"noto": "png", "twemoji": "png", "3d": "webp", "flat": "svg", "modern": "svg", "openmoji": "svg"}


def picture(path, number):
    if path.suffix == ".svg":
        path.write_text(SVG.format(f"rgb({number}, 0, 255)"))
    else:
        Image.new("RGBA", (64, 32), (number, 0, 255, 255)).save(path, lossless=True)


@pytest.fixture(scope="module")
def tiny(tmp_path_factory):
    """A prepared `data_dir`, and the packages."""
    room, packages = tmp_path_factory.mktemp("packages"), {}
    for style, folder in FOLDERS.items():
        place = room / style / folder
        place.mkdir(parents=True)
        for number, concept in enumerate(CONCEPTS):
            name = concept.upper() if style == "openmoji" else concept
            picture(place / f"{name}{'-fe0f' if style == '3d' else ''}.{ENDINGS[style]}", number)
        packages[style] = ({}, {folder: sha256_of_folder(place)})
    (place / f"{CONCEPTS[0].upper()}.svg").unlink()  # one style lacks it: it is left out
    packages["openmoji"] = ({}, {folder: sha256_of_folder(place)})
    listed = [{"unified": concept.upper(), "category": "Objects"} for concept in CONCEPTS]
    (room / "noto" / emoji_packages.LIST).write_text(json.dumps(listed))
    for kind in ("annotations", "annotationsDerived"):
        for language in emoji_packages.LANGUAGES:
            path = room / kind / emoji_packages.name_file(kind, language)
            path.parent.mkdir(parents=True)
            some = CONCEPTS[:30] if kind == "annotations" else CONCEPTS[30:]
            told = {chr(int(c, 16)): {"tts": [f"thing {c} {language}"], "default": ["a", "b"]} for c in some}
            path.write_text(json.dumps({kind: {"annotations": told}}), encoding="utf-8")
        packages[kind] = ({}, {})
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MMGEN_TF_CACHE", str(tmp_path_factory.mktemp("cache")))
        made = {}
        for key, (_, folders) in packages.items():
            files = {
                path.relative_to(room / key).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
                for path in (room / key).rglob("*.json")
            }
            made[key] = PackageSource("npm", f"tiny-{key}", "1", files, folders)
        patch.setattr(emoji_packages, "_local", lambda source, package: room / package.name.removeprefix("tiny-"))
        data_dir = tmp_path_factory.mktemp("tfds")
        builders.prepare("emoji", data_dir=data_dir, source=room, packages=made)
    return data_dir


def columns_of(tiny, split):
    return builders.load("emoji", split, data_dir=tiny, prepare=False)


def test_pictures_of_all_formats_come_on_white(tiny):
    columns = columns_of(tiny, "train")
    for row, concept in enumerate(columns["concept"]):
        number = CONCEPTS.index(concept)
        assert columns["image"][row, 32, 32].tolist() == [number, 0, 255]
        square = columns["style"][row] >= 3  # SVG; the others lie 64 x 32 in the middle of the sheet
        assert columns["image"][row, 2, 2].tolist() == ([number, 0, 255] if square else [255, 255, 255])


def test_names_and_captions_in_all_languages(tiny):
    columns = columns_of(tiny, "train[:1]")
    concept, style = columns["concept"][0], emoji_packages.STYLES[columns["style"][0]]
    assert columns["text"][0] == f"thing {concept} en, {style} style"
    assert columns["text_zh"][0] == f"thing {concept} zh，{style}风格"
    assert columns["keywords_ja"][0] == "a | b"


def test_the_split_is_by_concept(tiny):
    parts = {split: columns_of(tiny, split) for split in ("train", "held_out", "test")}
    seen, unseen = set(parts["train"]["concept"]), set(parts["test"]["concept"])
    assert len(unseen) == 4 and len(seen) == 35 and not seen & unseen
    assert CONCEPTS[0] not in seen | unseen  # which one style lacks
    assert set(parts["held_out"]["concept"]) <= seen and len(parts["held_out"]["concept"]) == 7
    rows = [{(c, s) for c, s in zip(part["concept"], part["style"])} for part in parts.values()]
    assert len(rows[0]) == 35 * 6 - 7 and not rows[0] & rows[1]


def test_the_split_does_not_depend_on_the_order():
    split = emoji_dataset_builder.split_rows(CONCEPTS)
    assert split == emoji_dataset_builder.split_rows(CONCEPTS[::-1])
    assert split != emoji_dataset_builder.split_rows(CONCEPTS, seed=1)


def test_package_files_are_named_as_npm_names_them(tmp_path):
    local = emoji_packages._local(tmp_path, emoji_packages.PACKAGES["3d"])
    assert local == tmp_path / "lobehub-fluent-emoji-3d-1.1.0.tgz"


def test_bad_pictures_and_captions_are_refused(tmp_path):
    for name, content in (("1f34e.png", b"no picture"), ("1f34e.svg", b"<svg")):
        (tmp_path / name).write_bytes(content)
        with pytest.raises(ValueError, match=f"{name}: expected a PNG, WebP or SVG picture"):
            emoji_pictures.render(tmp_path / name)
    stored = io.BytesIO()
    Image.new("L", (200, 100), 0).save(stored, "png")
    (tmp_path / "grey.png").write_bytes(stored.getvalue())
    assert np.unique(emoji_pictures.render(tmp_path / "grey.png")[16:48]).tolist() == [0]
    with pytest.raises(ValueError, match="received 'cubist', 'en'"):
        emoji_names.caption_of("apple", "cubist")
