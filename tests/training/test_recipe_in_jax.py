"""What is handed to another machine to train: programs, rows, rates and a state."""

import json
import pathlib
import sys

import numpy as np
import pytest

from benchmarks import recipe_in_jax
from mmgen_tf import training
from mmgen_tf.training import cosine_decay
from tests.tiny_models import captioned_pictures

RECIPE = pathlib.Path(__file__).with_name("tiny_recipe.py")
ROWS, EPOCHS, BATCH = 19, 3, 4
STEPS = ROWS // BATCH


@pytest.fixture(scope="module")
def handed(tmp_path_factory):
    """What `prepare` writes of the tiny recipe: the plan, the arrays and the state."""
    folder = tmp_path_factory.mktemp("handed")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            sys.modules["mmgen_tf.training.train"],
            "training_columns",
            lambda recipe, data_dir: captioned_pictures(ROWS),
        )
        patch.syspath_prepend(str(RECIPE.parents[1]))
        recipe_in_jax.prepare(str(RECIPE), folder, None, {})
        recipe = training.load_recipe(str(RECIPE))
    return folder, json.loads((folder / "plan.json").read_text()), recipe


def test_the_rows_are_those_of_the_training_itself(handed):
    folder, plan, recipe = handed
    model = recipe.build_model(None, recipe.settings)
    examples = model.examples(captioned_pictures(ROWS), BATCH, drop_remainder=True)
    order = np.load(folder / "data.npz")["order"]
    assert plan["steps"] == STEPS and order.shape == (EPOCHS * STEPS, BATCH)
    for rows, batch in zip(order, examples.batches().take(EPOCHS * STEPS)):
        np.testing.assert_array_equal(examples.batch(rows)["image"], batch["image"])


def test_the_rates_are_those_of_both_optimizers(handed):
    folder, _, recipe = handed
    factor = cosine_decay(EPOCHS * STEPS, warmup_steps=2, floor=0.1)
    with np.load(folder / "data.npz") as data:
        rates = [data[key] for key in data.files if key.startswith("rate/")]
    expected = [recipe.settings["learning_rate"] * factor(step) for step in range(EPOCHS * STEPS)]
    assert len(rates) == 2
    for rate, times in zip(sorted(rates, key=max), (1, 2)):
        np.testing.assert_allclose(rate, times * np.array(expected), rtol=1e-6)


def test_a_program_takes_rows_the_whole_state_and_what_is_held(handed):
    folder, plan, _ = handed
    (takes,) = plan["parameters"]
    state, data = np.load(folder / "state.npz"), np.load(folder / "data.npz")
    assert plan["programs"] == [0] * EPOCHS and (folder / "step_0.hlo").stat().st_size > 10_000
    assert takes.count("rows") == 1 and len(set(takes)) == len(takes)
    assert plan["kept"] == len(state.files) - 1 and state["position"] == 0
    assert {t for t in takes if t.startswith("state/")} == {
        f"state/{number}" for number in range(plan["kept"] + len(plan["means"]))
    }
    held = {t for t in takes if t.startswith("held/")}
    assert held == {key for key in data.files if key.startswith("held/")}
    assert any(data[key].shape == captioned_pictures(ROWS)["image"].shape for key in held)
