"""SavedModels with named signatures, explicit input signatures, and the same graph that `generate` runs in Python."""

import os
import pathlib
import shutil
import tempfile

import keras
import tensorflow as tf

from mmgen_tf.noise import Noise


def export_saved_model(model, directory):
    """Writes a SavedModel that needs nothing but TensorFlow to run.

    Signatures, all in raw values (uint8 pictures, strings, float32 waveforms, int32 classes):

    - `generate`: every input modality `(batch, ...)` and, where it may be missing, `<name>_present` bool `(batch,)`;
      `num_samples` and `seed` int32 scalars; gives every output modality, `(batch * num_samples, ...)`. A model that
      takes no input has `batch` instead.
    - `<inputs>_to_<output>`: the same for one direction, without the masks.
    - the same with `_beam` behind the name, of a model that says sentences: by beam search instead of greedily.
    - `serving_default`: `generate` again, where a server asks for no name.
    - `encode`, `decode`: between values and latent vectors, where the model has them.
    - `embed_<modality>`: unit vectors, of a model that finds and makes nothing.

    Args:
        model: a built, uncompiled `GenerativeModel` made outside any strategy.
        directory: must not exist, or be empty; it appears only when all is written.

    Raises:
        ValueError: if the directory holds something, or its parent cannot be written.
    """
    directory = pathlib.Path(directory)
    if directory.exists() and (not directory.is_dir() or any(directory.iterdir())):
        raise ValueError(f"{directory} holds something already; choose another directory for the SavedModel.")
    directory.parent.mkdir(parents=True, exist_ok=True)
    archive = keras.export.ExportArchive()
    archive.track(model)
    for processor in model.processors.values():
        if hasattr(processor, "tokenizer"):
            archive.track(processor.tokenizer)
    for name, (function, signature) in endpoints(model).items():
        archive.add_endpoint(name, function, input_signature=signature)
    logger = tf.get_logger()
    level = logger.level
    fresh = pathlib.Path(tempfile.mkdtemp(prefix=f".{directory.name}.", dir=directory.parent))
    try:
        logger.setLevel("ERROR")
        archive.write_out(str(fresh / "model"), verbose=False)
        os.replace(fresh / "model", directory)
    finally:
        logger.setLevel(level)
        shutil.rmtree(fresh, ignore_errors=True)


def endpoints(model):
    """dict of signature name -> (function, input signature)."""
    if not model.output_names:
        return {f"embed_{name}": _embed(model, name) for name in model.input_names}
    made = {}
    for suffix, options in model.served_ways().items():
        everything = model.input_names, model.output_names
        made[f"generate{suffix}"] = _generate(model, *everything, masks=True, options=options)
        for given, to in model.directions():
            if given:
                name = f"{'_'.join(given)}_to_{'_'.join(to)}{suffix}"
                made[name] = _generate(model, given, to, masks=False, options=options)
    if hasattr(model, "encode") and hasattr(model, "decode"):
        made["encode"], made["decode"] = _encode(model), _decode(model)
    return made


def _raw_spec(model, name):
    spec = model.processors[name].raw_spec
    return tf.TensorSpec((None, *spec.shape), spec.dtype, name=name)


def _mask_spec(name):
    return tf.TensorSpec((None,), tf.bool, name=f"{name}_present")


def _generate(model, given, to, masks, options):
    optional = [name for name in given if masks and name not in model.required_names]
    signature = [_raw_spec(model, name) for name in given] + [_mask_spec(name) for name in optional]
    if not given:
        signature.append(tf.TensorSpec((), tf.int32, name="batch"))
    signature += [tf.TensorSpec((), tf.int32, name="num_samples"), tf.TensorSpec((), tf.int32, name="seed")]

    def generate(*arguments):
        *arguments, num_samples, seed = arguments
        count = tf.shape(arguments[0])[0] if given else arguments[0]
        raw = dict(zip(given, arguments))
        present = {name: tf.ones([count], tf.bool) for name in given}
        present.update(zip(optional, arguments[len(given) :]))
        return model.generate_graph(raw, present, count, num_samples, tf.stack([seed, 0]), to, **options)

    return generate, signature


def _embed(model, name):
    def embed(raw):
        return {"vectors": model.encoders[name](model.processors[name].preprocess(raw))}

    return embed, [_raw_spec(model, name)]


def _encode(model):
    names = model.input_names
    signature = [_raw_spec(model, name) for name in names] + [_mask_spec(name) for name in names]

    def encode(*arguments):
        values = {name: model.processors[name].preprocess(raw) for name, raw in zip(names, arguments)}
        mean, log_variance = model.encode(values, dict(zip(names, arguments[len(names) :])))
        return {"mean": mean, "log_variance": log_variance}

    return encode, signature


def _decode(model):
    def decode(z):
        tensors = model.decode(z, model.output_names, Noise(0))
        return {name: model.processors[name].postprocess(tensor) for name, tensor in tensors.items()}

    return decode, [tf.TensorSpec((None, model.latent_dim), tf.float32, name="z")]
