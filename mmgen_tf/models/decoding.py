"""Word after word: KerasHub's samplers over a decoder with a cache, seeded as everything here is."""

import math

import keras
import tensorflow as tf
from keras import ops

NEVER = -1e9
OPEN = -1  # a place that no token has been written to
MANY = 64  # rows: above, as many as the next multiple are computed
LOG_2 = math.log(2.0)


class StepSeeds(keras.random.SeedGenerator):
    """Seeds for a sampler: the same for the same `Noise` and place, in Python and in a SavedModel. It has no state."""

    def __init__(self, noise):
        self.seed, self.index = noise._next_seed(), 0

    def next(self, ordered=True):
        return tf.random.experimental.stateless_fold_in(self.seed, self.index)


def check_decoding(num_beams, temperature, top_k, top_p, length_penalty):
    """Raises ValueError for options that no decoding has."""
    if num_beams < 1:
        raise ValueError(f"num_beams must be at least 1; received {num_beams}.")
    if temperature is not None and temperature <= 0:
        raise ValueError(f"temperature must be positive; received {temperature}.")
    if top_k is not None and top_k < 1:
        raise ValueError(f"top_k must be at least 1; received {top_k}.")
    if top_p is not None and not 0 < top_p <= 1:
        raise ValueError(f"top_p must lie in (0, 1]; received {top_p}.")
    if length_penalty < 0:
        raise ValueError(f"length_penalty may not be negative; received {length_penalty}.")
    drawn = [name for name, value in (("temperature", temperature), ("top_k", top_k), ("top_p", top_p)) if value]
    if num_beams > 1 and drawn:
        raise ValueError(f"Beam search draws nothing: num_beams={num_beams} does not go with {drawn}.")


def make_sampler(noise, num_beams=1, temperature=None, top_k=None, top_p=None):
    """A KerasHub sampler: beam search; drawing, from the `top_k` or `top_p` alone where given; else greedy."""
    import keras_hub

    samplers = keras_hub.samplers
    if num_beams > 1:
        return samplers.BeamSampler(num_beams=num_beams, return_all_beams=True)
    if temperature is None and top_k is None and top_p is None:
        return samplers.GreedySampler()
    if top_p is not None:
        sampler = samplers.TopPSampler.__new__(samplers.TopPSampler)
        sampler.p, sampler.k = top_p, top_k
    elif top_k is not None:
        sampler = samplers.TopKSampler.__new__(samplers.TopKSampler)
        sampler.k = top_k
    else:
        sampler = samplers.RandomSampler.__new__(samplers.RandomSampler)
    samplers.Sampler.__init__(sampler, temperature or 1.0)  # their own would make a variable, which a graph may not
    sampler.seed_generator = StepSeeds(noise)
    return sampler


def decode(decoder, memory, mask, *arguments, **options):
    """Tokens int32 `(rows, length)` after `start_id`, up to and with `end_id`, and `end_id` from there on.

    The loop is compiled by XLA, for a few numbers of rows: the last row stands in for those that are too few. Arguments
    are those of `decode_rows`.
    """
    rows = tf.shape(memory)[0]
    whole = tf.where(rows > MANY, -(-rows // MANY) * MANY, next_power_of_two(rows))
    index = tf.minimum(tf.range(whole), rows - 1)

    @tf.function(jit_compile=True, autograph=False)
    def compiled(memory, mask):
        return decode_rows(decoder, memory, mask, *arguments, **options)

    return compiled(tf.gather(memory, index), tf.gather(mask, index))[:rows]


def next_power_of_two(number):
    """The least power of two that an int32 scalar does not exceed, 1 at least."""
    return tf.bitwise.left_shift(1, tf.cast(tf.math.ceil(tf.math.log(tf.cast(number, tf.float64)) / LOG_2), tf.int32))


def decode_rows(
    decoder, memory, mask, length, start_id, end_id, never, noise, num_beams=1, length_penalty=1.0, **drawing
):  # fmt: skip
    """See `decode`.

    Args:
        decoder: layer with `start` and `step`, such as `TransformerTextDecoder`.
        memory, mask: `(rows, places, width)` and bool `(rows, places)`.
        length: most tokens.
        start_id, end_id: ids; they may be one.
        never: ids that are not said.
        noise: `Noise`.
        num_beams: 1, or the beams of a beam search, of whose sentences the one with the highest log-probability over
            length to the power of `length_penalty` is taken (Wu et al. 2016, simplified).
        **drawing: `temperature`, `top_k`, `top_p`.
    """
    sampler = make_sampler(noise, num_beams, **drawing)
    rows = tf.shape(memory)[0]
    cache, _ = decoder.start(memory, mask)
    _, fixed = decoder.start(*(tf.repeat(each, num_beams, axis=0) for each in (memory, mask)))
    forbidden = tf.reduce_sum(tf.one_hot(list(never), decoder.vocabulary_size, NEVER), axis=0)
    silence = tf.one_hot(end_id, decoder.vocabulary_size, 0.0, NEVER)
    places = tf.range(length + 1)

    def next_word(prompt, cache, index):
        if isinstance(getattr(sampler, "seed_generator", None), StepSeeds):
            sampler.seed_generator.index = index
        logits, cache = decoder.step(prompt[:, index - 1], index - 1, cache, fixed)
        said = (places > 0) & (places < index)
        ended = tf.reduce_any((prompt == end_id) & said, axis=1, keepdims=True)
        return tf.where(ended, silence, logits + forbidden), None, cache

    prompt = tf.concat([tf.fill([rows, 1], start_id), tf.fill([rows, length], OPEN)], axis=1)
    found = sampler(
        next_word, prompt, cache=cache, index=1, mask=tf.tile(places[None] == 0, [rows, 1]), stop_token_ids=(end_id,)
    )
    if num_beams > 1:
        found = best_beam(*found, end_id, length_penalty)
    tokens = tf.ensure_shape(found, (None, length + 1))[:, 1:]
    return tf.where(tokens == OPEN, end_id, tokens)


def best_beam(prompts, log_probs, end_id, length_penalty):
    """Of `(rows, beams, length)` those with the highest log-probability over their length to the power of a penalty."""
    silent = tf.reduce_sum(tf.cast((prompts[..., 1:] == end_id) | (prompts[..., 1:] == OPEN), tf.float32), axis=-1)
    words = tf.cast(tf.shape(prompts)[-1] - 1, tf.float32) - silent + 1.0
    best = ops.argmax(log_probs / words**length_penalty, axis=-1)
    return tf.gather(prompts, best, batch_dims=1)
