"""Nothing -> picture and sentence together, by a generative adversarial network."""

import tensorflow as tf
from keras import ops

from mmgen_tf.models.gan.adversarial_model import AdversarialModel, text_and_image, truncated_normal
from mmgen_tf.models.replicated_model import next_rows
from mmgen_tf.registry import register


@register
class JointGAN(AdversarialModel):
    """Noise becomes a picture and a sentence that belong together; a discriminator judges the pair.

    A trunk turns noise into what both share; a picture generator and a word-by-word text generator draw from it. Words
    are discrete: straight-through Gumbel-softmax (Jang et al. 2017) lets the discriminator's gradient through. The
    discriminator minimises `real(D(x, t)) + (fake(D(G(z))) + w fake(D(x, t'))) / (1 + w)`, where t' is the sentence of
    another picture, the generator `generator(D(G(z)))`; where it judges pictures or sentences alone too, the same
    without t' is added for each.

    Args:
        processors: dict with one text and one image `Processor`.
        trunk: layer, `(batch, noise_dim)` -> `(batch, shared_dim)`; has `input_dim`.
        image_generator: layer, `(noise, shared)` -> pictures in the image modality's range; has `noise_dim`.
        text_generator: `TextDecoder` of the shared vector.
        discriminator: layer from a dict of picture and one-hot words to logits, see `PairDiscriminator`.
        mismatch_weight: w above.
        text_temperature: of the relaxed words.
        seed: of initial noise streams and shuffling.

    Example:
        >>> model = mmgen_tf.zoo.load("joint_gan_digits")
        >>> sorted(model.generate(num_samples=2, seed=0))
        ['image', 'text']

    Reference: Jang, Gu & Poole, Categorical Reparameterization with Gumbel-Softmax, ICLR 2017. Reed et al., Generative
    Adversarial Text to Image Synthesis, ICML 2016.
    """

    def __init__(
        self, processors, trunk, image_generator, text_generator, discriminator, mismatch_weight=0.0,
        text_temperature=1.0, seed=0, **kwargs,
    ):  # fmt: skip
        if text_temperature <= 0:
            raise ValueError(f"text_temperature must be positive; received {text_temperature}.")
        self.text, self.image = text_and_image(processors, "JointGAN")
        super().__init__(processors, inputs=[], complete=[self.text, self.image], seed=seed, **kwargs)
        self.trunk, self.image_generator, self.text_generator = trunk, image_generator, text_generator
        self.discriminator, self.mismatch_weight = discriminator, mismatch_weight
        self.text_temperature = text_temperature

    def players(self):
        return [self.trunk, self.image_generator, self.text_generator], [self.discriminator]

    def shared(self, count, noise, truncation=None):
        """What picture and sentence share `(count, shared_dim)`, and the picture's own noise."""
        own = noise.normal((count, self.image_generator.noise_dim))
        return self.trunk(truncated_normal(noise, (count, self.trunk.input_dim), truncation)), own

    def imagine(self, batch, noise, training):
        shared, own = self.shared(tf.shape(batch[self.image])[0], noise)
        return {
            self.image: self.image_generator(own, shared, training=training),
            self.text: self.text_generator.relaxed(shared, noise, self.text_temperature),
        }

    def real(self, batch):
        """The batch's pairs as the discriminator takes them."""
        words = ops.one_hot(batch[self.text], len(self.modalities[self.text].vocabulary), dtype="float32")
        return {self.image: batch[self.image], self.text: words}

    def generator_losses(self, batch, made, noise, training):
        judge = self.discriminator
        return {"generator_loss": sum(map(self.adversarial.generator, judge.scores(judge.features(made))))}

    def discriminator_loss(self, batch, made, noise, training):
        judge, real = self.discriminator, self.real(batch)
        features = judge.features(real)
        made = judge.features(tf.nest.map_structure(ops.stop_gradient, made))
        loss = sum(map(self.adversarial.real, judge.scores(features)))
        against, *alone = map(self.adversarial.fake, judge.scores(made))
        if self.mismatch_weight:
            other = judge.feature(self.text, next_rows(real[self.text], batch))
            mismatched = self.adversarial.fake(judge.score(features | {self.text: other}))
            against = (against + self.mismatch_weight * mismatched) / (1.0 + self.mismatch_weight)
        return loss + against + sum(alone)

    def penalised(self, batch, made):
        judge = self.discriminator
        return self.real(batch), made, lambda values: sum(judge.scores(judge.features(values)))

    def sample(self, given, present, to, noise, truncation=None, temperature=1.0):
        """See `GenerativeModel.sample`.

        Args:
            truncation: None, or the largest absolute value of the shared noise.
            temperature: of the words, drawn at 1 while training; 0 takes the most probable ones.
        """
        shared, own = self.shared(tf.shape(present["rows"])[0], noise, truncation)
        drawn = {
            self.image: lambda: self.image_generator(own, shared, training=False),
            self.text: lambda: self.text_generator.draw(shared, noise, temperature),
        }
        return {name: drawn[name]() for name in to}

    def get_config(self):
        names = (
            "processors", "trunk", "image_generator", "text_generator", "discriminator", "mismatch_weight",
            "text_temperature", "seed",
        )  # fmt: skip
        return {name: getattr(self, name) for name in names}
