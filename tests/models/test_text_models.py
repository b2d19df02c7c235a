"""MultimodalTransformer and MultimodalRNN: the contract, the loss by hand, decoding, what was looked at."""

import functools

import keras
import numpy as np
import pytest
import tensorflow as tf
from contracts import Case, run_model_contract
from tiny_models import (
    ANSWERS,
    described_videos,
    multimodal_rnn,
    multimodal_transformer,
    told_pictures,
    video_rnn,
)

from mmgen_tf.models import conditional_text_model
from mmgen_tf.models.modality_tokens import hidden_at_random
from mmgen_tf.noise import Noise

KINDS = {
    "transformer": multimodal_transformer,
    "gru": multimodal_rnn,
    "lstm": functools.partial(multimodal_rnn, cell="lstm"),
}
each_kind = pytest.mark.parametrize("make", KINDS.values(), ids=KINDS)


@functools.cache
def learnt(make):
    """A model that has learnt which answer goes with which picture."""
    model = make(dropout=0.0, modality_dropout=0.3)
    model.compile(keras.optimizers.Adam(0.01))
    model.fit(told_pictures(6), batch_size=6, epochs=150, verbose=0)
    return model


@pytest.mark.parametrize("make", [KINDS["transformer"], KINDS["gru"]], ids=["transformer", "gru"])
def test_keeps_the_contract(make, tmp_path):
    run_model_contract(
        make, told_pictures(), tmp_path, missing=("image", "text"), make_exact=functools.partial(make, dropout=0.0)
    )


def test_a_video_is_described_under_the_contract(tmp_path):
    run_model_contract(video_rnn, described_videos(), tmp_path, make_exact=functools.partial(video_rnn, dropout=0.0))


def test_rows_of_like_lengths_share_batches_that_are_cut_to_them(tmp_path, monkeypatch):
    monkeypatch.setattr(conditional_text_model, "CUT_TO", 1)
    make = functools.partial(multimodal_transformer, dropout=0.0, label_smoothing=0.0, modality_dropout=0.0)
    case = Case(functools.partial(make, group_by_length=True), told_pictures(), tmp_path)
    model, batch = case.compiled(), case.batch(3)
    short = {name: model.cut(name, batch).shape[1] for name in ("text", "answer")}
    assert short == {"text": 3, "answer": 3}
    losses = model.compute_losses(batch, Noise(0), training=True)["loss"]
    model.group_by_length = False
    np.testing.assert_allclose(losses, model.compute_losses(batch, Noise(0), training=True)["loss"], rtol=1e-5)
    grouped = functools.partial(make, group_by_length=True, seed=1)
    run_model_contract(grouped, told_pictures(), tmp_path / "contract", missing=("image", "text"))
    with pytest.raises(ValueError, match="group_by_length expected a decoder of any length; .* AttentionTextDecoder"):
        multimodal_rnn(group_by_length=True)


@each_kind
def test_loss_by_hand(make, tmp_path):
    case = Case(functools.partial(make, dropout=0.0), told_pictures(), tmp_path)
    model, batch = case.compiled(), case.batch(3)
    memory, mask = model.memory(batch, batch["present"])
    target = np.array(batch["answer"])
    previous = np.concatenate([np.zeros((3, 1), int), target[:, :-1]], axis=1)
    logits, attention = map(np.array, model.decoder(previous, memory, mask))
    log_probs = logits - np.log(np.exp(logits).sum(-1, keepdims=True))
    expected = []
    for row, words in enumerate((3, 2, 2)):  # "two thin", "thick" and "one", each with its end
        loss = -sum(log_probs[row, place, target[row, place]] for place in range(words))
        if hasattr(model, "attention_regularizer"):
            places = np.array(mask)[row].sum()
            shares = attention[row, :words].sum(0) * places / words
            loss += 0.5 * np.mean((1 - shares[np.array(mask)[row]]) ** 2)
        expected.append(loss)
    np.testing.assert_allclose(model.compute_losses(batch, Noise(0))["loss"], expected, rtol=1e-4)
    nats, words = model.word_nats(batch)
    assert words.numpy().tolist() == [3, 2, 2] and (nats.numpy() <= np.array(expected) + 1e-4).all()


@each_kind
def test_a_cached_step_says_what_the_whole_sentence_says(make):
    model = learnt(make)
    random = np.random.default_rng(0)
    memory, mask = random.normal(size=(5, 9, 8)).astype("float32"), random.uniform(size=(5, 9)) > 0.3
    words = random.integers(0, 6, (5, 4)).astype("int32")
    expected, _ = model.decoder(words, memory, mask)
    cache, fixed = model.decoder.start(memory, mask)
    for place in range(4):
        logits, cache = model.decoder.step(words[:, place], place, cache, fixed)
        np.testing.assert_allclose(logits, expected[:, place], atol=1e-5)


@each_kind
def test_what_was_learnt_is_said_in_every_way_of_decoding(make):
    model, columns = learnt(make), told_pictures(6)
    inputs = {name: columns[name] for name in ("image", "text")}
    for options in ({}, {"num_beams": 3}, {"temperature": 0.1}, {"top_k": 1}, {"top_p": 0.01, "temperature": 2.0}):
        assert model.generate(inputs, to="answer", seed=0, **options) == columns["answer"], options
    assert model.generate({"image": columns["image"]}, to="answer") == columns["answer"]  # the question is missing
    mixed = {**inputs, "text": [None, *columns["text"][1:]]}
    assert model.generate(mixed, to="answer") == columns["answer"]


@each_kind
def test_beams_are_as_good_as_every_sentence_tried(make):
    model, columns = make(dropout=0.0), told_pictures(4)
    model.build()
    batch = Case(make, columns, None).batch(4)
    memory, mask = model.memory(batch, batch["present"])
    sentences = np.array([(a, b, c, d) for a in (0, 2, 3, 4, 5) for b in (0, 2, 3, 4, 5) for c in (0, 2, 3, 4, 5)
                          for d in (0, 2, 3, 4, 5) if (a or not b) and (b or not c) and (c or not d)])  # fmt: skip
    scores = np.stack([scored(model, sentences, memory[row], mask[row]) for row in range(4)])
    said = model.sample(
        {n: batch[n] for n in ("image", "text")}, batch["present"], ("answer",), Noise(0), num_beams=200
    )
    np.testing.assert_array_equal(said["answer"], sentences[scores.argmax(1)])


def scored(model, sentences, memory, mask):
    """The log-probability of each sentence over its words, its end among them."""
    count = len(sentences)
    previous = np.concatenate([np.zeros((count, 1), int), sentences[:, :-1]], axis=1)
    rows = [np.repeat(np.array(each)[None], count, axis=0) for each in (memory, mask)]
    logits = np.array(model.decoder(previous, *rows)[0])
    logits[..., 1] = -1e9  # unknown is never said
    log_probs = logits - np.log(np.exp(logits).sum(-1, keepdims=True))
    chosen = np.take_along_axis(log_probs, sentences[..., None], axis=-1)[..., 0]
    words = np.minimum((sentences > 0).sum(1) + 1, 4)
    ended = np.arange(4)[None] < words[:, None]
    return (chosen * ended).sum(1) / ((sentences > 0).sum(1) + 1)


@each_kind
def test_drawn_words_vary_with_the_seed_alone(make):
    model, picture = make(), told_pictures(1)["image"][0]
    draw = functools.partial(model.generate, {"image": picture}, to="answer", num_samples=20, temperature=3.0)
    one = draw(seed=1)
    assert one == draw(seed=1) and one != draw(seed=2) and len(set(one)) > 3
    assert "[UNK]" not in " ".join(one)


@each_kind
def test_what_was_looked_at_is_told(make):
    model, columns = learnt(make), told_pictures(2)
    answers, attention = model.generate({"image": columns["image"]}, to="answer", return_attention=True)
    assert answers == ANSWERS[:2] and attention.shape == (2, 4, 9)
    np.testing.assert_allclose(attention.sum(-1), 1.0, rtol=1e-5)
    spans = model.spans()
    assert spans == {"image": slice(1, 5), "text": slice(5, 9)} and not attention[..., spans["text"]].any()


@each_kind
def test_beams_are_served_too(make, tmp_path):
    model, columns = learnt(make), told_pictures(6)
    model.export(tmp_path / "saved")
    signatures = tf.saved_model.load(str(tmp_path / "saved")).signatures
    for suffix in ("", "_beam"):
        served = signatures[f"image_text_to_answer{suffix}"](
            image=tf.constant(columns["image"]), text=tf.constant(columns["text"]), num_samples=tf.constant(1),
            seed=tf.constant(0),
        )  # fmt: skip
        assert [text.decode() for text in served["answer"].numpy()] == columns["answer"]


def test_one_modality_at_least_stays():
    present = {"image": tf.constant([True] * 40), "text": tf.constant([True] * 20 + [False] * 20)}
    image, text = hidden_at_random(present, 0.5, Noise(0)).values()
    assert image[20:].numpy().all() and not text[20:].numpy().any()
    assert (image | text).numpy().all() and not image[:20].numpy().all() and not text[:20].numpy().all()
    assert hidden_at_random(present, 0.9, Noise(0), required=["image"])["image"].numpy().all()


def test_options_that_cannot_be_are_refused():
    model, columns = multimodal_transformer(), told_pictures(1)
    for options, message in (
        ({"num_beams": 0}, "num_beams must be at least 1; received 0"),
        ({"temperature": 0}, "temperature must be positive; received 0"),
        ({"top_k": 0}, "top_k must be at least 1; received 0"),
        ({"top_p": 1.5}, r"top_p must lie in \(0, 1\]; received 1.5"),
        ({"length_penalty": -1}, "length_penalty may not be negative; received -1"),
        ({"num_beams": 2, "top_k": 3}, r"num_beams=2 does not go with \['top_k'\]"),
    ):
        with pytest.raises(ValueError, match=message):
            model.generate({"image": columns["image"]}, to="answer", **options)
    with pytest.raises(ValueError, match="modality_dropout must lie in"):
        multimodal_transformer(modality_dropout=1.0)
    with pytest.raises(ValueError, match="says a text, 'image'"):
        multimodal_transformer(output="image")
    with pytest.raises(ValueError, match="cell must be one of"):
        multimodal_rnn(cell="rnn")
