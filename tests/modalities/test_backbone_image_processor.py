"""Frozen backbones that ship beside the zoo: seen once before training, named in presets, exported."""

import json

import keras
import keras_hub
import numpy as np
import pytest
import tensorflow as tf
from tiny_models import WORD_IDS, WORDS, captions

from mmgen_tf import shipped_files
from mmgen_tf.data.folder import read_folder
from mmgen_tf.data.pipeline import Examples
from mmgen_tf.fusion.early_fusion import EarlyFusion
from mmgen_tf.modalities import hub_parts
from mmgen_tf.modalities.image.backbone_image_processor import BackboneImageProcessor
from mmgen_tf.modalities.image.given_regions import GivenRegions
from mmgen_tf.modalities.text.text_processor import TextProcessor
from mmgen_tf.models.rnn.attention_text_decoder import AttentionTextDecoder
from mmgen_tf.models.rnn.multimodal_rnn import MultimodalRNN

SIDE = {"height": 8, "width": 12}


@pytest.fixture
def backbone(tmp_path, monkeypatch):
    """A small backbone that ships as "tiny"; it turns its pictures."""
    made = keras_hub.models.ResNetBackbone(
        input_conv_filters=[64], input_conv_kernel_sizes=[3], stackwise_num_filters=[64], stackwise_num_blocks=[1],
        stackwise_num_strides=[1], block_type="basic_block", image_shape=(None, None, 3),
    )  # fmt: skip
    folder = tmp_path / "zoo" / "backbones" / "tiny"
    folder.mkdir(parents=True)
    config = {"backbone": hub_parts.backbone_config(made), "scale": 0.01, "offset": -1.0, "turned": True}
    (folder / shipped_files.CONFIG).write_text(json.dumps(config))
    made.save_weights(str(folder / shipped_files.WEIGHTS))
    shipped_files.write_manifest(folder)
    monkeypatch.setattr(hub_parts, "zoo_root", lambda: tmp_path / "zoo")
    hub_parts.shipped_backbone.cache_clear()
    yield made
    hub_parts.shipped_backbone.cache_clear()


def pictures(count):
    return np.random.default_rng(0).integers(0, 256, (count, 8, 12, 3)).astype("uint8")


def captioner():
    processor = BackboneImageProcessor(backbone="tiny", **SIDE)
    regions, width = processor.modality.shape
    return MultimodalRNN(
        {"image": processor, "text": TextProcessor(vocabulary=WORDS, sequence_length=4)},
        encoders={"image": GivenRegions(width, dropout=0.1)},
        fusion=EarlyFusion({"image": width}, 8, {"image": regions}, num_layers=0, dropout=0.0),
        decoder=AttentionTextDecoder(WORD_IDS, 4, 8, 8, dropout=0.0),
    )


def test_it_sees_what_the_backbone_sees(backbone):
    processor = BackboneImageProcessor(backbone="tiny", **SIDE)
    seen = processor.preprocess(tf.constant(pictures(2)))
    expected = backbone(0.01 * pictures(2)[:, ::-1, ::-1].astype("float32") - 1.0, training=False)
    assert processor.grid == tuple(expected.shape[1:3]) and processor.modality.check(seen).shape[0] == 2
    np.testing.assert_allclose(seen, np.reshape(np.array(expected)[:, ::-1, ::-1], seen.shape), rtol=1e-4, atol=1e-4)
    keras.config.set_dtype_policy("mixed_bfloat16")
    np.testing.assert_array_equal(processor.preprocess(tf.constant(pictures(2))), seen)  # it stays what it is


def test_regions_may_be_means_of_squares(backbone):
    fine, coarse = (BackboneImageProcessor(backbone="tiny", height=8, width=16, pool=pool) for pool in (1, 2))
    (rows, columns), wide = fine.grid, np.resize(pictures(3), (2, 8, 16, 3))
    seen = np.reshape(fine.preprocess(tf.constant(wide)), (2, rows // 2, 2, columns // 2, 2, -1))
    assert coarse.grid == (rows // 2, columns // 2) and coarse.get_config()["pool"] == 2
    pooled = coarse.preprocess(tf.constant(wide))
    np.testing.assert_allclose(pooled, seen.mean((2, 4)).reshape(pooled.shape), rtol=1e-4, atol=1e-5)
    with pytest.raises(ValueError, match=f"pool must divide the map of {rows} by {columns} places; received 5"):
        BackboneImageProcessor(backbone="tiny", height=8, width=16, pool=5)


def test_what_is_costly_is_done_once_for_all_rows_alike(backbone):
    processor = BackboneImageProcessor(backbone="tiny", **SIDE)
    text, photos = TextProcessor(vocabulary=WORDS, sequence_length=4), list(pictures(3))
    columns = {"image": [photos[0], None, photos[1], photos[0], photos[2]], "text": captions(5)}
    examples = Examples(columns, {"image": processor, "text": text}, 5, shuffle=False)
    assert examples.columns["image"].shape[0] == 4 and examples.columns["image"].dtype == tf.float16
    batch = next(iter(examples.batches()))
    assert batch["image"].dtype == tf.float32 and not batch["image"][1].numpy().any()
    np.testing.assert_array_equal(batch["image"][0], batch["image"][3])
    np.testing.assert_allclose(batch["image"][4], processor.preprocess(photos[2][None])[0], rtol=2e-3, atol=1e-3)
    stream = tf.data.Dataset.from_tensor_slices({"image": pictures(4), "text": captions(4)})
    batch = next(iter(Examples(stream, {"image": processor, "text": text}, 4, shuffle=False).batches()))
    np.testing.assert_allclose(batch["image"], processor.preprocess(pictures(4)), rtol=1e-4, atol=1e-4)


def test_a_preset_names_the_backbone_and_holds_none_of_it(backbone, tmp_path):
    model = captioner()
    model.compile(keras.optimizers.Adam(0.02))
    columns = {"image": pictures(4), "text": captions(4)}
    model.fit(columns, batch_size=4, epochs=100, verbose=0)
    assert model.generate({"image": columns["image"]}, to="text") == columns["text"]
    assert not {weight.path for weight in model.weights} & {variable.path for variable in backbone.weights}
    model.save_to_preset(tmp_path / "preset")
    again = MultimodalRNN.from_preset(tmp_path / "preset")
    assert again.generate({"image": columns["image"]}, to="text") == columns["text"]
    model.export(tmp_path / "saved")
    served = tf.saved_model.load(str(tmp_path / "saved")).signatures["image_to_text"](
        image=tf.constant(columns["image"]), num_samples=tf.constant(1), seed=tf.constant(0)
    )
    assert [text.decode() for text in served["text"].numpy()] == columns["text"]


def test_a_folder_of_photos_is_read_at_the_size_that_the_backbone_sees(backbone, tmp_path):
    for number, photo in enumerate(np.resize(pictures(4), (2, 16, 24, 3))):
        (tmp_path / f"{number}.png").write_bytes(tf.io.encode_png(photo).numpy())
    rows = [{"file_name": f"{number}.png", "text": text} for number, text in enumerate(captions(2))]
    (tmp_path / "metadata.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    model = captioner()
    columns = read_folder(tmp_path, model.modalities)
    assert [photo.shape for photo in columns["image"]] == [(8, 12, 3)] * 2
    model.compile()
    model.fit(tmp_path, batch_size=2, verbose=0)


def test_what_does_not_ship_or_was_altered_is_refused(backbone, tmp_path):
    with pytest.raises(ValueError, match="No backbone 'tini' ships with the package; did you mean 'tiny'"):
        BackboneImageProcessor(backbone="tini")
    with pytest.raises(ValueError, match="No backbone 'resnet' ships"):
        BackboneImageProcessor(backbone="resnet")
    with pytest.raises(ValueError, match=r"wrong shape. Expected .*\(8, 12, 3\)"):
        BackboneImageProcessor(backbone="tiny", **SIDE).stack([np.zeros((8, 8, 3), "uint8")])
    hub_parts.shipped_backbone.cache_clear()
    weights = tmp_path / "zoo" / "backbones" / "tiny" / shipped_files.WEIGHTS
    weights.write_bytes(weights.read_bytes()[:-1])
    with pytest.raises(ValueError, match="is truncated or altered"):
        BackboneImageProcessor(backbone="tiny")
