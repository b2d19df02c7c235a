"""Recipes: found by name or path, and settings that can be changed but not invented."""

import pytest

from mmgen_tf.models import preset
from mmgen_tf.training import Recipe, load_recipe
from mmgen_tf.training.recipe import parse_setting


def test_every_recipe_of_the_zoo_loads_under_its_folder_s_name():
    names = [path.parent.name for path in preset.zoo_root().glob("*/*/recipe.py")]
    assert names and [load_recipe(name).name for name in names] == names
    for name in names:
        assert {"seed", "batch_size", "epochs"} <= set(load_recipe(name).settings)


def test_settings_are_replaced_in_a_copy():
    recipe = Recipe("x", "digits", {"seed": 0, "epochs": 2}, None, None)
    assert recipe.with_settings({"epochs": 5}).settings == {"seed": 0, "epochs": 5}
    assert recipe.settings == {"seed": 0, "epochs": 2}
    with pytest.raises(ValueError, match=r"'x' has no setting 'epoch'; did you mean 'epochs'\?"):
        recipe.with_settings({"epoch": 5})


def test_what_is_no_recipe_is_refused(tmp_path):
    with pytest.raises(ValueError, match="no recipe 'cgan_digit'; there are .*cgan_digits"):
        load_recipe("cgan_digit")
    with pytest.raises(ValueError, match="no recipe file .*nowhere.py"):
        load_recipe(tmp_path / "nowhere.py")
    (tmp_path / "empty.py").write_text("recipe = 3")
    with pytest.raises(ValueError, match=r"empty.py must define `recipe = Recipe\(...\)`"):
        load_recipe(tmp_path / "empty.py")


@pytest.mark.parametrize(
    "text, pair",
    [("a=1", ("a", 1)), ("a=1e-3", ("a", 1e-3)), ("a=true", ("a", True)), ("a=b=c", ("a", "b=c")), ("a=[]", ("a", []))],
)
def test_settings_are_read_as_json_where_they_are_json(text, pair):
    assert parse_setting(text) == pair


@pytest.mark.parametrize("text", ["a", "=1", ""])
def test_a_setting_needs_a_key_and_a_value(text):
    with pytest.raises(ValueError, match=f"key=value; received {text!r}"):
        parse_setting(text)
