"""The protocols: models that answer right, wrong or in part, and what is counted of that."""

import numpy as np
import pytest
import tensorflow as tf

from mmgen_tf.data.builders.cdsprites.sprite_renderer import draw_factors, render_sprites
from mmgen_tf.data.builders.cdsprites.sprite_sentences import compose_sentences
from mmgen_tf.data.builders.digits.captions import compose_captions
from mmgen_tf.data.builders.sprite_videos import sprite_clips
from mmgen_tf.evaluation import binary_digits_protocol as binary
from mmgen_tf.evaluation import captions_protocol, classification_accuracy, translation_protocol
from mmgen_tf.evaluation import emoji_protocol as emoji
from mmgen_tf.evaluation import polydigits_protocol as polydigits
from mmgen_tf.evaluation.answers_protocol import evaluate_answers
from mmgen_tf.evaluation.cdsprites_protocol import evaluate_cdsprites
from mmgen_tf.evaluation.classification_accuracy import augmentation_figures, first_of_each_class
from mmgen_tf.evaluation.digits4_protocol import WORDS, evaluate_digits4
from mmgen_tf.evaluation.digits_protocol import evaluate_digits, read_attributes
from mmgen_tf.evaluation.draws import JOINT_BATCH, draw_jointly
from mmgen_tf.evaluation.judge import Judge
from mmgen_tf.evaluation.repair_figures import mean_filled, repair_figures, symmetry_filled
from mmgen_tf.evaluation.retrieval_figures import retrieval_figures
from mmgen_tf.evaluation.sprite_videos_protocol import evaluate_sprite_videos
from mmgen_tf.layers.latent_mixture import LatentMixture
from mmgen_tf.layers.vgg16 import VGG16
from mmgen_tf.metrics import Meteor
from mmgen_tf.modality import Modality
from mmgen_tf.models.vae.cmvae import CMVAE
from mmgen_tf.models.vae.mvae import MVAE
from mmgen_tf.noise import Noise
from tests.evaluation.stand_ins import (
    FIVE,
    BrightnessClassifier,
    Oracle,
    five_picture_parts,
    five_pictures,
    labelled_mvae,
    pictures_of,
)
from tests.tiny_models import (
    captioned_pictures,
    dual_encoder,
    image_repair_gan,
    multimodal_transformer,
    repair_columns,
)


def values_of(figures):
    assert all(isinstance(how, str) and np.isfinite(value) for _, value, how in figures)
    assert len({name for name, *_ in figures}) == len(figures)
    return {name: value for name, value, _ in figures}


# answers and videos ---------------------------------------------------------------------------------------------------


def test_answers_are_counted_with_and_without_each_modality():
    """Right where the history is given and the picture is the row's own."""
    test = {
        "image": np.arange(6), "history": [f"h{row}" for row in range(6)], "text": ["q"] * 6,
        "answer": np.array(["yes", "no", "circle", "red", "yes", "blue"], object),
        "needs_history": np.array([False, True, True, False, False, False]),
    }  # fmt: skip

    def answer(inputs, name, count):
        known = "history" in inputs and "image" in inputs
        return [test["answer"][inputs["image"][row]] if known else "yes" for row in range(count)]

    model = Oracle(("image", "history", "text", "answer"), answer, outputs=["answer"], requires=["text"])
    values = values_of(evaluate_answers(model, test, {}, seed=1, headline="exact_answers"))
    order = np.random.default_rng(1).permutation(6)
    assert values["exact_answers"] == values["exact_answers_that_need_history"] == 1
    assert values["exact_answers_yes_no"] == values["exact_answers_shape"] == values["exact_answers_color"] == 1
    assert values["exact_answers_without_history"] == values["exact_answers_without_image"] == 2 / 6
    assert values["exact_answers_that_need_history_without"] == 0
    assert values["exact_answers_shuffled_image"] == np.mean(test["answer"][order] == test["answer"])
    assert values["exact_answers_shuffled_history"] == 1 and "exact_answers_without_text" not in values
    assert evaluate_answers(Oracle(("image", "text"), answer), test, {}) == []


def test_a_video_s_sentence_must_state_every_factor():
    numbers = np.array(sprite_clips.combinations()[:4])
    test = {name: numbers[:, place] for place, name in enumerate(sprite_clips.FACTORS)}
    test |= {"text": [sprite_clips.sentence_of(sprite_clips.words_of(row)) for row in numbers], "video": np.zeros(4)}
    said = [test["text"][0], test["text"][1].replace("man", "woman"), "a man walks", test["text"][3]]
    model = Oracle(("video", "text"), lambda inputs, name, count: said, outputs=["text"], requires=["video"])
    values = values_of(evaluate_sprite_videos(model, test, {}, seed=0))
    assert values["all_attributes_right"] == 0.5 and values["person_right"] == 0.5
    assert values["style_right"] == values["action_right"] == 0.75 and 50 < values["bleu_4"] < 100


# captions -------------------------------------------------------------------------------------------------------------


def captioned_photos():
    columns = captioned_pictures(6)
    return {"image": columns["image"], **dict.fromkeys(captions_protocol.TEXTS, columns["text"])}


def test_captions_are_scored_against_all_references(monkeypatch):
    pytest.importorskip("pycocoevalcap")
    test, model = captioned_photos(), multimodal_transformer(output="text", question="answer")
    model.build()
    monkeypatch.setattr(type(model), "directions", lambda self: [(("image",), ("text",))])
    said = [[*test["text"][:3], "two", "two", "two"], list(test["text"])]
    monkeypatch.setattr(captions_protocol, "draw_from", lambda *_, num_beams: {"text": said[num_beams == 1]})
    monkeypatch.setattr(captions_protocol, "Meteor", lambda: Meteor("stems"))
    values = values_of(captions_protocol.evaluate_captions(model, test, {}))
    assert values["rouge_l_greedy"] == pytest.approx(1.0) and 0.4 < values["rouge_l"] < 0.95
    assert values["cider_greedy"] > values["cider"] and values["meteor_greedy"] > values["meteor"]
    assert "bleu_4" in values and 1 < values["perplexity"] < 20


def test_photos_and_captions_are_found():
    test, model = captioned_photos(), dual_encoder()
    test["text"] = np.array(["thick one", "thin one", "thick two", "thin two", "two", "one"], object)
    values = values_of(captions_protocol.evaluate_captions(model, test, {}))
    assert values["text_to_image_recall_10"] == values["image_to_text_recall_10"] == 1.0
    assert values["text_to_image_recall_1"] <= values["text_to_image_recall_5"] and 1 <= values["median_rank"] <= 6


# polydigits -----------------------------------------------------------------------------------------------------------


def test_coherence_counts_every_subset_and_output():
    """Right wherever image_0 is given, else right in image_1 only."""
    test = five_pictures()

    def answer(inputs, name, count):
        label = next(iter(inputs.values()))[:, 0, 0, 0]
        return pictures_of(label if "image_0" in inputs or name == "image_1" else (label + 1) % 10)

    model, judge = Oracle(FIVE, answer), Judge(BrightnessClassifier())
    values = values_of(polydigits.coherences(model, test, dict.fromkeys(FIVE, judge), seed=3))
    assert len(model.calls) == 30 and all(seed == 3 for *_, seed in model.calls)
    # with image_0: 4, 12, 12, 4 pairs; without, outputs image_1: 3, 3, 1, 0 of 16, 18, 8, 1 pairs
    np.testing.assert_allclose([values[f"coherence_{n}"] for n in range(1, 5)], [7 / 20, 15 / 30, 13 / 20, 4 / 5])
    assert values["image_0_to_image_4_accuracy"] == 1 and values["image_2_to_image_3_accuracy"] == 0
    assert len(values) == 4 + 20


def test_coherence_of_a_model_with_required_inputs():
    model = Oracle(FIVE, lambda inputs, name, count: pictures_of(np.zeros(count)), ["image_0"], FIVE[1:])
    values = values_of(polydigits.coherences(model, five_pictures(), {"image_0": Judge(BrightnessClassifier())}))
    assert values == {"coherence_4": 0.1} and len(model.calls) == 1


@pytest.mark.parametrize("kind", ["mvae", "cmvae"])
def test_polydigits_figures_of_a_vae(kind, monkeypatch):
    monkeypatch.setattr("mmgen_tf.evaluation.draws.JOINT_BATCH", 16)
    monkeypatch.setattr(polydigits.itertools, "combinations", lambda names, size: [tuple(names[:size])])
    sampler = LatentMixture(4, components=2)
    if kind == "mvae":
        model = MVAE(**five_picture_parts(), latent_sampler=sampler)
    else:
        model = CMVAE(**five_picture_parts(5), private_dim=1, clusters=3)
    model.build()
    test = five_pictures()
    figures = polydigits.evaluate_polydigits(model, test, dict.fromkeys(FIVE, Judge(BrightnessClassifier())))
    values = values_of(figures)
    expected = {"coherence_4", "joint_coherence", "linear_probe", "clustering_accuracy", "reconstruction_ssim"}
    expected |= {f"{metric}_{name}" for name in FIVE for metric in ("frechet_distance", "reconstruction_ssim")}
    assert expected <= set(values) and figures[0][0] == "coherence_1"
    assert ("joint_coherence_prior" in values) == (kind == "mvae")
    assert ("clustering_accuracy_own" in values) == (kind == "cmvae")
    assert kind == "cmvae" or model.latent_sampler is sampler
    mean = np.mean([values[f"reconstruction_ssim_{name}"] for name in FIVE])
    assert values["reconstruction_ssim"] == pytest.approx(mean)


def test_latent_means_are_the_models_own():
    model, test = MVAE(**five_picture_parts()), five_pictures(7)
    model.build()
    means, clusters = polydigits.latent_means(model, test)
    batch = {name: tf.cast(test[name], tf.float32) / 255.0 for name in FIVE}
    expected, _ = model.encode(batch, {name: tf.ones(7, tf.bool) for name in FIVE})
    np.testing.assert_allclose(means, expected, atol=1e-6)
    assert clusters is None


def test_half_missing_is_the_mean_of_the_four():
    shared = {"split": "test", "n": 5, "seed": 0, "commit": "c", "protocol": "p"}
    records = [{"metric": f"coherence_{n}", "value": n / 10, **shared} for n in range(1, 5)]
    first, *rest = polydigits.with_half_missing(records)
    assert first["metric"] == "coherence_half_missing" and first["value"] == 0.25 and rest == records
    assert set(first) == set(records[0])
    with pytest.raises(ValueError, match="without .*coherence_4"):
        polydigits.with_half_missing(records[:3])


def test_joint_draws_come_in_batches():
    values = {"text": lambda count: ["a"] * count, "image": lambda count: pictures_of([1] * count)}
    model = Oracle(("image", "text"), lambda _, name, count: values[name](count))
    drawn = draw_jointly(model, ("image", "text"), JOINT_BATCH + 7, seed=0)
    assert drawn["image"].shape == (JOINT_BATCH + 7, 8, 8, 1) and len(drawn["text"]) == JOINT_BATCH + 7
    assert len({seed for *_, seed in model.calls}) == 2


# digits4 --------------------------------------------------------------------------------------------------------------


def test_digits4_directions_and_the_worst():
    """All right but speech from a sign, wrong in the first half, and words from speech, which are no words."""
    names = ("audio", "image", "sign", "text")
    labels, words = np.arange(20) % 10, list(WORDS)
    test = {name: pictures_of(labels) for name in names[:3]} | {"text": np.array(words * 2, object), "label": labels}

    def answer(inputs, name, count):
        if not inputs:
            shown = np.arange(count) % 10
            shown = np.where(shown < 5, shown, 0) if name == "sign" else shown
        else:
            ((given, values),) = inputs.items()
            shown = np.array([words.index(t) for t in values]) if given == "text" else values[:, 0, 0, 0]
            shown = np.where((given == "sign") & (name == "audio") & (np.arange(count) < 10), (shown + 1) % 10, shown)
        if name == "text":
            return [words[n] + "s" * ("audio" in inputs) for n in shown]
        return pictures_of(shown)

    judge = Judge(BrightnessClassifier())
    figures = evaluate_digits4(Oracle(names, answer), test, dict.fromkeys(names[:3], judge))
    values = values_of(figures)
    assert figures[0][0] == "worst_direction_accuracy" and len(values) == 12 + 2
    assert values["worst_direction_accuracy"] == values["audio_to_text_accuracy"] == 0
    assert values["sign_to_audio_accuracy"] == 0.5 and values["text_to_image_accuracy"] == 1
    assert values["joint_coherence"] == 0.5
    told = {name: how for name, _, how in figures}
    assert "100.00% right on the test split itself" in told["text_to_image_accuracy"]


# cdsprites ------------------------------------------------------------------------------------------------------------


def test_cdsprites_is_exact():
    """Pictures of the right sprite but, in a quarter, of another colour; sentences with one wrong size in five."""
    level, count = 3, 20
    factors = draw_factors(count, level, [0])
    other = factors | {"colour": np.where(np.arange(count) % 4 == 0, (factors["colour"] + 1) % 5, factors["colour"])}
    wrong = factors | {"size": np.where(np.arange(count) % 5 == 0, 1 - factors["size"], factors["size"])}
    test = {"image": render_sprites(factors, [1]), "text": np.array(compose_sentences(factors, level), object)}
    test |= {name: factors[name] for name in ("shape", "size", "colour")}
    drawn, written = render_sprites(other, [2]), compose_sentences(wrong, level)

    def answer(inputs, name, asked):
        rows = np.resize(np.arange(count), asked)
        return drawn[rows] if name == "image" else [written[row] for row in rows]

    values = values_of(evaluate_cdsprites(Oracle(("image", "text"), answer), test, level=level))
    assert values["text_to_image_strict_accuracy"] == values["text_to_image_colour_accuracy"] == 0.75
    assert values["image_to_text_strict_accuracy"] == values["image_to_text_size_accuracy"] == 0.8
    assert values["text_to_image_shape_accuracy"] == values["image_to_text_shape_accuracy"] == 1
    assert values["joint_strict_accuracy"] == pytest.approx(0.6) and values["joint_shape_accuracy"] == 1
    assert len(values) == 3 + 9


def test_an_unknown_sentence_is_wrong():
    test = {"text": ["heart"] * 4, "image": render_sprites(draw_factors(4, 1, [0]), [1]), "shape": np.zeros(4, int)}
    model = Oracle(("image", "text"), lambda _, name, count: ["hearts"] * count, outputs=["text"], requires=["image"])
    model.input_names = ("image",)
    values = values_of(evaluate_cdsprites(model, test, level=1))
    assert values == {"image_to_text_strict_accuracy": 0, "image_to_text_shape_accuracy": 0}


# binary digits --------------------------------------------------------------------------------------------------------


def test_binarisation_is_a_fixed_coin():
    grey = np.full((300, 8, 8, 1), 64, "uint8")
    grey[0], grey[1] = 0, 255
    once = binary.binarize(grey)
    assert set(np.unique(once)) == {0, 255} and not once[0].any() and once[1].all()
    assert np.mean(once[2:] == 255) == pytest.approx(64 / 255, abs=0.01)
    np.testing.assert_array_equal(binary.binarize(grey[:10]), once[:10])
    assert (binary.binarize(grey, seed=1) != once).any()


def test_likelihoods_are_the_models_own():
    """In one step: the same noise as `log_likelihood`; and log p(image) against summing the label out."""
    model, samples = labelled_mvae(), 20_000
    model.build()
    raw = {"image": binary.binarize(five_pictures(3)["image_0"]), "label": np.array([1, 2, 3], "int32")}
    values = values_of(binary.likelihoods(model, raw, seed=5, samples=samples))
    batch = {name: model.processors[name].preprocess(value) for name, value in raw.items()}
    expected = model.log_likelihood(batch, Noise(tf.constant([5, 0])), samples)
    assert values["joint_log_likelihood"] == pytest.approx(float(tf.reduce_mean(expected)), rel=1e-5)
    image = model.log_likelihood(batch, Noise(tf.constant([6, 0])), samples, of=["image"])
    assert values["image_log_likelihood"] == pytest.approx(float(tf.reduce_mean(image)), abs=0.1)
    assert values["joint_log_likelihood"] < values["image_log_likelihood"]


def test_binary_digits_figures(monkeypatch):
    monkeypatch.setattr(binary, "SAMPLES", 3)
    monkeypatch.setattr("mmgen_tf.evaluation.draws.JOINT_BATCH", 8)
    model, pictures = labelled_mvae(), five_pictures(10)
    model.build()
    test = {"image": pictures["image_0"], "label": pictures["label"]}
    figures = binary.evaluate_binary_digits(model, test, {"image": Judge(BrightnessClassifier())})
    assert [name for name, *_ in figures] == [
        "joint_log_likelihood", "image_log_likelihood", "image_to_label_accuracy", "label_to_image_coherence",
        "joint_coherence",
    ]  # fmt: skip
    values_of(figures)
    assert "K=3" in figures[0][2] and "seed 0" in figures[0][2]


# digits ---------------------------------------------------------------------------------------------------------------


def test_pairs_from_noise_agree_where_the_picture_shows_what_its_caption_says():
    """Straight strokes with the digit in the first pixel; every fourth caption names another digit."""
    count, random = 40, np.random.default_rng(0)
    width, shear = random.uniform(1, 4, (count, 1, 1)), random.uniform(-0.5, 0.5, (count, 1, 1))
    y, x = np.mgrid[:28, :28] - 13.5
    image = (255 * ((np.abs(x + shear * y) < width) & (np.abs(y) < 9))).astype("uint8")[..., None]
    digit = np.arange(count) % 10
    image[:, 0, 0, 0] = digit
    judge = Judge(BrightnessClassifier(shape=(28, 28, 1)))
    _, shown = read_attributes(judge, image)
    told = shown.copy()
    told[::4, 0] = (told[::4, 0] + 1) % 10
    captions = compose_captions(*told.T, seed=0)
    model = Oracle(
        ("image", "text"), lambda inputs, name, n: image if name == "image" else list(captions), ("image", "text")
    )
    columns = {"image": image, "label": digit, "thickness": shown[:, 1], "slant": shown[:, 2], "text": captions}
    values = values_of(evaluate_digits(model, columns, {"image": judge}))
    assert values["pair_agreement"] == values["pair_strict_agreement"] == 0.75
    assert values["label_share_min"] == values["label_share_max"] == 0.1
    assert values["caption_share_readable"] == 1.0 and values["coverage"] == 1.0 and "joint_coherence" not in values


def test_what_drawn_pictures_are_worth_to_a_classifier(monkeypatch):
    """Four real pictures mislead, since they are swapped; drawn ones are right, and outnumber them."""
    monkeypatch.setattr(classification_accuracy, "STEPS", 400)
    monkeypatch.setattr(classification_accuracy, "REAL_A_CLASS", 2)
    labels = np.arange(40) % 2
    top_or_bottom = np.random.default_rng(0).integers(0, 80, (40, 8, 8, 1)).astype("uint8")
    top_or_bottom[labels == 0, :4] += 150
    top_or_bottom[labels == 1, 4:] += 150
    model = Oracle(("text", "image"), lambda inputs, name, n: top_or_bottom[:n], outputs=("image",), requires=("text",))
    train = {"image": top_or_bottom[:, ::-1], "text": [str(label) for label in labels], "label": labels}
    values = values_of(augmentation_figures(model, train, {"image": top_or_bottom, "label": labels}))
    assert values["classification_accuracy_of_few"] == 0.0 and values["classification_accuracy_score"] == 1.0
    assert values["classification_accuracy_gain"] > 0.3
    np.testing.assert_array_equal(first_of_each_class([3, 1, 3, 3, 1, 2], 2), [0, 1, 2, 4, 5])


# emoji ----------------------------------------------------------------------------------------------------------------


class TableEncoder:
    """Embeds value n of a modality as row n of a table: pictures by their first pixel, texts by their number."""

    def __init__(self, tables):
        self.tables = tables

    def embed(self, inputs):
        ((name, values),) = inputs.items()
        numbers = [int(value) for value in values] if name == "text" else np.asarray(values)[:, 0, 0, 0]
        return self.tables[name][numbers]


@pytest.fixture(scope="module")
def network():
    """A VGG16 of four channels, untrained."""
    small = VGG16(blocks=((4,), (4,)))
    small.build()
    return small


def colours(numbers):
    return np.repeat(pictures_of(numbers), 3, axis=-1)


def test_r_precision_counts_pictures_nearest_to_their_own_caption(network):
    """Every fourth drawn picture is that of the next caption."""
    count = 40
    table = np.eye(count, dtype="float32")
    judge = TableEncoder({"image": table, "text": table})
    columns = {"image": colours(np.arange(count)), "text": [str(n) for n in range(count)]}
    shown = np.where(np.arange(count) % 4, np.arange(count), (np.arange(count) + 1) % count)
    model = Oracle(
        ("text", "image"), lambda inputs, name, n: colours(shown[:n]), outputs=("image",), requires=("text",)
    )
    more = {"held_out": columns, "train": columns, "network": network}
    values = values_of(emoji.evaluate_emoji(model, columns, {"image": judge}, **more))
    assert values["r_precision"] == values["r_precision_unseen"] == 0.75
    assert values["r_precision_of_real_pictures"] == 1 and values["frechet_distance_floor"] > 0
    ratio = values["frechet_distance"] / values["frechet_distance_floor"]
    assert values["frechet_distance_ratio_to_floor"] == pytest.approx(ratio)
    assert values["lpips_diversity"] == 0  # the same pictures each time
    others = emoji.others_of(50, 20, seed=0)
    assert (others[:, 0] == np.arange(50)).all() and all(len(set(row)) == 20 for row in others)


def test_repairs_beside_what_needs_no_model(network):
    """Whole pictures have LPIPS 0; a model that gives the damaged ones back is as far as what it is compared with."""
    columns, model = repair_columns(8), image_repair_gan()
    for answer, expected in (("image", 0.0), ("damaged", 1.0)):
        model.generate = lambda inputs, to, seed: {**columns, **inputs}[answer]  # noqa: B023
        values = values_of(repair_figures(model, columns["image"], columns["text"], network))
        assert values["lpips_ratio_to_grey"] == values["lpips_ratio_to_bicubic_4x"] == pytest.approx(expected)
        assert values["lpips_colourise_grey"] > 0 and values["lpips_inpaint_mean_fill"] > 0
        assert values["lpips_inpaint_symmetry_fill"] > 0
    hole = np.zeros((1, 8, 8, 1), "uint8")
    hole[:, :4] = 255
    half = np.concatenate([np.full((1, 4, 8, 3), 128), np.full((1, 4, 8, 3), [10, 20, 30])], axis=1).astype("uint8")
    np.testing.assert_array_equal(mean_filled(half, hole)[0, 0, 0], [10, 20, 30])
    assert (mean_filled(half, np.full_like(hole, 255)) == 0).all()
    picture = np.tile(np.arange(8, dtype="uint8")[None, None, :, None], (1, 8, 1, 3))
    hole = np.zeros((1, 8, 8, 1), "uint8")
    hole[:, :, 5:] = 255
    np.testing.assert_array_equal(symmetry_filled(picture, hole)[0, 0, :, 0], [0, 1, 2, 3, 4, 2, 1, 0])


def test_retrieval_by_hand():
    """Pictures lie on axes, and texts too; but the first three are nearer to the next axis than to their own."""
    count = 30
    table = np.eye(count, dtype="float32")
    texts = table.copy()
    texts[:3] = table[1:4] + 0.5 * table[:3]
    columns = {"image": pictures_of(np.arange(count)), "text": [str(n) for n in range(count)]}
    encoder = TableEncoder({"image": table, "text": texts})
    figures = retrieval_figures(encoder, emoji.some_of(columns, seed=0), (10, 1), "", "things")
    values = values_of(figures)
    assert values["text_to_image_recall_1"] == 0.9 and values["text_to_image_recall_10"] == 1
    assert values["image_to_text_recall_1"] == 0.9 and values["median_rank"] == 1


class Translator:
    """Says what a table says, of the sentence and whether there is a photo."""

    input_names, output_names = ("image", "language", "text"), ("translation",)
    modalities = {"language": Modality("language", "label", (), "int32", vocabulary=("de", "fr"))}


def test_translations_are_scored_and_what_photos_add(monkeypatch):
    german = ["ein Mann steht am roten Haus", "eine Frau sitzt auf dem Gras", "Leute gehen heute auf der Straße"]
    french = ["un homme est devant la maison rouge", "une femme est dans le parc", "des gens sont dans la rue"]
    test = {
        "text": ["a man stands at the red house", "a woman sits", "they walk today"], "text_de": german,
        "text_fr": french, "image": [np.full((1, 1, 3), row, "uint8") for row in range(3)],
        "has_image": np.array([True, True, False]),
    }  # fmt: skip
    asked = []

    def draw_from(_, columns, given, to, seed, num_beams):
        asked.append((given, columns["text"]))
        told, answers = german if columns["language"][0] == "de" else french, []
        for row in range(len(columns["text"])):
            photo = columns["image"][row] if "image" in given else None
            masked = "_" in "".join(columns["text"])
            right = not masked or (photo is not None and photo[0, 0, 0] == row)
            answers.append(told[row] if right else "nichts davon ist hier zu sehen")
        return {"translation": [each.lower() if told is french else each for each in answers]}

    monkeypatch.setattr(translation_protocol, "draw_from", draw_from)
    values = values_of(translation_protocol.evaluate_translations(Translator(), test, {}))
    assert values["bleu"] == values["bleu_tokenised_fr"] == values["masked_bleu_with_photo"] == pytest.approx(100)
    assert values["masked_bleu_without_photo"] < 10 > values["masked_bleu_other_photo"]
    assert values["photo_gain_bleu"] == pytest.approx(100 - values["masked_bleu_without_photo"])
    assert asked[-2] == (["language", "text"], ["a _ stands at the _ _", "a _ sits"])
