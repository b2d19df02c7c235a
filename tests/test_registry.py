"""Objects to JSON and back."""

import json

import pytest

from mmgen_tf import registry
from mmgen_tf.modalities.label.label_processor import LabelProcessor


@registry.register
class Brick:
    def __init__(self, size, inside=None):
        self.size, self.inside = size, inside

    def get_config(self):
        return {"size": self.size, "inside": self.inside}


def test_nested_objects_survive_json():
    wall = Brick((1, 2.5), {"b": Brick("x"), "a": [Brick(None), True]})
    text = json.dumps(registry.to_config(wall))
    again = registry.from_config(json.loads(text))
    assert json.dumps(registry.to_config(again)) == text
    assert again.size == [1, 2.5] and again.inside["b"].size == "x" and again.inside["a"][0].size is None


def test_keys_are_written_sorted():
    assert list(registry.to_config({"b": 1, "a": 2})) == ["a", "b"]


def test_only_json_and_registered_objects_are_saved():
    with pytest.raises(TypeError, match="registered with @mmgen_tf.register can be saved; received .*object"):
        registry.to_config({"wall": [object()]})


def test_an_unregistered_class_is_refused_with_the_near_name():
    with pytest.raises(ValueError, match="not registered: 'Brik'; did you mean Brick"):
        registry.from_config({"class": "Brik", "config": {}})
    with pytest.raises(ValueError, match="not registered: 'os.system'$"):
        registry.from_config([{"deep": {"class": "os.system", "config": {"command": "true"}}}])


def test_an_unknown_key_is_refused_with_the_near_one():
    with pytest.raises(ValueError, match=r"Brick has no config key \['sise'\] \(did you mean 'size'\?\); it takes"):
        registry.from_config({"class": "Brick", "config": {"sise": 1}})


def test_self_is_no_key():
    with pytest.raises(ValueError, match=r"no config key \['self'\]"):
        registry.from_config({"class": "Brick", "config": {"self": 1, "size": 2}})


def test_a_name_has_one_class():
    assert registry.register(Brick) is Brick
    with pytest.raises(ValueError, match="'LabelProcessor' is already registered by mmgen_tf.modalities.label"):
        registry.register(type("LabelProcessor", (), {}))
    assert registry.from_config(registry.to_config(LabelProcessor(classes=("a",)))).modality.vocabulary == ("a",)
