"""Every component, through one battery: config, build, shape, precision, weights."""

import importlib
import inspect
import json
import pathlib

import keras
import numpy as np
import pytest
from descriptors import LAYERS, PROCESSORS

from mmgen_tf import registry
from mmgen_tf.modalities.processor import Processor

for home in registry.HOMES.values():
    importlib.import_module(home)

OF_KERAS_HUB = {  # see modalities/test_hub_parts.py and test_backbone_image_processor.py
    "BackboneImageEncoder", "BackboneImageProcessor", "BackboneTextEncoder", "TokenizerProcessor"
}  # fmt: skip

each_component = pytest.mark.parametrize("row", LAYERS + PROCESSORS, ids=lambda row: row.cls.__name__)
each_layer = pytest.mark.parametrize("row", LAYERS, ids=lambda row: row.cls.__name__)
each_processor = pytest.mark.parametrize("row", PROCESSORS, ids=lambda row: row.cls.__name__)


def built(row):
    layer = row.make()
    layer.build()
    return layer


def test_every_registered_class_has_its_home():
    ours = {name: c.__module__ for name, c in registry._CLASSES.items() if c.__module__.startswith("mmgen_tf.")}
    assert registry.HOMES == ours
    root = pathlib.Path(registry.__file__).parent
    decorated = [path for path in root.rglob("*.py") if "\n@register\n" in path.read_text(encoding="utf-8")]
    assert len(decorated) == len(registry.HOMES), "a registered class is missing from registry.HOMES"


def test_every_component_has_a_row():
    ours = {cls for cls in registry._CLASSES.values() if cls.__module__.startswith("mmgen_tf.")}
    components = {c for c in ours if issubclass(c, (keras.layers.Layer, Processor)) and not issubclass(c, keras.Model)}
    assert {c.__name__ for c in components} == {row.cls.__name__ for row in LAYERS + PROCESSORS} | OF_KERAS_HUB


@each_component
def test_config_survives_json(row):
    config = json.loads(json.dumps(registry.to_config(row.make())))
    assert config == {"class": row.cls.__name__, "config": row.config}


@each_component
def test_config_says_all_that_the_constructor_takes(row):
    parameters = inspect.signature(row.cls.__init__).parameters.values()
    named = {p.name for p in parameters if p.kind not in (p.VAR_KEYWORD, p.VAR_POSITIONAL)} - {"self"}
    assert set(row.make().get_config()) == named == set(row.config)


@each_component
def test_unknown_config_key_is_refused(row):
    with pytest.raises(ValueError, match=rf"{row.cls.__name__} has no config key \['bogus'\]"):
        registry.from_config({"class": row.cls.__name__, "config": {**row.config, "bogus": 1}})


@each_layer
def test_build_makes_every_weight_and_call_no_more(row):
    layer = built(row)
    paths = [weight.path for weight in layer.weights]
    assert layer.built and len(set(paths)) == len(paths)
    assert keras.tree.map_structure(lambda part: tuple(part.shape), row.call(layer)) == row.shape
    assert [weight.path for weight in layer.weights] == paths


@each_layer
def test_computes_in_bfloat16_and_stays_near_float32(row):
    exact = built(row)
    keras.config.set_dtype_policy("mixed_bfloat16")
    rough = built(row)
    rough.set_weights(exact.get_weights())
    assert {weight.dtype for weight in rough.trainable_weights} <= {"float32"}
    results = keras.tree.flatten(row.call(rough)), keras.tree.flatten(row.call(exact))
    for result, expected in zip(*results):
        np.testing.assert_allclose(keras.ops.cast(result, "float32"), expected, atol=0.1)


@each_layer
def test_weights_go_from_one_instance_to_another_by_file(row, tmp_path):
    first, second = built(row), built(row)
    wrapped(first).save_weights(tmp_path / "first.weights.h5")
    wrapped(second).load_weights(tmp_path / "first.weights.h5")
    assert_same(row.call(first), row.call(second))


def assert_same(one, other):
    """The same numbers, whatever holds them."""
    for value, expected in zip(keras.tree.flatten(one), keras.tree.flatten(other), strict=True):
        np.testing.assert_array_equal(value, expected)


def wrapped(layer):
    """A model with the layer in it, which alone can write a weights file."""
    model = keras.Model()
    model.part, model.built = layer, True
    return model


@each_layer
def test_training_only_behaviour_is_off_by_default(row):
    layer = built(row)
    before = layer.get_weights()
    first = row.call(layer)
    assert all((a == b).all() for a, b in zip(before, layer.get_weights()))
    assert_same(row.call(layer), first)


@each_processor
def test_values_become_tensors_and_values_again(row):
    processor = row.make()
    raw = processor.stack(row.inputs)
    assert raw.shape[1:] == processor.raw_spec.shape
    tensor = processor.preprocess(raw)
    assert processor.modality.check(tensor).shape == row.shape and tensor.dtype == processor.modality.dtype
    again = processor.unstack(processor.postprocess(tensor).numpy())
    assert len(again) == len(row.inputs) and all(processor.is_single(human) for human in again)
    if row.loss is None:
        for value, human in zip(row.inputs, again):
            np.testing.assert_array_equal(human, value)
    else:
        assert np.abs(processor.preprocess(processor.stack(list(again))) - tensor).mean() < row.loss
    assert not processor.is_single(again)
