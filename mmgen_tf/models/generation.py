"""Requests in human values -> one compiled graph -> answers in human values.

`generate_graph` answers in Python and is what `export` writes, so the two cannot differ. Every request for the same
outputs runs one compiled graph, whatever is given: what is not is blank and marked missing.
"""

import difflib
import inspect

import numpy as np
import tensorflow as tf

from mmgen_tf.noise import Noise


def generate(model, inputs, to, num_samples, seed, batch_size, options):
    """See `GenerativeModel.generate`."""
    if not model.built:
        model.build()
    for name, value in (("num_samples", num_samples), ("batch_size", batch_size)):
        if value < 1:
            raise ValueError(f"{name} must be at least 1; received {value}.")
    check_names(options, list(inspect.signature(model.sample).parameters)[4:], f"{type(model).__name__} takes options:")
    inputs = dict(inputs or {})
    names, one_answer = _asked(model, inputs, to)
    raw, present, count, single = _stack(model, inputs)
    seed = int(np.random.SeedSequence().generate_state(1)[0]) if seed is None else int(seed)
    graph = compiled_graph(model, names, options)
    answers = []
    for number, start in enumerate(range(0, count, batch_size)):
        part = slice(start, start + batch_size)
        answers.append(
            graph(
                {name: tf.constant(value[part]) for name, value in raw.items()},
                {name: tf.constant(value[part]) for name, value in present.items()},
                tf.constant(min(batch_size, count - start)),
                tf.constant(num_samples),
                tf.constant([seed % (2**31), number], tf.int32),
            )
        )
    result = {}
    for name in names:
        values = model.processors[name].unstack(np.concatenate([answer[name].numpy() for answer in answers]))
        result[name] = _shape(values, count, num_samples, single)
    result = result[names[0]] if one_answer else result
    if not options.get("return_attention"):
        return result
    attention = np.concatenate([answer["attention"].numpy() for answer in answers])
    return result, _shape(attention, count, num_samples, single)


def compiled_graph(model, names, options):
    """The graph that answers requests for the outputs `names`; made once for each kind of request."""
    key = (names, tuple(sorted(options.items())))
    if key not in model._graphs:
        model.check_vocabularies()
        specs = {name: model.processors[name].raw_spec for name in model.input_names}
        signature = [
            {name: tf.TensorSpec((None, *spec.shape), spec.dtype) for name, spec in specs.items()},
            {name: tf.TensorSpec((None,), tf.bool) for name in specs},
            tf.TensorSpec((), tf.int32),
            tf.TensorSpec((), tf.int32),
            tf.TensorSpec((2,), tf.int32),
        ]

        def answer(raw, present, count, num_samples, seed):
            return model.generate_graph(raw, present, count, num_samples, seed, names, **options)

        graph = tf.function(answer, input_signature=signature, autograph=False)
        model._graphs[key] = graph.get_concrete_function()
    return model._graphs[key]


def generate_graph(model, raw, present, count, num_samples, seed, names, **options):
    """Raw tensors in, raw tensors out, each `(count * num_samples, ...)`, the samples of one input side by side."""
    given, known = {}, {}
    for name in model.input_names:
        processor = model.processors[name]
        if name in raw:
            given[name], known[name] = processor.preprocess(raw[name]), present[name]
        else:
            shape = processor.modality.shape
            given[name] = tf.ensure_shape(tf.zeros((count, *shape), processor.modality.dtype), (None, *shape))
            known[name] = tf.zeros([count], tf.bool)
        given[name] = tf.repeat(given[name], num_samples, axis=0)
        known[name] = tf.repeat(known[name], num_samples, axis=0)
    if not given:
        known["rows"] = tf.zeros([count * num_samples], tf.bool)
    tensors = model.sample(given, known, names, Noise(seed), **options)
    attention = {"attention": tensors["attention"]} if options.get("return_attention") else {}
    return {name: model.processors[name].postprocess(tensors[name]) for name in names} | attention


def check_names(names, allowed, what):
    """Raises ValueError, with the near names, for the first of `names` that is not in `allowed`."""
    for name in names:
        if name not in allowed:
            near = difflib.get_close_matches(str(name), allowed, n=1)
            hint = f"; did you mean {near[0]!r}?" if near else ""
            raise ValueError(f"{what} {name!r} is not one of {sorted(allowed)}{hint}")


def _asked(model, inputs, to):
    check_names(inputs, model.input_names, f"{type(model).__name__} takes inputs by modality:")
    absent = [name for name in model.required_names if inputs.get(name) is None]
    if absent:
        raise ValueError(f"{type(model).__name__} needs {absent} to generate; received inputs {sorted(inputs)}.")
    if to is None:
        names = tuple(name for name in model.output_names if name not in inputs) or model.output_names
        return names, len(names) == 1
    names = (to,) if isinstance(to, str) else tuple(to)
    check_names(names, model.output_names, f"{type(model).__name__} makes outputs by modality:")
    return names, isinstance(to, str)


def _stack(model, inputs):
    """Human inputs -> raw arrays and present masks of all input modalities, the number of rows, whether single."""
    inputs = {name: value for name, value in inputs.items() if value is not None}
    singles = {name: model.processors[name].is_single(value) for name, value in inputs.items()}
    if len(set(singles.values())) > 1:
        raise ValueError(f"Give either one value or a list for every modality; received single values: {singles}.")
    single, raw, present = all(singles.values()), {}, {}
    for name, value in inputs.items():
        raw[name], present[name] = model.processors[name].stack_with_missing([value] if single else list(value))
        if name in model.required_names and not present[name].all():
            raise ValueError(f"{name!r} may not be missing; row {int(np.argmin(present[name]))} has none.")
    lengths = {name: len(mask) for name, mask in present.items()}
    count = max(lengths.values(), default=1)
    if len(set(lengths.values())) > 1 or not count:
        raise ValueError(f"Inputs must have one and the same length of at least 1; received {lengths}.")
    for name in model.input_names:
        if name not in raw:
            raw[name], present[name] = model.processors[name].stack_with_missing([None] * count)
    return raw, present, count, single


def _shape(values, count, num_samples, single):
    """(count * num_samples) values -> the nesting that the request's form asks for."""
    if isinstance(values, np.ndarray):
        values = values.reshape((count, num_samples, *values.shape[1:]))
    else:
        values = [values[i * num_samples : (i + 1) * num_samples] for i in range(count)]
    if num_samples == 1:
        values = values[:, 0] if isinstance(values, np.ndarray) else [v[0] for v in values]
    return values[0] if single else values
