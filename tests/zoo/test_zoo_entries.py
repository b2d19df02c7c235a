"""The zoo: every folder whole, every figure from metrics.json, every variant loads and draws what it drew before."""

import json
import pathlib
import shutil

import numpy as np
import pytest

from mmgen_tf import zoo
from mmgen_tf.cli.list_variants import with_table
from mmgen_tf.data.folder import read_folder
from mmgen_tf.evaluation import read_metrics, render_card
from mmgen_tf.modalities.hub_parts import shipped_backbone
from mmgen_tf.models import preset
from mmgen_tf.training import load_recipe

ENTRIES = preset.zoo_entries()
FILES = {
    "recipe.py",
    "config.json",
    "model.weights.h5",
    "manifest.json",
    "metrics.json",
    "card.md",
    "samples.png",
    "examples",
}
AT_LEAST = {
    "attention_gan_emoji": {"r_precision": 0.70, "r_precision_unseen": 0.34},
    "cgan_digits": {"digit_accuracy": 0.985, "strict_accuracy": 0.85, "coverage": 0.85},
    "cgan_emoji": {"r_precision": 0.40, "r_precision_unseen": 0.29},
    "cgan_mlp_digits": {"digit_accuracy": 0.95},
    "digit_classifier": {"accuracy": 0.994},
    "dual_encoder_flickr8k": {"text_to_image_recall_10": 0.45, "image_to_text_recall_10": 0.50},
    "dual_encoder_emoji": {"text_to_image_recall_10": 0.35, "image_to_text_recall_10": 0.35},
    "fusion_cross_attention_vqa": {"vqa_accuracy": 0.99},
    "fusion_dual_encoder_vqa": {"vqa_accuracy": 0.99},
    "fusion_early_vqa": {"vqa_accuracy": 0.95},
    "fusion_gated_vqa": {"vqa_accuracy": 0.89},
    "fusion_late_concatenate_vqa": {"vqa_accuracy": 0.87},
    "fusion_late_outer_product_vqa": {"vqa_accuracy": 0.96},
    "fusion_late_sum_vqa": {"vqa_accuracy": 0.87},
    "joint_gan_digits": {"pair_agreement": 0.95, "label_share_min": 0.08},
    "jmvae_binary_digits": {"joint_log_likelihood": -86.7},
    "mvae_binary_digits": {"joint_log_likelihood": -86.2, "image_to_label_accuracy": 0.95},
    "mvae_cdsprites_level_1": {
        "text_to_image_strict_accuracy": 0.90,
        "image_to_text_strict_accuracy": 0.95,
        "joint_strict_accuracy": 0.60,
    },
    "mvae_cdsprites_level_2": {"text_to_image_strict_accuracy": 0.85, "image_to_text_strict_accuracy": 0.95},
    "mvae_cdsprites_level_3": {"text_to_image_strict_accuracy": 0.50, "image_to_text_strict_accuracy": 0.90},
    "mmvae_plus_polydigits": {f"coherence_{size}": 0.89 for size in range(1, 5)} | {"joint_coherence": 0.60},
    "mopoe_polydigits_half_missing": {"coherence_half_missing": 0.80},
    "mmvae_polydigits": {f"coherence_{size}": 0.88 for size in range(1, 5)} | {"joint_coherence": 0.65},
    "mvae_polydigits": {"coherence_1": 0.60, "coherence_4": 0.80, "joint_coherence": 0.60},
    "mvtcae_polydigits": {
        "coherence_1": 0.65,
        "coherence_2": 0.83,
        "coherence_3": 0.88,
        "coherence_4": 0.91,
        "joint_coherence": 0.60,
    },
    "mopoe_digits4": {"worst_direction_accuracy": 0.90, "joint_coherence": 0.85},
    "mvae_digits": {"text_to_image_coherence": 0.95, "image_to_text_digit_accuracy": 0.97},
    "mopoe_polydigits": {"coherence_1": 0.68, "coherence_2": 0.80, "coherence_3": 0.85, "coherence_4": 0.86},
    "polydigits_classifier": {"accuracy": 0.98},
    "transformer_captions_flickr8k": {"bleu_4": 18.5, "cider": 45.0},
    "transformer_dialogue_shapes": {"exact_answers": 0.97},
    "transformer_translation_multi30k": {"bleu": 36.0, "bleu_tokenised": 39.5, "bleu_fr": 59.0, "photo_gain_bleu": 1.0},
    "transformer_vqa_shapes": {"vqa_accuracy": 0.995},
    "vaegan_digits": {"text_to_image_digit_accuracy": 0.97, "image_to_text_digit_accuracy": 0.97},
    "rnn_captions_flickr8k": {"bleu_4": 17.0},
    "rnn_video_sprites": {"all_attributes_right": 0.90},
    "sign_classifier": {"accuracy": 0.98},
    "spoken_digit_classifier": {"accuracy": 0.98},
}
AT_MOST = {
    "attention_gan_emoji": {"frechet_distance": 34.0},
    "cgan_emoji": {"frechet_distance": 37.0},
    "image_repair_emoji": {
        "lpips_ratio_to_mean_fill": 0.50,
        "lpips_ratio_to_grey": 0.70,
        "lpips_ratio_to_bicubic_2x": 0.78,
        "lpips_ratio_to_bicubic_4x": 0.84,
    },
}
DRAW_FROM_CAPTIONS = ("cgan_digits", "cgan_mlp_digits", "mvae_digits")


def test_the_zoo_ships_its_variants():
    assert set(AT_LEAST) <= set(zoo.names())
    files = [path for path in preset.zoo_root().rglob("*") if path.is_file() and path.suffix != ".pyc"]
    assert sum(path.stat().st_size for path in files) < 100e6
    assert "efficientnet_lite0" not in ENTRIES  # a part of variants


@pytest.mark.parametrize("folder", sorted(preset.zoo_root().glob("backbones/*")), ids=lambda folder: folder.name)
def test_backbones_are_whole(folder):
    preset.check_manifest(folder)
    assert {"card.md", "config.json", "model.weights.h5", "manifest.json"} == {path.name for path in folder.iterdir()}
    assert shipped_backbone(folder.name).map_shape(192, 192)[:2] == (6, 6)


@pytest.mark.parametrize("name", ENTRIES)
def test_entry_is_whole_and_its_card_current(name):
    directory = ENTRIES[name]
    assert {path.name for path in directory.iterdir() if path.name != "__pycache__"} == FILES
    preset.check_manifest(directory)
    records = read_metrics(directory)
    assert records and all(
        set(record) == {"metric", "value", "split", "n", "seed", "protocol", "commit"} for record in records
    )
    assert render_card(zoo.card(name), records) == zoo.card(name)
    assert load_recipe(name).name == name


@pytest.mark.parametrize("name", AT_LEAST)
def test_published_figures_reach_their_targets(name):
    values = {record["metric"]: record for record in read_metrics(ENTRIES[name])}
    for metric, least in AT_LEAST[name].items():
        assert (
            values[metric]["value"] >= least
            and values[metric]["n"] >= 300
            and values[metric]["split"].startswith("test")
        )


@pytest.mark.parametrize("name", AT_MOST)
def test_published_distances_stay_below_their_targets(name):
    values = {record["metric"]: record["value"] for record in read_metrics(ENTRIES[name])}
    assert {metric for metric, most in AT_MOST[name].items() if values[metric] > most} == set()


def test_stages_that_look_at_words_draw_closer_to_real_pictures_than_one_that_does_not():
    distances = [
        record["value"]
        for name in ("attention_gan_emoji", "cgan_emoji")
        for record in read_metrics(ENTRIES[name])
        if record["metric"] == "frechet_distance"
    ]
    assert distances[0] < distances[1]


@pytest.mark.filterwarnings("ignore:.*Unknown words are ignored")  # test captions may hold words new to a model
@pytest.mark.parametrize("name", ENTRIES)
def test_loads_and_generates_in_every_direction(name):
    model = zoo.load(name)
    examples = read_folder(ENTRIES[name] / "examples", {n: model.modalities[n] for n in model.input_names})
    for given, to in model.directions():
        inputs = {modality: examples[modality] for modality in given}
        once, again = (model.generate(inputs, to=list(to), seed=7) for _ in range(2))
        for modality in to:
            np.testing.assert_array_equal(once[modality], again[modality])


@pytest.mark.parametrize("name", DRAW_FROM_CAPTIONS)
def test_draws_what_the_caption_says(name):
    """Fresh draws, judged by the classifier that ships beside: the weights are the ones that were scored."""
    judge, texts = (
        zoo.load("digit_classifier"),
        [f"a {width} {d} leaning right" for d in range(10) for width in ("thin", "thick")],
    )
    pictures = zoo.load(name).generate({"text": texts}, to="image", num_samples=5, seed=11)
    answers = np.array(judge.generate({"image": pictures.reshape(-1, 28, 28, 1)}, to="label")).reshape(20, 5)
    assert np.mean(answers == np.arange(10).repeat(2)[:, None].astype(str)) >= 0.8


def test_classifier_reads_the_examples():
    model = zoo.load("digit_classifier")
    examples = read_folder(ENTRIES["digit_classifier"] / "examples", {"image": model.modalities["image"]})
    assert model.generate({"image": examples["image"]}, to="label") == ["7", "2", "1", "0", "4", "1", "4", "9"]


def test_table_of_the_readmes_is_current():
    root = pathlib.Path(__file__).parents[2]
    for page in ("README.md", "README.zh-CN.md"):
        text = (root / page).read_text(encoding="utf-8")
        assert with_table(text, zoo.list().markdown()) == text, f"run: mmgen list --into {page}"


def test_table_shows_every_variant():
    table = zoo.list()
    for shown in (str(table), table.markdown(), table._repr_html_()):
        assert all(name in shown for name in ENTRIES)


def test_unknown_name_gives_the_near_ones():
    with pytest.raises(ValueError, match="did you mean cgan_digits"):
        zoo.load("cgan_digit")


def test_altered_weights_are_refused(tmp_path):
    copy = shutil.copytree(ENTRIES["digit_classifier"], tmp_path / "copy")
    weights = copy / preset.WEIGHTS
    weights.write_bytes(weights.read_bytes()[:-100])
    digest = json.loads((copy / preset.MANIFEST).read_text())[preset.WEIGHTS]
    with pytest.raises(
        ValueError, match=f"{preset.WEIGHTS} is truncated or altered: expected SHA-256 {digest}, received"
    ):
        zoo.load(copy)
