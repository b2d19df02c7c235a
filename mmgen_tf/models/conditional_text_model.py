"""p(sentence | any modalities), word by word: what the transformer and the recurrent network share."""

import tensorflow as tf
from keras import ops

from mmgen_tf.losses.word_losses import word_losses
from mmgen_tf.models.decoding import check_decoding, decode
from mmgen_tf.models.generative_model import GenerativeModel
from mmgen_tf.models.modality_tokens import hidden_at_random, modality_tokens

SERVED_BEAMS = 3
CUT_TO = 4  # lengths are multiples of it, so that kernels are chosen for few shapes


class ConditionalTextModel(GenerativeModel):
    """Each input modality becomes tokens, which one sequence holds; a decoder says a sentence about them.

        loss = - sum over words of (1 - e) log p(w_t | w_<t, inputs) + e mean_v log p(v | w_<t, inputs)

    with label smoothing e while training (Szegedy et al. 2016). What is missing is masked, so that one model serves
    with any of its inputs; `modality_dropout` hides inputs at random while training.

    Args:
        processors: dict of modality name -> `Processor`.
        encoders: dict of the inputs' names -> encoder, see `modality_tokens`.
        fusion: `EarlyFusion` of the encoders' tokens.
        decoder: layer with `call`, `start` and `step`, see `TransformerTextDecoder`.
        output: name of the modality that is said, a text.
        requires: names of inputs that may not be missing.
        label_smoothing: e above.
        modality_dropout: probability with which an input that is there is hidden; one at least stays.
        num_beams: of `generate` where it is not told.
        group_by_length: whether rows of about as many tokens share a batch while training, which is then cut to the
            longest of them.
        seed: of initial noise streams and shuffling.

    Reference: Szegedy, Vanhoucke, Ioffe, Shlens & Wojna, Rethinking the Inception Architecture for Computer Vision,
    CVPR 2016.
    """

    takes_config = True  # a family passes on what it does not name itself, see `mmgen_tf.registry.config_keys`
    loss_names = ("loss", "accuracy")

    def __init__(
        self, processors, encoders, fusion, decoder, output="text", requires=(), label_smoothing=0.0,
        modality_dropout=0.0, num_beams=1, group_by_length=False, seed=0, **kwargs,
    ):  # fmt: skip
        inputs = sorted(set(processors) - {output})
        told = processors[output].modality.kind if output in processors else "nothing"
        if told != "text" or sorted(encoders) != inputs or not inputs:
            raise ValueError(
                f"{type(self).__name__} says a text, {output!r}, and has an encoder for each other modality; received "
                f"{told} there, processors {sorted(processors)} and encoders {sorted(encoders)}."
            )
        for name, share in (("label_smoothing", label_smoothing), ("modality_dropout", modality_dropout)):
            if not 0 <= share < 1:
                raise ValueError(f"{name} must lie in [0, 1); received {share}.")
        check_decoding(num_beams, None, None, None, 1.0)
        if group_by_length and not getattr(decoder, "takes_any_length", False):
            raise ValueError(f"group_by_length expected a decoder of any length; received a {type(decoder).__name__}.")
        super().__init__(
            processors, inputs=inputs, outputs=[output], requires=requires, complete=[output, *requires], seed=seed,
            **kwargs,
        )  # fmt: skip
        self.encoders, self.fusion, self.decoder = dict(sorted(encoders.items())), fusion, decoder
        self.output_name, self.label_smoothing = output, label_smoothing
        self.modality_dropout, self.num_beams, self.group_by_length = modality_dropout, num_beams, group_by_length

    def build(self, input_shape=None):
        for part in (*self.encoders.values(), self.fusion, self.decoder):
            if not part.built:
                part.build()
        self.built = True

    def directions(self):
        """Everything given; and, where some inputs may be missing, only those that may not."""
        everything, needed = self.input_names, self.required_names
        return [(names, self.output_names) for names in dict.fromkeys((everything, needed or everything))]

    def served_ways(self):
        return {"": {}, "_beam": {"num_beams": SERVED_BEAMS}}

    def grouped_names(self):
        texts = [name for name in self.processors if self.processors[name].modality.kind == "text"]
        return texts if self.group_by_length else ()

    # Training --------------------------------------------------------------------------------------------------------

    def memory(self, batch, present, training=False):
        """The inputs' tokens in one sequence, `(batch, places, width)`, and which are there, bool `(batch, places)`."""
        present = {name: present[name] for name in self.encoders}
        tokens, there = modality_tokens(self.encoders, batch, present, training)
        return self.fusion.sequence(tokens, there, training=training)

    def word_losses(self, batch, present, smoothing=0.0, training=False):
        """What each word to come costs, in nats, and whether it is guessed, `(batch, words)`; float, which count; and
        attention and its mask."""
        processor, tokens = self.processors[self.output_name], batch[self.output_name]
        memory, mask = self.memory(batch, present, training)
        if processor.begins:
            previous, target = tokens[:, :-1], tokens[:, 1:]
        else:
            previous, target = ops.pad(tokens[:, :-1], ((0, 0), (1, 0)), constant_values=processor.stop_id), tokens
        ended = ops.cumsum(ops.cast(target == processor.stop_id, "int32"), axis=1)
        counted = ops.pad(ended[:, :-1] == 0, ((0, 0), (1, 0)), constant_values=True)
        hidden, attention = self.decoder.hidden(previous, memory, mask, training=training)
        losses, right = word_losses(hidden, self.decoder.to_words(hidden.dtype), target, smoothing)
        return losses, right, ops.cast(counted, "float32"), attention, mask

    def compute_losses(self, batch, noise, training=False):
        if training and self.group_by_length:
            batch = batch | {name: self.cut(name, batch) for name in self.grouped_names()}
        present = {name: batch["present"][name] for name in self.encoders}
        if training and self.modality_dropout:
            present = hidden_at_random(present, self.modality_dropout, noise, self.required_names)
        smoothing = self.label_smoothing if training else 0.0
        losses, right, count, attention, mask = self.word_losses(batch, present, smoothing, training)
        loss = ops.sum(losses * count, axis=1) + self.regularizer(attention, mask, count)
        return {"loss": loss, "accuracy": ops.sum(ops.cast(right, "float32") * count, axis=1) / ops.sum(count, axis=1)}

    def cut(self, name, batch):
        """A text's tokens without the columns that pad every row, but for one that ends the longest."""
        tokens = batch[name]
        filled = (tokens != self.processors[name].pad_id) & batch["present"][name][:, None]
        filled = tf.reduce_sum(tf.cast(filled, tf.int32), axis=1)
        most = self.modalities[name].shape[0]
        return tokens[:, : tf.minimum((tf.reduce_max(filled) // CUT_TO + 1) * CUT_TO, most)]

    def regularizer(self, attention, mask, counted):
        """What is added to a row's loss for what was looked at; nothing, unless a family says so."""
        return 0.0

    def word_nats(self, batch):
        """`-log p` of each row's sentence, in nats, and its number of words, its end among them: for perplexity."""
        losses, _, count, _, _ = self.word_losses(batch, batch["present"])
        return ops.sum(losses * count, axis=1), ops.sum(count, axis=1)

    # Generation ------------------------------------------------------------------------------------------------------

    def sample(
        self, given, present, to, noise, num_beams=None, temperature=None, top_k=None, top_p=None, length_penalty=1.0,
        return_attention=False,
    ):  # fmt: skip
        """See `GenerativeModel.sample`. Greedy, unless told otherwise.

        Args:
            num_beams: above 1, beam search.
            temperature, top_k, top_p: words are drawn, at this temperature, from the most probable `top_k` or from the
                fewest that have the probability `top_p` together.
            length_penalty: of beam search, see `mmgen_tf.models.decoding.decode`.
            return_attention: whether what each word looked at comes too, float32 `(words, places)`; `spans` says which
                places are whose.
        """
        if num_beams is None:
            num_beams = 1 if any(each is not None for each in (temperature, top_k, top_p)) else self.num_beams
        check_decoding(num_beams, temperature, top_k, top_p, length_penalty)
        processor = self.processors[self.output_name]
        memory, mask = self.memory(given, present)
        start = processor.start_id
        tokens = decode(
            self.decoder, memory, mask, self.decoder.sequence_length, start, processor.stop_id, processor.never, noise,
            num_beams, length_penalty, temperature=temperature, top_k=top_k, top_p=top_p,
        )  # fmt: skip
        first = tf.fill([tf.shape(tokens)[0], 1], start)
        answer = {self.output_name: tf.concat([first, tokens], axis=1) if processor.begins else tokens}
        if return_attention:
            previous = tf.concat([first, tokens[:, :-1]], axis=1)
            answer["attention"] = self.decoder(previous, memory, mask)[1]
        return answer

    def spans(self):
        """dict of input name -> slice of the places that `return_attention` tells of."""
        return self.fusion.spans()

    def get_config(self):
        names = (
            "processors", "encoders", "fusion", "decoder", "label_smoothing", "modality_dropout", "num_beams",
            "group_by_length", "seed",
        )  # fmt: skip
        config = {name: getattr(self, name) for name in names}
        return config | {"output": self.output_name, "requires": list(self.required_names)}
