"""The base of every model here: a conditional distribution p(outputs | inputs) over named modalities."""

import keras
import tensorflow as tf

from mmgen_tf.data.pipeline import Examples, evaluation_batches
from mmgen_tf.fused_adam import FusedAdam
from mmgen_tf.models import generation, preset
from mmgen_tf.models.replicated_model import ReplicatedModel, global_mean
from mmgen_tf.models.weight_average import WeightAverage


class GenerativeModel(ReplicatedModel):
    """p(outputs | inputs) over named modalities, in human values: uint8 pictures, strings, float32 waveforms, classes.

    A subclass sets `loss_names`, builds its parts in `build()`, and defines

    - `compute_losses(batch, noise, training)`: dict of per-row losses `(batch,)`; `"loss"` is what is minimised, and a
      model with several objectives overrides `train_step` instead;
    - `sample(given, present, to, noise, **options)`: tensors of the modalities `to`, one row for each row of `given`;
    - `get_config()`: its constructor arguments.

    Args:
        processors: dict of modality name -> `Processor`, for every modality the model takes or makes.
        inputs: names of the modalities that may be given; all of them if None.
        outputs: names of the modalities that may be asked for; all of them if None.
        requires: names without which `generate` cannot do.
        complete: names that every training example must have; rows may lack the others.
        seed: of initial noise streams and shuffling.
    """

    loss_names = ("loss",)

    def __init__(self, processors, inputs=None, outputs=None, requires=(), complete=(), seed=0, **kwargs):
        super().__init__(seed=seed, **kwargs)
        self.processors = dict(sorted(processors.items()))
        for name, processor in self.processors.items():
            if processor.modality.name != name:
                raise ValueError(
                    f"processors[{name!r}] makes the modality {processor.modality.name!r}; names must agree."
                )
        self.input_names = tuple(sorted(self.processors if inputs is None else inputs))
        self.output_names = tuple(sorted(self.processors if outputs is None else outputs))
        self.required_names = tuple(sorted(requires))
        self.complete_names = tuple(sorted(complete))
        self.weight_average = None
        self.loss_means = [keras.metrics.Mean(name=name) for name in self.loss_names]
        self._graphs = {}

    @property
    def modalities(self):
        """dict of name -> `Modality`."""
        return {name: processor.modality for name, processor in self.processors.items()}

    def directions(self):
        """The basic requests this model answers, as `(given names, asked names)` pairs: one input to one output each,
        everything at once from noise where nothing is required."""
        ways = [((i,), (o,)) for i in self.input_names for o in self.output_names if i != o]
        if self.required_names:
            ways = [(self.required_names, (o,)) for o in self.output_names if o not in self.required_names]
        return ways if self.required_names else ways + [((), self.output_names)]

    def served_ways(self):
        """dict of suffix of a SavedModel's signatures -> the options of `generate` that they answer with."""
        return {"": {}}

    def example_inputs(self, columns):
        """Columns of examples with what `generate` can start from; of a model that makes its inputs itself while it
        trains, such as damaged pictures, those beside the given ones."""
        return columns

    # Training ---------------------------------------------------------------------------------------------------

    def compile(self, optimizer=None, gradient_clip_norm=None, ema_decay=None, **kwargs):
        """Prepares training.

        Args:
            optimizer: a Keras optimizer, its name, or None for this model's default, a `FusedAdam`.
            gradient_clip_norm: limit on the norm of the whole batch's gradient, exact under every strategy.
            ema_decay: if given, an average of the weights is kept; `fit` ends with it in the model's place.
            **kwargs: as `keras.Model.compile`, e.g. `jit_compile`, `steps_per_execution`.
        """
        if not self.built:
            self.build()
        self.check_vocabularies()
        kwargs.setdefault("jit_compile", False)
        super().compile(optimizer=optimizer or FusedAdam(1e-3), **kwargs)
        self.gradient_clip_norm = gradient_clip_norm
        self.weight_average = WeightAverage(self.averaged_variables(), ema_decay) if ema_decay else None
        for name, trained in self.optimized_variables().items():
            if not self.optimizers[name].built:
                self.optimizers[name].build(trained)
        rates = {name: optimizer.learning_rate for name, optimizer in self.optimizers.items()}
        self.initial_learning_rates = {name: float(keras.ops.convert_to_numpy(rate)) for name, rate in rates.items()}

    @property
    def optimizers(self):
        """dict of name -> optimizer; a model with several overrides it, and every schedule drives them all."""
        return {"optimizer": self.optimizer}

    def optimized_variables(self):
        """dict of optimizer name -> the variables it updates."""
        return {"optimizer": self.trainable_variables}

    def check_vocabularies(self):
        """Raises ValueError, with both sizes, where a text layer counts other words than the processors know."""
        sizes = {name: len(m.vocabulary) for name, m in self.modalities.items() if m.kind == "text"}
        for layer in self._flatten_layers(include_self=False):
            words = getattr(layer, "vocabulary_size", None) if type(layer).__module__.startswith("mmgen_tf") else None
            if words is not None and sizes and words not in sizes.values():
                known = ", ".join(f"the vocabulary of {name!r} has {size}" for name, size in sizes.items())
                raise ValueError(f"{layer.name} was made for {words} words, padding and unknown among them; {known}.")

    def averaged_variables(self):
        """The weights that `ema_decay` averages: all of those that `generate` uses."""
        return self.weights

    @property
    def metrics(self):
        return self.loss_means

    def log(self, losses):
        """Adds dict of name -> losses `(batch,)` to the running means and returns these."""
        for mean in self.loss_means:
            if mean.name in losses:
                mean.update_state(losses[mean.name])
        return {mean.name: mean.result() for mean in self.loss_means}

    def train_step(self, batch):
        noise = self.noise(batch)
        with tf.GradientTape() as tape:
            losses = self.compute_losses(batch, noise, training=True)
            loss = self.optimizer.scale_loss(global_mean(losses["loss"]))
        self.minimize(self.optimizer, tape, loss, self.trainable_variables)
        if self.weight_average:
            self.weight_average.update()
        return self.log(losses)

    def test_step(self, batch):
        return self.log(self.compute_losses(batch, self.noise(batch), training=False))

    def call(self, batch, training=False):
        """The losses of a batch: what `fit` differentiates."""
        return self.compute_losses(batch, self.noise(batch), training=training)

    def fit(
        self, x=None, *, batch_size=64, epochs=1, shuffle=True, drop_remainder=False, validation_data=None,
        callbacks=None, initial_epoch=0, steps_per_epoch=None, **kwargs,
    ):  # fmt: skip
        """Trains on raw examples: a `tf.data.Dataset` of dicts, a dict of columns, a list of dicts, or a folder; or on
        `Examples`, read before, whose batch size and order then stand.

        Arguments are Keras's. Where one of `callbacks` is a `Resume`, training goes on at the very step it saved.
        """
        callbacks = list(callbacks or [])
        examples = x if isinstance(x, Examples) else self.examples(x, batch_size, shuffle, drop_remainder)
        for rows in examples.batch_sizes:
            self.check_shares(rows)
        if validation_data is not None:
            kwargs["validation_data"] = evaluation_batches(
                validation_data, self.processors, batch_size, self.complete_names
            )
        steps = steps_per_epoch or examples.steps_per_epoch
        position = initial_epoch * steps
        for callback in callbacks:
            position = callback.restore(self, position) if hasattr(callback, "restore") else position
        self.decorrelate_replicas()
        history = keras.callbacks.History()
        while position < epochs * steps:
            epoch, done = divmod(position, steps)
            until = epoch + 1 if done else epochs
            history = super().fit(
                examples.batches(position), initial_epoch=epoch, epochs=until, steps_per_epoch=steps - done,
                callbacks=callbacks, shuffle=False, **kwargs,
            )  # fmt: skip
            if self.stop_training:
                break
            position = until * steps
        if self.weight_average:
            self.weight_average.overwrite()
        return history

    def examples(self, x, batch_size, shuffle=True, drop_remainder=False):
        """What `fit` trains on, read once: the `Examples` of raw examples."""
        return Examples(
            x, self.processors, batch_size, self.seed, shuffle, drop_remainder, self.complete_names,
            self.grouped_names(),
        )  # fmt: skip

    def grouped_names(self):
        """Names of texts by whose lengths rows are grouped into batches, see `Examples`."""
        return ()

    def evaluate(self, x=None, *, batch_size=64, **kwargs):
        """The losses on raw examples; arguments are Keras's, `x` is as in `fit`."""
        if kwargs.get("_use_cached_eval_dataset"):  # called by fit, which has made the batches
            return super().evaluate(x, **kwargs)
        return super().evaluate(evaluation_batches(x, self.processors, batch_size, self.complete_names), **kwargs)

    # Generation -------------------------------------------------------------------------------------------------

    def generate(self, inputs=None, to=None, num_samples=1, seed=None, batch_size=256, **options):
        """Draws from p(to | inputs).

        Args:
            inputs: dict of modality name -> one human value or a list of them (None in a list: missing there); None
                or {} to draw everything from noise.
            to: the modality asked for, or a list of them; None for all that were not given.
            num_samples: draws for each input.
            seed: int; the same seed gives the same draws. None for fresh ones.
            batch_size: rows computed at once.
            **options: the model's own, e.g. `temperature`; of one that has it, `return_attention=True` gives a tuple of
                the answer and its attention maps, float32.

        Returns:
            The values of `to` (a dict of them if `to` is a list, or None with several answers). A single input
            gives an unbatched value; `num_samples` > 1 adds an axis (a list for texts) after the batch.

        Raises:
            ValueError: for an unknown modality, a value that does not fit its modality, or a missing required input.
        """
        return generation.generate(self, inputs, to, num_samples, seed, batch_size, options)

    def generate_graph(self, raw, present, count, num_samples, seed, to, **options):
        """`generate` in raw tensors: what runs in Python and in the SavedModel. See `mmgen_tf.models.generation`."""
        return generation.generate_graph(self, raw, present, count, num_samples, seed, to, **options)

    def sample(self, given, present, to, noise, **options):
        """Tensors of the modalities `to`.

        Args:
            given: dict of name -> tensor `(rows, ...)` for every input modality; blank where missing.
            present: dict of name -> bool `(rows,)`; of a model that takes no input, `"rows"` alone, for their number.
            to: tuple of modality names.
            noise: `Noise`.
        """
        raise NotImplementedError(f"{type(self).__name__} must define sample(given, present, to, noise, **options).")

    # Saving -----------------------------------------------------------------------------------------------------

    def get_config(self):
        raise NotImplementedError(f"{type(self).__name__} must define get_config().")

    @classmethod
    def from_config(cls, config):
        return preset.construct_model(cls, config)

    def clone(self):
        """An uncompiled copy with the same weights, made outside any strategy."""
        return preset.clone(self)

    @classmethod
    def from_preset(cls, name_or_directory):
        """Loads a model by zoo name or preset directory. See `mmgen_tf.zoo.load` for what is checked."""
        model = preset.load(name_or_directory)
        if not isinstance(model, cls):
            raise ValueError(
                f"{name_or_directory!r} holds a model of class {type(model).__name__}; expected {cls.__name__}."
            )
        return model

    def save_to_preset(self, directory, weights_dtype="float32"):
        """Writes config.json, model.weights.h5 and manifest.json, all of them or nothing.

        Args:
            directory: is replaced if it is a preset already.
            weights_dtype: "float32", or "float16" for half the size.
        """
        preset.save(self, directory, weights_dtype)

    def export(self, directory, **kwargs):
        """Writes a SavedModel with the signatures `generate`, one for each direction, and `encode` / `decode` where
        the model has them."""
        from mmgen_tf.export.saved_model import export_saved_model

        export_saved_model(self.clone(), directory, **kwargs)
