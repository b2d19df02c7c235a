"""The multimodal transformer's decoding and training beside Hugging Face's BART of the same size, in one run.

    python -m benchmarks.text_throughput [--rounds 3] [--seconds 8] [--write docs/benchmarks/text_throughput.json]

Needs the extra `bench`. Width 256, 3 + 3 layers, 4 heads, feed-forward 1,024, a vocabulary of 8,000; 16 source
sequences of 32 tokens, 32 tokens said for each, none of which ends a sentence, so that every side says as many.
Decoding without a cache runs the whole decoder for each token, as a model without one must. Sides take turns; medians
over rounds.
"""

import os
import statistics
import time

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "1")  # as the `mmgen` command does

import numpy as np
import tensorflow as tf
import torch
import transformers

from benchmarks.report import ask, matmul_peak, tell
from mmgen_tf.fused_adam import FusedAdam
from mmgen_tf.fusion.early_fusion import EarlyFusion
from mmgen_tf.modalities.text.text_processor import TextProcessor
from mmgen_tf.modalities.text.token_embedding import TokenEmbedding
from mmgen_tf.models.decoding import decode
from mmgen_tf.models.transformer.multimodal_transformer import MultimodalTransformer
from mmgen_tf.models.transformer.transformer_text_decoder import TransformerTextDecoder
from mmgen_tf.noise import Noise

WORDS, WIDTH, LAYERS, HEADS, HIDDEN = 8000, 256, 3, 4, 1024
ROWS, LENGTH, BEAMS = 16, 32, 4
START, END, TRAINING_ROWS = 2, 3, 64


def our_model():
    """The transformer of this package."""
    words = [f"w{number}" for number in range(WORDS - 2)]
    shape = {"num_layers": LAYERS, "num_heads": HEADS, "hidden_dim": HIDDEN, "dropout": 0.1}
    model = MultimodalTransformer(
        {name: TextProcessor(name, words, LENGTH) for name in ("text", "translation")},
        encoders={"text": TokenEmbedding(WORDS, WIDTH)},
        fusion=EarlyFusion({"text": WIDTH}, WIDTH, {"text": LENGTH}, **shape),
        decoder=TransformerTextDecoder(WORDS, LENGTH, WIDTH, **shape),
        output="translation",
    )
    model.build()
    return model


def their_model():
    """BART of the same size."""
    config = transformers.BartConfig(
        vocab_size=WORDS, d_model=WIDTH, encoder_layers=LAYERS, decoder_layers=LAYERS, encoder_attention_heads=HEADS,
        decoder_attention_heads=HEADS, encoder_ffn_dim=HIDDEN, decoder_ffn_dim=HIDDEN, max_position_embeddings=64,
        dropout=0.1, pad_token_id=0, bos_token_id=START, eos_token_id=END, decoder_start_token_id=START,
        forced_eos_token_id=None,
    )  # fmt: skip
    return transformers.BartForConditionalGeneration(config)


def cached(model, tokens, beams):
    """A compiled function that decodes with the cache."""

    def run(source):
        memory, mask = model.memory({"text": source}, {"text": tf.ones([ROWS], tf.bool)})
        return decode(model.decoder, memory, mask, LENGTH, START, END, (1, END), Noise(0), beams)

    graph = tf.function(run, autograph=False)
    return lambda: graph(tokens).numpy()


def uncached(model, tokens):
    """A compiled function that runs the whole decoder for each token."""

    def run(source):
        memory, mask = model.memory({"text": source}, {"text": tf.ones([ROWS], tf.bool)})

        def body(place, said):
            logits, _ = model.decoder(said, memory, mask)
            logits += tf.reduce_sum(tf.one_hot([1, END], WORDS, -1e9), axis=0)
            word = tf.argmax(logits[:, place], axis=-1, output_type=tf.int32)
            after = tf.tensor_scatter_nd_update(tf.transpose(said), [[tf.minimum(place + 1, LENGTH - 1)]], word[None])
            return place + 1, tf.ensure_shape(tf.transpose(after), (ROWS, LENGTH))

        first = tf.concat([tf.fill([ROWS, 1], START), tf.zeros([ROWS, LENGTH - 1], tf.int32)], axis=1)
        return tf.while_loop(lambda place, _: place < LENGTH, body, (0, first))[1]

    graph = tf.function(run, autograph=False)
    return lambda: graph(tokens).numpy()


def theirs(model, tokens, beams):
    """Decoding by `generate` of Hugging Face."""
    source = torch.from_numpy(np.array(tokens)).long()
    options = {"num_beams": beams, "do_sample": False, "min_new_tokens": LENGTH, "max_new_tokens": LENGTH}

    def run():
        model.eval()
        with torch.inference_mode():
            model.generate(source, attention_mask=torch.ones_like(source), **options)

    return run


def our_training(model, random):
    """A function that trains one batch by the compiled step of `fit`."""
    rows = random.integers(4, WORDS, (2, TRAINING_ROWS, LENGTH)).astype("int32")
    model.compile(optimizer=FusedAdam(1e-4))
    present = {name: tf.ones([TRAINING_ROWS], tf.bool) for name in ("text", "translation")}
    place = tf.stack([tf.range(TRAINING_ROWS), tf.fill([TRAINING_ROWS], TRAINING_ROWS)], axis=1)
    batch = {"text": tf.constant(rows[0]), "translation": tf.constant(rows[1]), "present": present, "row": place}
    step = tf.function(model.train_step, autograph=False)
    return lambda: step(batch)["loss"].numpy()


def their_training(model, random):
    """A function that trains one batch, eager."""
    rows = torch.from_numpy(random.integers(4, WORDS, (2, TRAINING_ROWS, LENGTH)))
    optimizer = torch.optim.Adam(model.parameters(), 1e-4)

    def step():
        model.train()
        loss = model(input_ids=rows[0], labels=rows[1]).loss
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        return loss.item()

    return step


def tokens_per_second(run, tokens, seconds):
    """How many tokens a second a function that does so many at once does, for about so many seconds."""
    count, begin = 0, time.perf_counter()
    while time.perf_counter() - begin < seconds:
        run()
        count += 1
    return count * tokens / (time.perf_counter() - begin)


def main():
    arguments, random = ask(__doc__, rounds=3), np.random.default_rng(0)
    ours, peer = our_model(), their_model()
    source = tf.constant(random.integers(4, WORDS, (ROWS, LENGTH)).astype("int32"))
    said, trained = ROWS * LENGTH, TRAINING_ROWS * LENGTH
    sides = {
        "greedy": (cached(ours, source, 1), said),
        "greedy_without_cache": (uncached(ours, source), said),
        "greedy_hugging_face": (theirs(peer, source, 1), said),
        "beam_4": (cached(ours, source, BEAMS), said),
        "beam_4_hugging_face": (theirs(peer, source, BEAMS), said),
        "training": (our_training(our_model(), random), trained),
        "training_hugging_face": (their_training(their_model(), random), trained),
    }
    for run, _ in sides.values():
        run()  # compiles
    rounds = [
        {name: tokens_per_second(run, tokens, arguments.seconds) for name, (run, tokens) in sides.items()}
        for _ in range(arguments.rounds)
    ]

    def ratio(one, other):
        return round(statistics.median(line[one] / line[other] for line in rounds), 2)

    speeds = {name: round(statistics.median(line[name] for line in rounds)) for name in sides}
    weights = sum(int(np.prod(weight.shape)) for weight in ours.trainable_weights)
    flops = (
        6 * (weights - WORDS * WIDTH) * speeds["training"]
    )  # the source's word vectors are looked up, not multiplied
    tell(
        {
            "threads": torch.get_num_threads(),
            "rounds": arguments.rounds,
            "parameters": weights,
            "parameters_hugging_face": sum(each.numel() for each in peer.parameters()),
            "greedy_over_without_cache": ratio("greedy", "greedy_without_cache"),
            "greedy_over_hugging_face": ratio("greedy", "greedy_hugging_face"),
            "beam_4_over_hugging_face": ratio("beam_4", "beam_4_hugging_face"),
            "training_over_hugging_face": ratio("training", "training_hugging_face"),
            "training_share_of_matmul_peak": round(flops / matmul_peak(), 2),
            "tokens_per_second": speeds,
        },
        arguments.write,
    )


if __name__ == "__main__":
    main()
