"""Raw examples -> batches: the one place where data is shuffled, batched and turned into tensors.

Raw examples may be a `tf.data.Dataset` of dictionaries, a dictionary of columns, a list of dictionaries, or a folder
(see `mmgen_tf.data.folder`). Order depends on (seed, step) alone, so that a stopped training continues where it was.
"""

import os

import numpy as np
import tensorflow as tf

FOREVER = 2**60
SHUFFLE_BUFFER = 10_000
COSTLY_BATCH = 64


class Examples:
    """Raw examples, read once, from which seeded streams of batches are made.

    Args:
        examples: raw examples, in any of the four forms.
        processors: dict of modality name -> `Processor`.
        batch_size: the global batch size.
        seed: of the shuffle.
        shuffle: whether to shuffle anew every epoch.
        drop_remainder: leave out an epoch's last, smaller batch.
        complete: names of modalities that no example may lack.
        grouped: names of texts; rows where these have about as many tokens share a batch, so that little of it is
            padding. Which rows those are, and the order of the batches, is drawn anew every epoch. Not of a `Dataset`.

    Attributes:
        steps_per_epoch: batches in one epoch.
        batch_sizes: the sizes that batches have.

    Raises:
        ValueError: if no example or no modality of the model is there, or a value does not fit its modality.
    """

    def __init__(
        self, examples, processors, batch_size, seed=0, shuffle=True, drop_remainder=False, complete=(), grouped=()
    ):  # fmt: skip
        if batch_size < 1:
            raise ValueError(f"batch_size must be at least 1; received {batch_size}.")
        self.processors, self.batch_size, self.seed = processors, batch_size, seed
        self.shuffle, self.drop_remainder = shuffle, drop_remainder
        self.stream = self.lengths = None
        if isinstance(examples, tf.data.Dataset):
            self.stream, self.count = _read_stream(examples, processors, complete)
        else:
            columns, self.present = read_columns(examples, processors, complete)
            self.columns, self.places = {}, {}
            for name, column in columns.items():
                self.columns[name], self.places[name] = _store(processors[name], column, self.present[name])
            self.count = len(next(iter(self.present.values())))
            if grouped:
                filled = [(self.columns[n] != processors[n].pad_id) & self.present[n][:, None] for n in grouped]
                self.lengths = tf.add_n([tf.reduce_sum(tf.cast(each, tf.int32), axis=1) for each in filled])
        self.steps_per_epoch = self.count // batch_size if drop_remainder else -(-self.count // batch_size)
        last = 0 if drop_remainder else self.count % batch_size
        self.batch_sizes = {last or batch_size, min(batch_size, self.count)}
        if not self.steps_per_epoch:
            raise ValueError(f"drop_remainder leaves nothing of {self.count} examples with batch_size {batch_size}.")

    def batches(self, start_step=0):
        """An endless `tf.data.Dataset` of batches that begins at `start_step`, counted through all epochs."""
        if self.stream is not None:
            stream = self.stream
            if self.shuffle:
                stream = stream.shuffle(min(self.count, SHUFFLE_BUFFER), seed=self.seed)
            stream = stream.batch(self.batch_size, drop_remainder=self.drop_remainder).repeat().skip(start_step)
            batches = stream.map(lambda raw, present: _to_batch(raw, present, self.processors), tf.data.AUTOTUNE)
        else:
            batches = tf.data.Dataset.range(start_step, FOREVER).map(
                lambda step: self.batch(self.rows(step)), tf.data.AUTOTUNE
            )
        options = tf.data.Options()
        options.deterministic = True
        options.autotune.enabled = False  # its thread sleeps ever longer, and a stream's end may wait for it
        options.experimental_distribute.auto_shard_policy = tf.data.experimental.AutoShardPolicy.DATA
        return batches.with_options(options).prefetch(tf.data.AUTOTUNE)

    def rows(self, step):
        """Which examples make the batch of a step, counted through all epochs: int64 `(batch,)`."""
        epoch, place = step // self.steps_per_epoch, step % self.steps_per_epoch
        index = tf.range(place * self.batch_size, tf.minimum((place + 1) * self.batch_size, self.count))
        if self.drop_remainder or self.count % self.batch_size == 0:
            index = tf.ensure_shape(index, (self.batch_size,))
        if self.shuffle:
            key = tf.cast(tf.stack([tf.constant(self.seed, tf.int64), epoch]), tf.uint32)
            index = self._shuffled(index, place, key)
        return index

    def batch(self, rows):
        """The batch of some examples by their numbers, in that order."""
        where = {n: rows if place is None else tf.gather(place, rows) for n, place in self.places.items()}
        raw = {name: tf.gather(column, where[name]) for name, column in self.columns.items()}
        return _to_batch(raw, {name: tf.gather(mask, rows) for name, mask in self.present.items()}, self.processors)

    def _shuffled(self, index, place, key):
        """Which rows stand at `index` of an epoch, in the batch that is its `place`-th."""
        move, last = tf.random.experimental.index_shuffle, tf.constant(self.count - 1, tf.int64)
        if self.lengths is None:
            return move(index, key, last)
        used, full = min(self.count, self.steps_per_epoch * self.batch_size), self.count // self.batch_size
        rows = move(tf.range(used, dtype=tf.int64), key, last)
        rows = tf.gather(rows, tf.argsort(tf.gather(self.lengths, rows), stable=True))
        if full:  # whole batches change places; a smaller one stays the last
            moved = move(tf.minimum(place, full - 1), key, tf.constant(full - 1, tf.int64))
            index += self.batch_size * (tf.where(place < full, moved, place) - place)
        return tf.gather(rows, index)


def evaluation_batches(examples, processors, batch_size, complete=()):
    """Every example once, in order, the last batch as large as what is left. Arguments and errors as above."""
    source = Examples(examples, processors, batch_size, shuffle=False, complete=complete)
    return source.batches().take(source.steps_per_epoch)


def read_columns(examples, processors, complete=()):
    """Raw examples that are not a Dataset -> (dict of raw columns, dict of bool `present` masks).

    Modalities that no example has come back blank with `present` all False. A column `present`, a dict of name -> bool
    `(n,)`, hides values that are there (see `mmgen_tf.data.missing`).

    Raises:
        ValueError: if nothing is there, columns differ in length, a modality named in `complete` is missing, or an
            example has no modality at all.
    """
    if isinstance(examples, (str, os.PathLike)):
        from mmgen_tf.data.folder import read_folder

        examples = read_folder(examples, {name: p.modality for name, p in processors.items()})
    if isinstance(examples, (list, tuple)):
        names = sorted({name for example in examples for name in example})
        examples = {name: [example.get(name) for example in examples] for name in names}
    if not isinstance(examples, dict):
        raise ValueError(
            "Examples must be a tf.data.Dataset, a dict of columns, a list of dicts or a folder; "
            f"received {type(examples).__name__}."
        )
    known = {name: examples[name] for name in sorted(processors) if name in examples}
    _refuse_missing(known, processors, complete, examples)
    lengths = {name: len(column) for name, column in known.items()}
    if len(set(lengths.values())) != 1 or not max(lengths.values()):
        raise ValueError(f"Columns must have one and the same length of at least 1; received {lengths}.")
    count = max(lengths.values())
    columns, present = {}, {}
    for name, processor in sorted(processors.items()):
        column = known.get(name, [None] * count)
        if isinstance(column, np.ndarray) and column.dtype != object:
            columns[name], present[name] = processor.stack(column), np.ones(count, bool)
        else:
            columns[name], present[name] = processor.stack_with_missing(list(column))
        present[name] = present[name] & np.asarray(examples.get("present", {}).get(name, True))
        if name in complete and not present[name].all():
            row = int(np.argmin(present[name]))
            raise ValueError(f"Every example needs {name!r} to train this model; example {row} has none.")
    nothing = ~np.any(list(present.values()), axis=0)
    if nothing.any():
        raise ValueError(
            f"Expected at least one modality in every example, of {sorted(processors)}; "
            f"example {int(np.argmax(nothing))} has none, and {int(nothing.sum()) - 1} others."
        )
    return columns, present


def _refuse_missing(known, processors, complete, received):
    missing = sorted(set(complete or processors) - set(known))
    if not known or set(complete) & set(missing):
        raise ValueError(f"Expected columns {sorted(processors)}; received {sorted(received)}, without {missing}.")


def _store(processor, column, present):
    """A column as it is kept, and the place of each row in it, None where it is the row's own number.

    Tokens and classes become tensors once; pictures and sounds stay small and raw until batched. What is costly to
    make a tensor of is made one once too, in float16 and once for all rows that are alike.
    """
    if not processor.costly:
        column = tf.constant(column)
        return (processor.preprocess(column) if processor.modality.dtype == "int32" else column), None
    first, places = {}, np.zeros(len(column), "int32")
    for row in np.flatnonzero(present):
        places[row] = first.setdefault(column[row].tobytes(), (len(first) + 1, row))[0]
    kept = np.zeros((len(first) + 1, *processor.modality.shape), "float16")  # the first is of what is missing
    rows, see = [row for _, row in first.values()], tf.function(processor.preprocess, reduce_retracing=True)
    for start in range(0, len(rows), COSTLY_BATCH):
        chunk = column[rows[start : start + COSTLY_BATCH]]
        kept[start + 1 : start + 1 + len(chunk)] = see(tf.constant(chunk)).numpy()
    return tf.constant(kept), tf.constant(places)


def _to_batch(raw, present, processors):
    values = {}
    for name, value in raw.items():
        processor = processors[name]
        dtype = processor.modality.dtype
        stored = value.dtype == (tf.float16 if processor.costly else dtype) and (processor.costly or dtype == "int32")
        values[name] = tf.cast(value, dtype) if stored else processor.preprocess(value)
    size = tf.shape(next(iter(present.values())))[0]
    static = next(iter(present.values())).shape[0]
    row = tf.stack([tf.range(size), tf.fill([size], size)], axis=1)
    return {**values, "present": present, "row": tf.ensure_shape(row, (static, 2))}


def _read_stream(dataset, processors, complete):
    """A user's own Dataset of dicts, of single examples or of batches -> (Dataset of (raw, present), count)."""
    spec = dataset.element_spec
    if not isinstance(spec, dict):
        raise ValueError(f"Expected a Dataset of dicts keyed by {sorted(processors)}; received elements {spec}.")
    known = sorted(set(spec) & set(processors))
    _refuse_missing(known, processors, complete, spec)
    if spec[known[0]].shape.rank == len(processors[known[0]].raw_spec.shape) + 1:
        dataset = dataset.unbatch()
    count = int(dataset.cardinality())
    if count < 0:
        count = int(dataset.reduce(np.int64(0), lambda total, _: total + 1))
    if not count:
        raise ValueError("The Dataset holds no example.")
    for name in known:
        expected, received = processors[name].raw_spec, dataset.element_spec[name]
        if received.dtype.is_integer and expected.dtype == tf.int32:
            continue
        if received.dtype != expected.dtype or not expected.shape.is_compatible_with(received.shape):
            raise ValueError(
                f"{name}: expected elements of shape {expected.shape} and dtype {expected.dtype.name}; "
                f"received {received.shape} and {received.dtype.name}."
            )

    def complete_example(example):
        raw, present = {}, {}
        for name, processor in sorted(processors.items()):
            blank = tf.zeros(processor.raw_spec.shape, processor.raw_spec.dtype)
            raw[name] = example[name] if name in known else blank
            if blank.dtype == tf.int32:  # is stored as a tensor already, see _to_batch
                raw[name] = processor.preprocess(tf.cast(raw[name], tf.int32)[None])[0]
            present[name] = example.get("present", {}).get(name, tf.constant(name in known))
        return raw, present

    return dataset.map(complete_example), count
