"""What the adversarial families share: two players, their optimizers, losses and penalties, and the one train step."""

import math

import keras
import tensorflow as tf
from keras import ops

from mmgen_tf.fused_adam import FusedAdam
from mmgen_tf.losses.adversarial import adversarial_loss
from mmgen_tf.losses.gradient_penalty import interpolation_penalty, r1_penalty
from mmgen_tf.modalities.image.perceptual_distance import PerceptualDistance
from mmgen_tf.models.generative_model import GenerativeModel
from mmgen_tf.models.replicated_model import global_mean


class AdversarialModel(GenerativeModel):
    """A generator makes what a discriminator judges (Goodfellow et al. 2014).

    A family defines

    - `players()`: the layers that the generator's optimizer trains, and those that the discriminator's does;
    - `imagine(batch, noise, training)`: what the generator makes of a batch, any nest of tensors;
    - `discriminator_loss(batch, made, noise, training)`: per-row, of which no gradient reaches the generator;
    - `generator_losses(batch, made, noise, training)`: dict of per-row losses with `"generator_loss"`, the one that is
      minimised; the others are logged under the names in `loss_names`;
    - `penalised(batch, made)`: real and made samples, tensors or dicts of them, and a function from samples to logits.
    """

    loss_names = ("generator_loss", "discriminator_loss", "loss")
    perceptual_weight = 0.0  # of `PerceptualDistance` in the generator's loss, of a family that has it

    def players(self):
        raise NotImplementedError(f"{type(self).__name__} must define players().")

    def build(self, input_shape=None):
        for part in (*self.players()[0], *self.players()[1]):
            part.build()
        self.built = True

    def compile(
        self, optimizer=None, discriminator_optimizer=None, adversarial="non_saturating", r1_weight=0.0,
        gradient_penalty_weight=0.0, penalty_interval=1, **kwargs,
    ):  # fmt: skip
        """Prepares training.

        Args:
            optimizer, discriminator_optimizer: Keras optimizers or None for FusedAdam(2e-4, beta_1=0.5).
            adversarial: "minimax", "non_saturating", "least_squares", "hinge" or "wasserstein".
            r1_weight: of Mescheder et al.'s penalty at real pictures; 0 for none.
            gradient_penalty_weight: of Gulrajani et al.'s penalty; 0 for none, 10 with "wasserstein".
            penalty_interval: penalties are computed every so many steps, and weighted up by as many.
            **kwargs: as `GenerativeModel.compile`.
        """
        self.adversarial = adversarial_loss(adversarial)
        self.perceptual = PerceptualDistance() if self.perceptual_weight else None
        self.penalties = (r1_weight, gradient_penalty_weight, penalty_interval)
        default = {"learning_rate": 2e-4, "beta_1": 0.5}
        self.discriminator_optimizer = keras.optimizers.get(discriminator_optimizer or FusedAdam(**default))
        super().compile(optimizer=optimizer or FusedAdam(**default), **kwargs)

    @property
    def optimizers(self):
        return {"generator": self.optimizer, "discriminator": self.discriminator_optimizer}

    def optimized_variables(self):
        makers, judges = ([v for part in parts for v in part.trainable_variables] for parts in self.players())
        return {"generator": makers, "discriminator": judges}

    def averaged_variables(self):
        return [weight for part in self.players()[0] for weight in part.weights]

    def seen(self, pictures, noise, training):
        """What a discriminator sees of pictures, of a model with an `augmentation`."""
        return self.augmentation(pictures, noise=noise) if training and self.augmentation is not None else pictures

    def perceptual_loss(self, drawn, real, noise, training):
        """`perceptual_weight` times `PerceptualDistance`, of which every step rolls the pictures; 0 without weight."""
        if not self.perceptual_weight:
            return 0.0
        return self.perceptual_weight * self.perceptual(drawn, real, noise if training else None)

    def train_step(self, batch):
        noise, trained = self.noise(batch), self.optimized_variables()
        with tf.GradientTape() as tape:
            made = self.imagine(batch, noise, training=True)
            with tape.stop_recording():
                with tf.GradientTape() as judging:
                    held = tf.nest.map_structure(ops.stop_gradient, made)
                    rows = self.discriminator_loss(batch, held, noise, training=True)
                    loss = global_mean(rows + self.penalty(batch, held, noise))
                    loss = self.discriminator_optimizer.scale_loss(loss)
                self.minimize(self.discriminator_optimizer, judging, loss, trained["discriminator"])
            losses = self.generator_losses(batch, made, noise, training=True)
            loss = self.optimizer.scale_loss(global_mean(losses["generator_loss"]))
        self.minimize(self.optimizer, tape, loss, trained["generator"])
        if self.weight_average:
            self.weight_average.update()
        return self.log(self.summed(losses, rows))

    def compute_losses(self, batch, noise, training=False):
        made = self.imagine(batch, noise, training)
        rows = self.discriminator_loss(batch, made, noise, training)
        return self.summed(self.generator_losses(batch, made, noise, training), rows)

    def summed(self, losses, discriminator_rows):
        """What is logged: both players' losses, and their sum."""
        total = losses["generator_loss"] + discriminator_rows
        return {**losses, "discriminator_loss": discriminator_rows, "loss": total}

    def penalty(self, batch, made, noise):
        """The weighted gradient penalties, per row; 0 in the steps between intervals."""
        r1_weight, interpolation_weight, interval = self.penalties
        if not (r1_weight or interpolation_weight):
            return 0.0
        real, drawn, score = self.penalised(batch, made)
        count = tf.shape(tf.nest.flatten(real)[0])[0]
        nothing, mix = tf.zeros((count,)), noise.uniform((count,))

        def penalised():
            rows = nothing
            if r1_weight:
                rows += r1_weight * r1_penalty(score, real)
            if interpolation_weight:
                rows += interpolation_weight * interpolation_penalty(score, real, drawn, mix)
            return interval * rows

        if interval == 1:
            return penalised()
        due = tf.equal(tf.cast(self.discriminator_optimizer.iterations, tf.int32) % interval, 0)
        return tf.cond(due, penalised, lambda: nothing)


def text_and_image(processors, model):
    """The names of the one text and the one image modality. Raises ValueError, naming `model`, for any others."""
    kinds = {processor.modality.kind: name for name, processor in processors.items()}
    if sorted(kinds) != ["image", "text"] or len(processors) != 2:
        raise ValueError(f"{model} takes one text and one image processor; received kinds {sorted(kinds)}.")
    return kinds["text"], kinds["image"]


def truncated_normal(noise, shape, limit=None):
    """Standard normal draws, or those of them that lie within `(-limit, limit)`.

    Raises:
        ValueError: for a limit that is not positive.
    """
    if limit is None:
        return noise.normal(shape)
    if limit <= 0:
        raise ValueError(f"truncation must be positive; received {limit}.")
    inside = math.erf(limit / math.sqrt(2.0))
    return math.sqrt(2.0) * tf.math.erfinv(inside * (2.0 * noise.uniform(shape) - 1.0))
