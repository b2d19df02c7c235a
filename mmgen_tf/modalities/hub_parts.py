"""KerasHub's backbones and tokenizers as parts of a model here: loaded by name, kept in its preset as plain JSON.

A backbone's weights are saved with the model's own, so that a preset needs none of KerasHub's files again.
"""

import difflib
import functools
import json

import numpy as np

from mmgen_tf.shipped_files import BACKBONES, CONFIG, WEIGHTS, check_manifest, read_json, zoo_root


def load_backbone(name_or_directory):
    """A KerasHub backbone with its weights.

    Args:
        name_or_directory: a KerasHub preset's name, such as "bert_tiny_en_uncased", which KerasHub fetches, or a local
            directory that `save_to_preset` of KerasHub wrote.
    """
    import keras_hub

    return keras_hub.models.Backbone.from_preset(str(name_or_directory))


def backbone_config(backbone):
    """A backbone, or what this gave before, as JSON."""
    if isinstance(backbone, dict):
        return backbone
    import keras

    described = keras.saving.serialize_keras_object(backbone)
    return {"kind": described["class_name"], "arguments": described["config"]}


def make_backbone(config):
    """A new backbone, without trained weights, of a config; a backbone stays what it is.

    Raises:
        ValueError: for a class that is no backbone of KerasHub, with the near names.
    """
    if not isinstance(config, dict):
        return config
    return _class_of(config["kind"], "Backbone").from_config(config["arguments"])


class FrozenBackbone:
    """A backbone that ships with the package, `zoo/backbones/<name>/`, as a function: it holds no variables, is never
    saved with a model and never learns.

    Args:
        backbone: a KerasHub `Backbone` of pictures, with its weights.
        scale, offset: the backbone sees `scale * pixel + offset`, the pixel in 0..255.
        turned: whether it sees pictures turned by 180 degrees, as one does whose kernels were turned to pad as
            TensorFlow does; the map is turned back.
    """

    def __init__(self, backbone, scale=1.0, offset=0.0, turned=False):
        self.backbone, self.scale, self.offset, self.turned = backbone, scale, offset, turned
        self.values = [(variable, np.asarray(variable)) for variable in backbone.variables]

    def __call__(self, pixels):
        """float32 map `(batch, rows, columns, width)` of pictures in 0..255 `(batch, height, width, 3)`."""
        return self._through(self.backbone, pixels)[0]

    def at_levels(self, levels):
        """A function from pictures, as above, to the maps of some levels of the backbone's pyramid.

        Args:
            levels: names of KerasHub's `pyramid_outputs`: "P1" is half as high and wide as the picture, and so on.

        Raises:
            ValueError: for a level that the backbone does not have.
        """
        import keras

        there = self.backbone.pyramid_outputs
        if set(levels) - set(there):
            raise ValueError(f"The backbone has maps {sorted(there)}; received levels {list(levels)}.")
        network = keras.Model(self.backbone.input, [there[level] for level in levels])
        return lambda pixels: self._through(network, pixels)

    def _through(self, network, pixels):
        """The list of maps that a part of the backbone gives."""
        import keras

        x = self.scale * keras.ops.cast(pixels, "float32") + self.offset
        x = keras.ops.flip(x, (1, 2)) if self.turned else x
        held = [(variable, keras.ops.convert_to_tensor(value)) for variable, value in self.values]
        with keras.StatelessScope(state_mapping=held):
            maps = network(x, training=False)
        maps = maps if isinstance(maps, list) else [maps]
        return [keras.ops.flip(each, (1, 2)) for each in maps] if self.turned else maps

    def map_shape(self, height, width):
        """`(rows, columns, width)` of the map of pictures of a size."""
        return tuple(self.backbone.compute_output_shape((None, height, width, 3))[1:])


@functools.cache
def shipped_backbone(name):
    """The `FrozenBackbone` of that name, read once.

    Raises:
        ValueError: for another name, with those there are, or a file that is not as its manifest says.
    """
    import keras

    root = zoo_root() / BACKBONES
    names = sorted(path.parent.name for path in root.glob(f"*/{CONFIG}"))
    if name not in names:
        near = difflib.get_close_matches(str(name), names, n=1)
        hint = f"did you mean {near[0]!r}?" if near else f"there are {names}."
        raise ValueError(f"No backbone {name!r} ships with the package; {hint}")
    check_manifest(root / name)
    config = read_json(root / name / CONFIG)
    policy = keras.config.dtype_policy()
    keras.config.set_dtype_policy("float32")
    try:
        backbone = make_backbone(config.pop("backbone"))
    finally:
        keras.config.set_dtype_policy(policy)
    backbone.load_weights(str(root / name / WEIGHTS))
    return FrozenBackbone(backbone, **config)


def tokenizer_config(tokenizer):
    """A tokenizer with its vocabulary as JSON.

    Raises:
        ValueError: for another kind than word pieces and byte pairs.
    """
    import keras_hub

    kinds = keras_hub.tokenizers
    if not isinstance(tokenizer, (kinds.WordPieceTokenizer, kinds.BytePairTokenizer)):
        raise ValueError(
            f"Expected a WordPieceTokenizer or BytePairTokenizer of KerasHub; received a {type(tokenizer).__name__}."
        )
    arguments = {
        key: value
        for key, value in tokenizer.get_config().items()
        if key not in ("name", "trainable", "dtype", "config_file")
    }
    if isinstance(tokenizer, kinds.BytePairTokenizer):
        arguments |= {"vocabulary": dict(tokenizer.vocabulary), "merges": list(tokenizer.merges)}
    else:
        arguments["vocabulary"] = list(tokenizer.get_vocabulary())
    return {"kind": type(tokenizer).__name__, "arguments": arguments}


def make_tokenizer(config):
    """The tokenizer of a config; a tokenizer stays what it is. Raises ValueError as `make_backbone`."""
    if not isinstance(config, dict):
        return config
    return _class_of(config["kind"], "Tokenizer")(**config["arguments"])


def learn_tokenizer(texts, kind="byte_pair", vocabulary_size=8000, lowercase=False):
    """A KerasHub tokenizer whose vocabulary is learnt from sentences.

    Args:
        texts: list of str.
        kind: "byte_pair" (Sennrich et al. 2016, on bytes; gives back every character and space), or "word_piece" (Wu et
            al. 2016; splits at punctuation, which comes back between spaces).
        vocabulary_size: most tokens, special ones among them.
        lowercase: whether sentences are lower-cased first.

    Raises:
        ValueError: for another kind.
        ImportError: without the package `tokenizers`, which learns byte pairs.
    """
    import keras_hub

    if kind == "word_piece":
        import tensorflow as tf

        words = keras_hub.tokenizers.compute_word_piece_vocabulary(
            tf.data.Dataset.from_tensor_slices(list(map(str, texts))), vocabulary_size, lowercase=lowercase
        )
        return keras_hub.models.BertTokenizer(vocabulary=words, lowercase=lowercase)
    if kind != "byte_pair":
        raise ValueError(f"kind must be 'byte_pair' or 'word_piece'; received {kind!r}.")
    try:
        from tokenizers import ByteLevelBPETokenizer
    except ImportError:
        raise ImportError('Byte pairs are learnt by tokenizers: pip install "mmgen_tf[text]"') from None
    learner = ByteLevelBPETokenizer(lowercase=lowercase)
    special = ["<s>", "<pad>", "</s>", "<unk>", "<mask>"]
    learner.train_from_iterator(
        map(str, texts), vocabulary_size, min_frequency=2, special_tokens=special, show_progress=False
    )
    merges = json.loads(learner._tokenizer.to_str())["model"]["merges"]
    merges = [pair if isinstance(pair, str) else " ".join(pair) for pair in merges]
    return keras_hub.models.RobertaTokenizer(vocabulary=learner.get_vocab(), merges=merges)


def _class_of(name, kind):
    """A class of KerasHub by name: nothing else can be named."""
    import keras_hub

    base = keras_hub.models.Backbone if kind == "Backbone" else keras_hub.tokenizers.Tokenizer
    homes = (keras_hub.models, keras_hub.tokenizers)
    found = next((getattr(home, name) for home in homes if hasattr(home, name)), None)
    if not (isinstance(found, type) and issubclass(found, base)):
        known = [each for home in homes for each in dir(home) if each.endswith(kind)]
        near = difflib.get_close_matches(str(name), known, n=3)
        hint = f"; did you mean {' or '.join(near)}?" if near else ""
        raise ValueError(f"KerasHub has no {kind.lower()} {name!r}{hint}")
    return found
