"""Text -> image by a conditional generative adversarial network."""

import tensorflow as tf
from keras import ops

from mmgen_tf.models.gan.adversarial_model import AdversarialModel, text_and_image, truncated_normal
from mmgen_tf.models.replicated_model import next_rows
from mmgen_tf.registry import register


@register
class ConditionalGAN(AdversarialModel):
    """A generator draws a picture for a sentence; a discriminator judges picture and sentence together.

    The discriminator minimises `real(D(x, t)) + (fake(D(G(z, t), t)) + w fake(D(x, t'))) / (1 + w)`, where t' is the
    sentence of another picture: matching-aware training, GAN-CLS of Reed et al. 2016, algorithm 1; w = 0 gives Mirza &
    Osindero 2014, eq. 2. The generator minimises `generator(D(G(z, t), t))`. What real, fake and generator are is named
    in `compile`. The text encoder learns with the discriminator.

    Where a caption means one picture, and few words name many, the distances to that picture help the generator, which
    the text encoder then learns with (Isola et al. 2017): it minimises

        generator(D(G(z, t), t)) + reconstruction_weight |x - G(z, t)| + perceptual_weight d(x, G(z, t))

    with d a `PerceptualDistance`.

    Args:
        processors: dict with one text and one image `Processor`.
        text_encoder: layer, int `(batch, words)` -> `(batch, condition_dim)`.
        generator: layer, `(noise, condition)` -> pictures in the image modality's range; has `noise_dim`.
        discriminator: layer with `features(image, training)` and `score(features, condition, training)`.
        mismatch_weight: w above.
        augmentation: None, or layer `(pictures, noise)` -> pictures through which the discriminator sees real and drawn
            ones alike, such as `DifferentiableAugmentation`, for small data.
        condition_dropout: share of training rows whose sentence is left out, so that `guidance` has somewhere to start.
        reconstruction_weight: of the mean absolute difference between a caption's picture and the drawn one.
        perceptual_weight: of d.
        seed: of initial noise streams and shuffling.

    Example:
        >>> model = mmgen_tf.zoo.load("cgan_digits")
        >>> model.generate({"text": "a thick seven leaning left"}, seed=0).shape
        (28, 28, 1)

    Reference: Mirza & Osindero, Conditional Generative Adversarial Nets, 2014. Reed et al., Generative Adversarial
    Text to Image Synthesis, ICML 2016. Isola, Zhu, Zhou & Efros, Image-to-Image Translation with Conditional
    Adversarial Networks, CVPR 2017.
    """

    def __init__(
        self, processors, text_encoder, generator, discriminator, mismatch_weight=0.0, augmentation=None,
        condition_dropout=0.0, reconstruction_weight=0.0, perceptual_weight=0.0, seed=0, **kwargs,
    ):  # fmt: skip
        self.text, self.image = text_and_image(processors, "ConditionalGAN")
        super().__init__(
            processors, inputs=[self.text], outputs=[self.image], requires=[self.text],
            complete=[self.text, self.image], seed=seed, **kwargs,
        )  # fmt: skip
        self.text_encoder, self.generator, self.discriminator = text_encoder, generator, discriminator
        self.mismatch_weight, self.condition_dropout = mismatch_weight, condition_dropout
        self.reconstruction_weight, self.perceptual_weight = reconstruction_weight, perceptual_weight
        self.augmentation = augmentation

    @property
    def taught(self):
        """Whether the generator, and the text encoder with it, is told what a caption's picture looks like."""
        return bool(self.reconstruction_weight or self.perceptual_weight)

    def players(self):
        if self.taught:
            return [self.generator, self.text_encoder], [self.discriminator]
        return [self.generator], [self.discriminator, self.text_encoder]

    def averaged_variables(self):
        return self.generator.weights + self.text_encoder.weights

    def imagine(self, batch, noise, training):
        tokens = batch[self.text]
        z = noise.normal((tf.shape(tokens)[0], self.generator.noise_dim))
        if training and self.condition_dropout:
            left_out = noise.uniform((tf.shape(tokens)[0], 1)) < self.condition_dropout
            tokens = tf.where(left_out, 0, tokens)
        condition = self.text_encoder(tokens)
        condition = condition if self.taught else ops.stop_gradient(condition)
        return {"tokens": tokens, "drawn": self.generator(z, condition, training=training)}

    def generator_losses(self, batch, made, noise, training):
        condition, real, drawn = ops.stop_gradient(self.text_encoder(made["tokens"])), batch[self.image], made["drawn"]
        seen = self.seen(drawn, noise, training)
        loss = self.adversarial.generator(self.discriminator(seen, condition, training=training))
        if self.reconstruction_weight:
            loss += self.reconstruction_weight * ops.mean(ops.abs(real - drawn), axis=(1, 2, 3))
        return {"generator_loss": loss + self.perceptual_loss(drawn, real, noise, training)}

    def discriminator_loss(self, batch, made, noise, training):
        """On real, drawn and mismatched pairs."""
        judge, real, drawn = self.discriminator, batch[self.image], ops.stop_gradient(made["drawn"])
        condition = self.text_encoder(made["tokens"])
        both = self.seen(ops.concatenate([real, drawn]), noise.stacked(2), training)
        features = judge.features(both, training=training)
        count = tf.shape(real)[0]
        real_features, fake_features = features[:count], features[count:]
        loss = self.adversarial.real(judge.score(real_features, condition, training=training))
        against = self.adversarial.fake(judge.score(fake_features, condition, training=training))
        if self.mismatch_weight:
            other = self.text_encoder(next_rows(made["tokens"], batch))
            mismatched = self.adversarial.fake(judge.score(real_features, other, training=training))
            against = (against + self.mismatch_weight * mismatched) / (1.0 + self.mismatch_weight)
        return loss + against

    def penalised(self, batch, made):
        condition = self.text_encoder(made["tokens"])
        return batch[self.image], made["drawn"], lambda images: self.discriminator(images, condition, training=True)

    def sample(self, given, present, to, noise, truncation=None, guidance=1.0):
        """See `GenerativeModel.sample`.

        Args:
            truncation: None, or the largest absolute value of the noise: less variety, fewer mistakes (Brock et al.
                2019, section 3.1).
            guidance: how far to go from no sentence (0) to the sentence (1) and beyond it, in the space of conditions;
                needs a model trained with `condition_dropout`.

        Raises:
            ValueError: for a truncation that is not positive.
        """
        condition = self.text_encoder(given[self.text])
        if guidance != 1.0:
            nothing = self.text_encoder(tf.zeros_like(given[self.text]))
            condition = nothing + guidance * (condition - nothing)
        z = truncated_normal(noise, (tf.shape(condition)[0], self.generator.noise_dim), truncation)
        return {self.image: self.generator(z, condition, training=False)}

    def get_config(self):
        names = (
            "processors", "text_encoder", "generator", "discriminator", "mismatch_weight", "augmentation",
            "condition_dropout", "reconstruction_weight", "perceptual_weight", "seed",
        )  # fmt: skip
        return {name: getattr(self, name) for name in names}
