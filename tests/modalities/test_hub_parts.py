"""KerasHub's backbones and tokenizers as parts: by local directory, frozen or not, saved, reloaded, exported."""

import keras
import keras_hub
import numpy as np
import pytest
import tensorflow as tf
from tiny_models import SIDE, pictures

from mmgen_tf.layers.unit_encoder import UnitEncoder
from mmgen_tf.modalities.hub_parts import make_backbone, make_tokenizer, tokenizer_config
from mmgen_tf.modalities.image.backbone_image_encoder import BackboneImageEncoder
from mmgen_tf.modalities.image.image_processor import ImageProcessor
from mmgen_tf.modalities.text.backbone_text_encoder import BackboneTextEncoder
from mmgen_tf.modalities.text.tokenizer_processor import TokenizerProcessor
from mmgen_tf.models import preset
from mmgen_tf.models.contrastive.dual_encoder import DualEncoder

WORDS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "a", "red", "apple", "##s", "thin", "one"]
SENTENCES = ["a red apple", "a thin one", "red apples", "one"]


def bert():
    return keras_hub.models.BertBackbone(
        vocabulary_size=len(WORDS), num_layers=1, num_heads=2, hidden_dim=8, intermediate_dim=8, max_sequence_length=8
    )


def resnet():
    return keras_hub.models.ResNetBackbone(
        input_conv_filters=[64], input_conv_kernel_sizes=[3], stackwise_num_filters=[64], stackwise_num_blocks=[1],
        stackwise_num_strides=[1], block_type="basic_block", image_shape=(None, None, 1),
    )  # fmt: skip


def tokenizer():
    return keras_hub.models.BertTokenizer(vocabulary=WORDS)


def finder(fine_tune=False):
    text = TokenizerProcessor(tokenizer=tokenizer(), sequence_length=6)
    size = {"channels": 1, **SIDE}
    return DualEncoder(
        {"image": ImageProcessor(**size), "text": text},
        {
            "image": UnitEncoder(BackboneImageEncoder(resnet(), **size, output_dim=6, fine_tune=fine_tune), 6),
            "text": UnitEncoder(BackboneTextEncoder(bert(), output_dim=6, fine_tune=fine_tune), 6),
        },
    )


@pytest.mark.parametrize("fine_tune", [False, True])
def test_backbones_learn_only_where_asked(fine_tune, tmp_path):
    model, columns = finder(fine_tune), {"image": pictures(8), "text": SENTENCES * 2}
    model.build()
    towers = [model.encoders[name].network.backbone for name in ("text", "image")]
    before = [[weight.numpy() for weight in tower.weights] for tower in towers]
    model.compile(optimizer=keras.optimizers.SGD(0.1))
    model.fit(columns, batch_size=4, verbose=0)
    for old, tower in zip(before, towers, strict=True):
        moved = any(not np.array_equal(a, b.numpy()) for a, b in zip(old, tower.weights, strict=True))
        assert moved == fine_tune
    model.save_to_preset(tmp_path / "finder")
    again = preset.load(tmp_path / "finder")
    for name in ("text", "image"):
        np.testing.assert_allclose(again.embed({name: columns[name]}), model.embed({name: columns[name]}), atol=1e-6)
    model.export(tmp_path / "exported")
    served = tf.saved_model.load(tmp_path / "exported").signatures["embed_text"](text=tf.constant(SENTENCES))
    np.testing.assert_allclose(next(iter(served.values())), model.embed({"text": SENTENCES}), atol=1e-6)


def test_from_a_local_directory(tmp_path):
    backbone = bert()
    backbone.save_to_preset(str(tmp_path / "bert"))
    encoder = BackboneTextEncoder.from_preset(tmp_path / "bert", output_dim=4)
    encoder.build()
    np.testing.assert_array_equal(encoder.backbone.get_weights()[0], backbone.get_weights()[0])
    words, there = encoder.words(tf.constant([[2, 5, 3, 0]]))
    assert words.shape == (1, 4, 4) and there.numpy().ravel().tolist() == [1, 1, 1, 0]
    pictures_of_it = resnet()
    pictures_of_it.save_to_preset(str(tmp_path / "resnet"))
    images = BackboneImageEncoder.from_preset(tmp_path / "resnet", channels=1, **SIDE, output_dim=4, scale=[0.5])
    images.build()
    assert images.regions(tf.zeros((2, 8, 8, 1))).shape[0] == 2 and images(tf.zeros((2, 8, 8, 1))).shape == (2, 4)


def test_tokens_there_and_back():
    processor = TokenizerProcessor(tokenizer=tokenizer(), sequence_length=6)
    ids = processor.preprocess(tf.constant(processor.stack(SENTENCES)))
    np.testing.assert_array_equal(ids[2], [2, 6, 7, 8, 3, 0])
    assert processor.unstack(processor.postprocess(ids).numpy()) == SENTENCES
    again = TokenizerProcessor(**processor.get_config())
    np.testing.assert_array_equal(again.preprocess(tf.constant(SENTENCES)), ids)
    for wrong, message in (("", "an empty text"), ("a " * 9, "at most 4 tokens; received 9 tokens"), (3, "not a text")):
        with pytest.raises(ValueError, match=message):
            processor.stack([wrong])


def test_byte_pairs():
    made = keras_hub.tokenizers.BytePairTokenizer(vocabulary={"a": 0, "b": 1, "ab": 2, "c": 3}, merges=["a b"])
    again = make_tokenizer(tokenizer_config(made))
    assert list(again("abc")) == [2, 3] and tokenizer_config(again) == tokenizer_config(made)


def test_what_is_refused():
    with pytest.raises(ValueError, match="no backbone 'BertBackbon'; did you mean BertBackbone"):
        make_backbone({"kind": "BertBackbon", "arguments": {}})
    with pytest.raises(ValueError, match="no tokenizer 'BertBackbone'"):
        make_tokenizer({"kind": "BertBackbone", "arguments": {}})
    with pytest.raises(ValueError, match="token_ids and padding_mask; received a ResNetBackbone"):
        BackboneTextEncoder(resnet())
    with pytest.raises(ValueError, match="pictures alone; received a BertBackbone"):
        BackboneImageEncoder(bert())
    with pytest.raises(ValueError, match="received a ByteTokenizer"):
        TokenizerProcessor(tokenizer=keras_hub.tokenizers.ByteTokenizer())
