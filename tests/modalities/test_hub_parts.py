"""KerasHub's backbones and tokenizers as parts: by local directory, frozen or not, saved, reloaded, exported."""

import keras
import keras_hub
import numpy as np
import pytest
import tensorflow as tf
from tiny_models import SIDE, pictures

from mmgen_tf.fusion.early_fusion import EarlyFusion
from mmgen_tf.layers.unit_encoder import UnitEncoder
from mmgen_tf.modalities.hub_parts import make_backbone, make_tokenizer, tokenizer_config
from mmgen_tf.modalities.image.backbone_image_encoder import BackboneImageEncoder
from mmgen_tf.modalities.image.image_processor import ImageProcessor
from mmgen_tf.modalities.text.backbone_text_encoder import BackboneTextEncoder
from mmgen_tf.modalities.text.token_embedding import TokenEmbedding
from mmgen_tf.modalities.text.tokenizer_processor import TokenizerProcessor
from mmgen_tf.models import preset
from mmgen_tf.models.contrastive.dual_encoder import DualEncoder
from mmgen_tf.models.transformer.multimodal_transformer import MultimodalTransformer
from mmgen_tf.models.transformer.transformer_text_decoder import TransformerTextDecoder

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


LEARNT_FROM = ["Ein Mann mit T-Shirt läuft.", "Zwei Männer laufen, einer steht.", "Deux garçons jouent."] * 20


@pytest.mark.parametrize("kind", ["byte_pair", "word_piece"])
def test_tokens_are_learnt_from_sentences(kind):
    processor = TokenizerProcessor.adapted(LEARNT_FROM, kind=kind, vocabulary_size=400)
    assert processor.begins and processor.stop_id == processor.end_id != processor.start_id
    assert len(processor.modality.vocabulary) <= 400 and processor.pad_id in processor.never
    tokens = processor.preprocess(processor.stack(LEARNT_FROM[:3]))
    again = processor.unstack(processor.postprocess(tokens).numpy())
    if kind == "byte_pair":
        assert again == LEARNT_FROM[:3]
    else:
        assert [text.replace(" ", "") for text in again] == [text.replace(" ", "") for text in LEARNT_FROM[:3]]
    pieces = processor.pieces(LEARNT_FROM[0])
    assert pieces[0] == processor.modality.vocabulary[processor.start_id] and len(pieces) < len(LEARNT_FROM[0])
    spelt = "".join(piece.removeprefix("##") for piece in pieces[1:])
    assert spelt == LEARNT_FROM[0].replace(" ", "")
    copy = TokenizerProcessor(**processor.get_config())
    np.testing.assert_array_equal(copy.preprocess(copy.stack(LEARNT_FROM[:3])), tokens)
    with pytest.raises(ValueError, match="'byte_pair' or 'word_piece'; received 'characters'"):
        TokenizerProcessor.adapted(LEARNT_FROM, kind="characters")


def test_a_transformer_translates_with_learnt_tokens(tmp_path):
    source = TokenizerProcessor.adapted(LEARNT_FROM, vocabulary_size=400)
    target = TokenizerProcessor.adapted(LEARNT_FROM, "translation", vocabulary_size=400)
    words, length = len(source.modality.vocabulary), source.modality.shape[0]
    model = MultimodalTransformer(
        {"text": source, "translation": target},
        encoders={"text": TokenEmbedding(words, 16, pad_id=source.pad_id)},
        fusion=EarlyFusion({"text": 16}, 16, {"text": length}, 1, 2, 32, dropout=0.0),
        decoder=TransformerTextDecoder(words, length - 1, 16, 1, 2, 32, dropout=0.0),
        output="translation",
    )
    columns = {"text": LEARNT_FROM[:3], "translation": LEARNT_FROM[1:4]}
    model.compile(keras.optimizers.Adam(0.01))
    model.fit(columns, batch_size=3, epochs=80, verbose=0)
    for options in ({}, {"num_beams": 3}):
        assert model.generate({"text": columns["text"]}, to="translation", **options) == columns["translation"]
    model.save_to_preset(tmp_path / "preset")
    again = MultimodalTransformer.from_preset(tmp_path / "preset")
    assert again.generate({"text": columns["text"]}, to="translation") == columns["translation"]
    model.export(tmp_path / "saved")
    served = tf.saved_model.load(str(tmp_path / "saved")).signatures["text_to_translation_beam"](
        text=tf.constant(columns["text"]), num_samples=tf.constant(1), seed=tf.constant(0)
    )
    assert [text.decode() for text in served["translation"].numpy()] == columns["translation"]
    with pytest.raises(ValueError, match="too long a text"):
        model.generate({"text": LEARNT_FROM[0] * 9}, to="translation")
