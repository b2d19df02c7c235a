"""Every recipe of the zoo wires a model that fits its dataset's columns, trained or not."""

import numpy as np
import pytest

from mmgen_tf.data import glove
from mmgen_tf.data.builders.cdsprites.sprite_sentences import every_sentence
from mmgen_tf.data.builders.digits4.digits4_dataset_builder import WORDS
from mmgen_tf.data.pipeline import Examples
from mmgen_tf.models import preset
from mmgen_tf.noise import Noise
from mmgen_tf.training import load_recipe

ROWS = 12
RECIPES = sorted(path.parent.name for path in preset.zoo_root().glob("*/*/recipe.py"))


def columns_of(dataset):
    """Twelve rows of noise in the form of a dataset."""
    random, labels = np.random.default_rng(0), np.arange(ROWS) % 10

    def pictures(*shape):
        return random.integers(0, 256, (ROWS, *shape)).astype("uint8")

    digit = {"image": pictures(28, 28, 1), "label": labels}
    if dataset == "digits":
        return digit | {"text": [f"a thick {label} leaning left" for label in labels]}
    if dataset == "polydigits":
        return {f"image_{number}": pictures(28, 28, 3) for number in range(5)} | {"label": labels}
    if dataset == "digits4":
        sounds = random.uniform(-1, 1, (ROWS, 8192)).astype("float32")
        return digit | {"sign": pictures(32, 32, 3), "audio": sounds, "text": [WORDS[label] for label in labels]}
    if dataset == "emoji":
        return {"image": pictures(64, 64, 3), "text": [f"thing {label}, flat style" for label in labels]}
    if dataset in ("easy_vqa", "shape_dialogue"):
        texts = {name: [f"is it {label} ?" for label in labels] for name in ("text", "history")}
        return {"image": pictures(64, 64, 3), "answer": [("yes", "no")[label % 2] for label in labels]} | texts
    if dataset == "flickr8k":
        names = ("text", "text_1", "text_2", "text_3", "text_4")
        return {"image": pictures(192, 192, 3)} | {name: [f"a dog runs {label}" for label in labels] for name in names}
    if dataset == "multi30k":
        texts = {name: [f"A dog runs {label}." for label in labels] for name in ("text", "text_de", "text_fr")}
        return {"image": list(pictures(192, 192, 3)), "has_image": labels % 2 == 0} | texts
    if dataset == "sprite_videos":
        return {"video": pictures(8, 64, 64, 3), "text": [f"a man walks {label}" for label in labels]}
    sentences = [sentence for sentence, _ in every_sentence(int(dataset[-1]))]
    return {"image": pictures(64, 64, 3), "text": [sentences[row % len(sentences)] for row in range(ROWS)]}


@pytest.mark.parametrize("name", RECIPES)
def test_recipe_wires_a_model_that_fits_its_data(name, monkeypatch):
    monkeypatch.setattr(glove, "frequent_words", lambda count: ["the", "apple", "thing"])
    monkeypatch.setattr(
        glove, "word_vectors", lambda words: (np.ones((len(words), 50), "float32"), np.ones(len(words), bool))
    )
    recipe = load_recipe(name)
    assert recipe.name == name
    columns = columns_of(recipe.dataset)
    recipe = recipe.with_settings({"least": 1}) if "least" in recipe.settings else recipe  # of so few sentences
    columns = recipe.choose_columns(columns, recipe.settings) if recipe.choose_columns else columns
    model = recipe.build_model(columns, recipe.settings)
    recipe.compile_model(model, recipe.settings, steps=100)
    examples = Examples(columns, model.processors, 4, complete=model.complete_names)
    losses = model.compute_losses(next(iter(examples.batches())), Noise(0), training=True)
    assert set(losses) == set(model.loss_names)
    assert all(np.isfinite(rows).all() for rows in losses.values())
