"""Text -> image by a conditional generative adversarial network."""

import keras
import tensorflow as tf
from keras import ops

from mmgen_tf.fused_adam import FusedAdam
from mmgen_tf.losses.adversarial import adversarial_loss
from mmgen_tf.losses.gradient_penalty import interpolation_penalty, r1_penalty
from mmgen_tf.models.generative_model import GenerativeModel
from mmgen_tf.models.replicated_model import global_mean, next_rows
from mmgen_tf.registry import register


@register
class ConditionalGAN(GenerativeModel):
    """A generator draws a picture for a sentence; a discriminator judges picture and sentence together.

    The discriminator minimises `real(D(x, t)) + (fake(D(G(z, t), t)) + w fake(D(x, t'))) / (1 + w)`, where t' is the
    sentence of another picture: matching-aware training, GAN-CLS of Reed et al. 2016, algorithm 1; w = 0 gives Mirza &
    Osindero 2014, eq. 2. The generator minimises `generator(D(G(z, t), t))`. What real, fake and generator are is named
    in `compile`. The text encoder learns with the discriminator.

    Args:
        processors: dict with one text and one image `Processor`.
        text_encoder: layer, int `(batch, words)` -> `(batch, condition_dim)`.
        generator: layer, `(noise, condition)` -> pictures in the image modality's range; has `noise_dim`.
        discriminator: layer with `features(image, training)` and `score(features, condition, training)`.
        mismatch_weight: w above.
        seed: of initial noise streams and shuffling.

    Example:
        >>> model = mmgen_tf.zoo.load("cgan_digits")
        >>> model.generate({"text": "a thick seven leaning left"}, seed=0).shape
        (28, 28, 1)

    Reference: Mirza & Osindero, Conditional Generative Adversarial Nets, 2014. Reed et al., Generative Adversarial
    Text to Image Synthesis, ICML 2016.
    """

    loss_names = ("generator_loss", "discriminator_loss", "loss")

    def __init__(self, processors, text_encoder, generator, discriminator, mismatch_weight=0.0, seed=0, **kwargs):
        kinds = {processor.modality.kind: name for name, processor in processors.items()}
        if sorted(kinds) != ["image", "text"] or len(processors) != 2:
            raise ValueError(f"ConditionalGAN takes one text and one image processor; received kinds {sorted(kinds)}.")
        self.text, self.image = kinds["text"], kinds["image"]
        super().__init__(
            processors, inputs=[self.text], outputs=[self.image], requires=[self.text],
            complete=[self.text, self.image], seed=seed, **kwargs,
        )  # fmt: skip
        self.text_encoder, self.generator, self.discriminator = text_encoder, generator, discriminator
        self.mismatch_weight = mismatch_weight

    def build(self, input_shape=None):
        for part in (self.text_encoder, self.generator, self.discriminator):
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
        self.penalties = (r1_weight, gradient_penalty_weight, penalty_interval)
        default = {"learning_rate": 2e-4, "beta_1": 0.5}
        self.discriminator_optimizer = keras.optimizers.get(discriminator_optimizer or FusedAdam(**default))
        super().compile(optimizer=optimizer or FusedAdam(**default), **kwargs)

    @property
    def optimizers(self):
        return {"generator": self.optimizer, "discriminator": self.discriminator_optimizer}

    def optimized_variables(self):
        judges = self.discriminator.trainable_variables + self.text_encoder.trainable_variables
        return {"generator": self.generator.trainable_variables, "discriminator": judges}

    def averaged_variables(self):
        return self.generator.weights + self.text_encoder.weights

    def train_step(self, batch):
        noise, trained = self.noise(batch), self.optimized_variables()
        z = noise.normal((tf.shape(batch[self.image])[0], self.generator.noise_dim))
        with tf.GradientTape() as tape:
            condition = ops.stop_gradient(self.text_encoder(batch[self.text]))
            fake = self.generator(z, condition, training=True)
            with tape.stop_recording():
                with tf.GradientTape() as judging:
                    rows = self.discriminator_loss(batch, fake, training=True)
                    loss = global_mean(rows + self.penalty(batch, fake, noise))
                    loss = self.discriminator_optimizer.scale_loss(loss)
                self.minimize(self.discriminator_optimizer, judging, loss, trained["discriminator"])
            generator_rows = self.generator_loss(batch, fake, training=True)
            loss = self.optimizer.scale_loss(global_mean(generator_rows))
        self.minimize(self.optimizer, tape, loss, trained["generator"])
        if self.weight_average:
            self.weight_average.update()
        return self.log(
            {"generator_loss": generator_rows, "discriminator_loss": rows, "loss": generator_rows + rows}
        )  # fmt: skip

    def compute_losses(self, batch, noise, training=False):
        z = noise.normal((tf.shape(batch[self.image])[0], self.generator.noise_dim))
        fake = self.generator(z, self.text_encoder(batch[self.text]), training=training)
        generator_rows = self.generator_loss(batch, fake, training)
        rows = self.discriminator_loss(batch, fake, training)
        return {"generator_loss": generator_rows, "discriminator_loss": rows, "loss": generator_rows + rows}

    def generator_loss(self, batch, fake, training):
        """Per-row loss of the pictures `fake` drawn for the batch's sentences."""
        condition = ops.stop_gradient(self.text_encoder(batch[self.text]))
        return self.adversarial.generator(self.discriminator(fake, condition, training=training))

    def discriminator_loss(self, batch, fake, training):
        """Per-row loss of the discriminator on real, drawn and mismatched pairs."""
        judge, real = self.discriminator, batch[self.image]
        condition = self.text_encoder(batch[self.text])
        features = judge.features(ops.concatenate([real, ops.stop_gradient(fake)]), training=training)
        count = tf.shape(real)[0]
        real_features, fake_features = features[:count], features[count:]
        loss = self.adversarial.real(judge.score(real_features, condition, training=training))
        against = self.adversarial.fake(judge.score(fake_features, condition, training=training))
        if self.mismatch_weight:
            other = self.text_encoder(next_rows(batch[self.text], batch))
            mismatched = self.adversarial.fake(judge.score(real_features, other, training=training))
            against = (against + self.mismatch_weight * mismatched) / (1.0 + self.mismatch_weight)
        return loss + against

    def penalty(self, batch, fake, noise):
        """The weighted gradient penalties, per row; 0 in the steps between intervals."""
        r1_weight, interpolation_weight, interval = self.penalties
        nothing = tf.zeros_like(fake[:, 0, 0, 0])
        if not (r1_weight or interpolation_weight):
            return nothing
        real, drawn = batch[self.image], ops.stop_gradient(fake)
        mix = noise.uniform((tf.shape(fake)[0], 1, 1, 1))

        def penalised():
            condition, rows = self.text_encoder(batch[self.text]), nothing

            def score(images):
                return self.discriminator(images, condition, training=True)

            if r1_weight:
                rows += r1_weight * r1_penalty(score, real)
            if interpolation_weight:
                rows += interpolation_weight * interpolation_penalty(score, real, drawn, mix)
            return interval * rows

        if interval == 1:
            return penalised()
        due = tf.equal(tf.cast(self.discriminator_optimizer.iterations, tf.int32) % interval, 0)
        return tf.cond(due, penalised, lambda: nothing)

    def sample(self, given, present, to, noise):
        condition = self.text_encoder(given[self.text])
        z = noise.normal((tf.shape(condition)[0], self.generator.noise_dim))
        return {self.image: self.generator(z, condition, training=False)}

    def get_config(self):
        return {
            "processors": self.processors,
            "text_encoder": self.text_encoder,
            "generator": self.generator,
            "discriminator": self.discriminator,
            "mismatch_weight": self.mismatch_weight,
            "seed": self.seed,
        }
