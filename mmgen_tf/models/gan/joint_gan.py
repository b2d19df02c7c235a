"""Nothing -> picture and sentence together, by a generative adversarial network."""

import tensorflow as tf
from keras import ops

from mmgen_tf.models.gan.adversarial_model import AdversarialModel, text_and_image, truncated_normal
from mmgen_tf.models.replicated_model import next_rows
from mmgen_tf.registry import register


@register
class JointGAN(AdversarialModel):
    """Noise becomes a sentence and a picture that belong together: p(t, x) = p(t) p(x | t), each factor a generator.

    A trunk turns noise into what the sentence says, word by word; words are discrete, and straight-through
    Gumbel-softmax (Jang et al. 2017) lets a gradient through. The picture is drawn for the words that were drawn, from
    noise of its own. One discriminator judges pairs, and knows real pictures beside the sentence of another (Reed et
    al. 2016); one judges sentences:

        discriminators:  real(D(x, t)) + (fake(D(G(t^), t^)) + w fake(D(x, t'))) / (1 + w)
                         + real(D_t(t)) + fake(D_t(t^))
        generators:      generator(D(G(t^), t^)) + generator(D_t(t^)),   where t^ is drawn

    Only D_t teaches sentences: pictures follow them, as the chain rule has it. The encoder of sentences learns with the
    discriminators, from real ones.

    Args:
        processors: dict with one text and one image `Processor`.
        trunk: layer, `(batch, noise_dim)` -> what the sentence says; has `input_dim`.
        text_generator: `TextDecoder` of the trunk's vector.
        text_encoder: layer from one-hot words `(batch, words, vocabulary)` to `(batch, condition_dim)`.
        image_generator: layer, `(noise, condition)` -> pictures in the image modality's range; has `noise_dim`.
        discriminator: of pairs, with `features(pictures)` and `score(features, condition)`.
        text_discriminator: layer from one-hot words to logits.
        mismatch_weight: w above.
        text_temperature: of the relaxed words.
        draw_temperature: of the words that `generate` draws, where it is not told.
        seed: of initial noise streams and shuffling.

    Example:
        >>> model = mmgen_tf.zoo.load("joint_gan_digits")
        >>> sorted(model.generate(num_samples=2, seed=0))
        ['image', 'text']

    Reference: Jang, Gu & Poole, Categorical Reparameterization with Gumbel-Softmax, ICLR 2017. Reed et al., Generative
    Adversarial Text to Image Synthesis, ICML 2016.
    """

    def __init__(
        self, processors, trunk, text_generator, text_encoder, image_generator, discriminator, text_discriminator,
        mismatch_weight=0.0, text_temperature=1.0, draw_temperature=1.0, seed=0, **kwargs,
    ):  # fmt: skip
        if text_temperature <= 0:
            raise ValueError(f"text_temperature must be positive; received {text_temperature}.")
        self.text, self.image = text_and_image(processors, "JointGAN")
        super().__init__(processors, inputs=[], complete=[self.text, self.image], seed=seed, **kwargs)
        self.trunk, self.text_generator, self.text_encoder = trunk, text_generator, text_encoder
        self.image_generator, self.discriminator = image_generator, discriminator
        self.text_discriminator = text_discriminator
        self.mismatch_weight = mismatch_weight
        self.text_temperature, self.draw_temperature = text_temperature, draw_temperature

    def players(self):
        judges = [self.discriminator, self.text_encoder, self.text_discriminator]
        return [self.trunk, self.image_generator, self.text_generator], judges

    def averaged_variables(self):
        return super().averaged_variables() + self.text_encoder.weights

    def one_hot(self, tokens):
        """Words as the discriminators take them, float32 `(batch, words, vocabulary)`."""
        return ops.one_hot(tokens, len(self.modalities[self.text].vocabulary), dtype="float32")

    def drawn(self, words, noise, training, truncation=None):
        """Pictures for one-hot words, whose encoder they do not teach."""
        own = truncated_normal(noise, (tf.shape(words)[0], self.image_generator.noise_dim), truncation)
        return self.image_generator(own, ops.stop_gradient(self.text_encoder(words)), training=training)

    def imagine(self, batch, noise, training):
        shared = self.trunk(noise.normal((tf.shape(batch[self.image])[0], self.trunk.input_dim)))
        words = self.text_generator.relaxed(shared, noise, self.text_temperature)
        return {self.image: self.drawn(words, noise, training), self.text: words}

    def generator_losses(self, batch, made, noise, training):
        condition = ops.stop_gradient(self.text_encoder(made[self.text]))
        features = self.discriminator.features(made[self.image], training=training)
        pair = self.adversarial.generator(self.discriminator.score(features, condition, training=training))
        alone = self.adversarial.generator(self.text_discriminator({self.text: made[self.text]}))
        return {"generator_loss": pair + alone}

    def discriminator_loss(self, batch, made, noise, training):
        judge, real = self.discriminator, self.one_hot(batch[self.text])
        condition = self.text_encoder(real)
        features = judge.features(batch[self.image], training=training)
        loss = self.adversarial.real(judge.score(features, condition, training=training))
        of_made = judge.features(made[self.image], training=training)
        drawn_for = ops.stop_gradient(self.text_encoder(made[self.text]))
        against = self.adversarial.fake(judge.score(of_made, drawn_for, training=training))
        if self.mismatch_weight:
            other = self.text_encoder(next_rows(real, batch))
            mismatched = self.adversarial.fake(judge.score(features, other, training=training))
            against = (against + self.mismatch_weight * mismatched) / (1.0 + self.mismatch_weight)
        of_text = self.text_discriminator
        loss += self.adversarial.real(of_text({self.text: real}))
        return loss + against + self.adversarial.fake(of_text({self.text: made[self.text]}))

    def penalised(self, batch, made):
        words = self.one_hot(batch[self.text])
        condition = self.text_encoder(words)

        def score(values):
            features = self.discriminator.features(values[self.image], training=True)
            pair = self.discriminator.score(features, condition, training=True)
            return pair + self.text_discriminator({self.text: values[self.text]})

        return {self.image: batch[self.image], self.text: words}, made, score

    def sample(self, given, present, to, noise, truncation=None, temperature=None):
        """See `GenerativeModel.sample`.

        Args:
            truncation: None, or the largest absolute value of the noise.
            temperature: of the words, drawn at 1 while training; 0 takes the most probable ones. None is the model's
                `draw_temperature`.
        """
        count = tf.shape(present["rows"])[0]
        shared = self.trunk(truncated_normal(noise, (count, self.trunk.input_dim), truncation))
        temperature = self.draw_temperature if temperature is None else temperature
        tokens = self.text_generator.draw(shared, noise, temperature)
        ended = ops.cumsum(ops.cast(tokens == 0, "int32"), axis=1) > 0  # nothing is said after a sentence's end
        tokens = ops.where(ended, 0, tokens)
        answers = {self.text: tokens}
        if self.image in to:
            answers[self.image] = self.drawn(self.one_hot(tokens), noise, False, truncation)
        return {name: answers[name] for name in to}

    def get_config(self):
        names = (
            "processors", "trunk", "text_generator", "text_encoder", "image_generator", "discriminator",
            "text_discriminator", "mismatch_weight", "text_temperature", "draw_temperature", "seed",
        )  # fmt: skip
        return {name: getattr(self, name) for name in names}
