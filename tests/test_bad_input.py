"""What people really hand in, through the public calls: each is refused with what was expected and what came."""

import numpy as np
import pytest
import tensorflow as tf
from tiny_models import captioned_pictures, captions, dcgan, image_classifier, mlp_gan, pictures

import mmgen_tf


@pytest.fixture(scope="module")
def gan():
    model = mlp_gan()
    model.compile()
    return model


@pytest.fixture(scope="module")
def classifier():
    return image_classifier()


@pytest.mark.parametrize(
    "text, message",
    [
        ("", "text: an empty text. Expected at least one word; received ''"),
        (["thin", "  "], "an empty text"),
        ("qwerty", r"no known word in the text.*\['qwerty'\] of 'qwerty' are unknown; known words are .*thick"),
        ("thin thin thin thin", "too long a text. Expected at most 3 words; received 4 words"),
        ([3], "not a text. Expected a str; received int 3"),
    ],
)
def test_texts(gan, text, message):
    with pytest.raises(ValueError, match=message):
        gan.generate({"text": text})
    with pytest.raises(ValueError, match=message):
        texts = text if isinstance(text, list) else [text]
        gan.fit({"image": pictures(len(texts)), "text": texts}, verbose=0)


@pytest.mark.parametrize(
    "image, message",
    [
        (np.zeros((8, 8, 3), "uint8"), r"wrong shape. Expected .* shape \(8, 8, 1\).*received shape \(8, 8, 3\)"),
        (np.zeros((9, 8, 1), "uint8"), r"wrong shape.*\(8, 8, 1\).*\(9, 8, 1\)"),
        (np.zeros((8, 8, 1)), "a float picture; scale it to 0..255"),
        (np.full((8, 8, 1), np.nan), "holds NaN"),
        (np.zeros((8, 8, 1), bool), "not a uint8 picture"),
        ("seven.png", "not a uint8 picture"),
    ],
)
def test_pictures(classifier, image, message):
    for value in (image, [image]):
        with pytest.raises(ValueError, match=f"image: {message}"):
            classifier.generate({"image": value})


def test_missing_columns_and_values(gan):
    message = r"Expected columns \['image', 'text'\]; received \['text'\], without \['image'\]"
    with pytest.raises(ValueError, match=message):
        gan.fit({"text": captions(4)}, verbose=0)
    with pytest.raises(ValueError, match="Every example needs 'text' to train this model; example 1 has none"):
        gan.fit([{"image": image, "text": text} for image, text in zip(pictures(2), ("thin", None))], verbose=0)


def test_folders(gan, tmp_path):
    with pytest.raises(ValueError, match="received an empty folder"):
        gan.fit(tmp_path, verbose=0)
    (tmp_path / "metadata.csv").write_text("file_name,text\na.png,thin one\nb.png,thin two\n")
    (tmp_path / "a.png").write_bytes(tf.io.encode_png(pictures(1)[0]).numpy())
    (tmp_path / "b.png").write_bytes((tmp_path / "a.png").read_bytes()[:40])
    with pytest.raises(ValueError, match="1 of 2 rows are corrupt: row 2: image 'b.png' cannot be read"):
        gan.fit(tmp_path, verbose=0)
    (tmp_path / "metadata.csv").write_text("file_name,caption\na.png,thin one\n")
    with pytest.raises(ValueError, match=r"'text': expected a column 'text'; received \['file_name', 'caption'\]"):
        gan.fit(str(tmp_path), verbose=0)


@pytest.mark.parametrize("write", ["save_to_preset", "export"])
def test_an_unwritable_place(gan, tmp_path, write):
    (tmp_path / "file").write_text("")
    for place in (tmp_path / "file" / "out", tmp_path / "file"):
        with pytest.raises((OSError, ValueError), match="file"):
            getattr(gan, write)(place)
    assert [path.name for path in tmp_path.iterdir()] == ["file"] and not (tmp_path / "file").read_text()


def test_an_export_overwrites_nothing(gan, tmp_path):
    (tmp_path / "thesis.tex").write_text("irreplaceable")
    with pytest.raises(ValueError, match="holds something already; choose another directory"):
        gan.export(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.tex"]


def test_names_that_do_not_exist():
    with pytest.raises(ValueError, match="no preset 'digit_clasifier'; did you mean .*digit_classifier"):
        mmgen_tf.GenerativeModel.from_preset("digit_clasifier")
    with pytest.raises(ValueError, match="Unknown adversarial loss 'hing'; did you mean hinge"):
        mlp_gan().compile(adversarial="hing")
    with pytest.raises(AttributeError, match="has no attribute 'ConditionalGan'; it has .*ConditionalGAN"):
        mmgen_tf.ConditionalGan  # noqa: B018


def test_fit_before_compile_says_so():
    with pytest.raises(ValueError, match="compile"):
        mlp_gan().fit(captioned_pictures(), verbose=0)


def test_numbers_out_of_bounds():
    with pytest.raises(ValueError, match="ema_decay must lie in"):
        mlp_gan().compile(ema_decay=1.5)
    with pytest.raises(ValueError, match="multiples of 4; received 30 x 28"):
        type(dcgan().generator)(height=30)
