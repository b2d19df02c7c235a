"""A recipe: everything that was decided to train one variant. It is a Python file with a `recipe` in it."""

import dataclasses
import difflib
import importlib.util
import json
import pathlib
from collections.abc import Callable

from mmgen_tf.models import preset


@dataclasses.dataclass(frozen=True)
class Recipe:
    """What to train, on what, and how.

    Args:
        name: the variant's name.
        dataset: name of the builder, `"name/config"` where it has configs.
        settings: plain values (numbers, strings) that the two functions read, at least `seed`, `batch_size` and
            `epochs`; `mmgen train --set key=value` overrides them.
        build_model: function of (columns of the training split, settings) giving a `GenerativeModel`.
        compile_model: function of (model, settings, steps) that compiles it; `steps` is the whole training's length.
            May return a list of callbacks.
        weights_dtype: in which the finished preset stores its weights.
        protocol: name of the evaluation protocol; the dataset's own if None.
        split: which rows of it to train on, as in TFDS; `"train[:90%]"` leaves some to choose settings on.
        choose_columns: None, or function of (columns of the training split, settings) giving those to train on.
        finish_model: None, or function of (trained model, columns, settings), to fit a latent sampler, say.
    """

    name: str
    dataset: str
    settings: dict
    build_model: Callable
    compile_model: Callable
    weights_dtype: str = "float16"
    protocol: str | None = None
    split: str = "train"
    choose_columns: Callable | None = None
    finish_model: Callable | None = None

    def with_settings(self, overrides):
        """A copy with some settings replaced. Raises ValueError, with the near names, for one that does not exist."""
        for key in overrides:
            if key not in self.settings:
                near = difflib.get_close_matches(key, self.settings, n=1)
                hint = f"; did you mean {near[0]!r}?" if near else ""
                raise ValueError(f"Recipe {self.name!r} has no setting {key!r}{hint} It has {sorted(self.settings)}.")
        return dataclasses.replace(self, settings={**self.settings, **overrides})


def load_recipe(name_or_path):
    """The recipe of a zoo variant, or of a Python file. Running a recipe runs its code: it is a program, not data.

    Raises:
        ValueError: if there is no such variant or file, or the file defines no `recipe`.
    """
    path = pathlib.Path(name_or_path)
    if path.suffix != ".py":
        path = _zoo_recipe(str(name_or_path))
    if not path.is_file():
        raise ValueError(f"There is no recipe file {path}.")
    spec = importlib.util.spec_from_file_location(f"recipe_of_{path.parent.name}", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    if not isinstance(getattr(module, "recipe", None), Recipe):
        raise ValueError(f"{path} must define `recipe = Recipe(...)`.")
    return module.recipe


def _zoo_recipe(name):
    recipes = {path.parent.name: path for path in preset.zoo_root().glob("*/*/recipe.py")}
    if name not in recipes:
        near = difflib.get_close_matches(name, recipes, n=3, cutoff=0.4) or sorted(recipes)
        raise ValueError(f"There is no recipe {name!r}; there are {', '.join(near)}, or give a path to a .py file.")
    return recipes[name]


def parse_setting(text):
    """`"key=value"` -> (key, value), the value read as JSON where it is JSON."""
    key, separator, value = text.partition("=")
    if not separator or not key:
        raise ValueError(f"A setting must look like key=value; received {text!r}.")
    try:
        return key.strip(), json.loads(value)
    except json.JSONDecodeError:
        return key.strip(), value
