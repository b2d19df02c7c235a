"""Text -> image in stages, each of which looks at the words again."""

import tensorflow as tf
from keras import ops

from mmgen_tf.losses.contrastive import info_nce, region_word_scores
from mmgen_tf.models.gan.adversarial_model import AdversarialModel, text_and_image, truncated_normal
from mmgen_tf.models.replicated_model import all_rows, next_rows, replica_count
from mmgen_tf.registry import register


@register
class AttentionGAN(AdversarialModel):
    """AttnGAN (Xu et al. 2018): pictures of growing size, places of which look at the caption's words; a discriminator
    for each size, and a matching loss between regions and words.

        generator:       sum over sizes of generator(D_i(G_i(z, t), t)) + reconstruction_weight |x_i - G_i(z, t)|
                         + perceptual_weight d(x, G(z, t)) + matching_weight match(G(z, t), t) + match(x, t)
        discriminators:  sum over sizes of real(D_i(x, t)) + (fake(D_i(G_i, t)) + w fake(D_i(x, t'))) / (1 + w)
                         + match(x, t)

    `match` tells, among the pictures and sentences of the batch, which belong together, by regions and words and by
    whole picture and sentence (Xu et al., eq. 7-13). In the paper its two encoders are trained beforehand; here they
    learn from real pairs all the while, that of regions with the discriminators, that of words with the generator, so
    that one `fit` trains everything. They see pictures through the discriminators' augmentation, or else the generator
    pleases them by what no one else sees. The distances to the picture itself are beyond the paper: they suit data
    where a caption means one picture, and few words name many (Isola et al. 2017); d is a `PerceptualDistance`.

    Args:
        processors: dict with one text and one image `Processor`.
        text_encoder: layer, int `(batch, words)` -> `(batch, width)`, with `words(tokens)`, see `ConvTextEncoder`.
        generator: `AttentionGenerator`.
        discriminators: list of discriminators with `features` and `score`, for the smallest picture first.
        region_encoder: layer with `regions(pictures, training)` and `picture(regions)`, see `RegionEncoder`.
        mismatch_weight: w above.
        matching_weight: of the matching loss in the generator's.
        reconstruction_weight: of the mean absolute difference between a caption's picture and the drawn one, a size.
        perceptual_weight: of d, of the last stage's picture.
        sharpness: gamma_1 and gamma_2 of the paper, of the softmax over regions and the soft maximum over words.
        temperature: 1 / gamma_3, of the softmax over the batch.
        augmentation: None, or layer `(pictures, noise)` -> pictures through which discriminators and `match` see.
        seed: of initial noise streams and shuffling.

    Example:
        >>> model = mmgen_tf.zoo.load("attention_gan_emoji")
        >>> picture, attention = model.generate({"text": "red apple, flat style"}, seed=0, return_attention=True)
        >>> picture.shape, attention.shape
        ((64, 64, 3), (9, 32, 32))

    Reference: Xu, Zhang, Huang, Zhang, Gan, Huang & He, AttnGAN: Fine-Grained Text to Image Generation with Attentional
    Generative Adversarial Networks, CVPR 2018. Isola, Zhu, Zhou & Efros, Image-to-Image Translation with Conditional
    Adversarial Networks, CVPR 2017.
    """

    loss_names = ("generator_loss", "discriminator_loss", "loss", "matching_loss")

    def __init__(
        self, processors, text_encoder, generator, discriminators, region_encoder, mismatch_weight=0.5,
        matching_weight=1.0, reconstruction_weight=0.0, perceptual_weight=0.0, sharpness=5.0, temperature=0.1,
        augmentation=None, seed=0, **kwargs,
    ):  # fmt: skip
        self.text, self.image = text_and_image(processors, "AttentionGAN")
        if len(discriminators) != generator.stages + 1:
            raise ValueError(
                f"A generator of {generator.stages} stages gives {generator.stages + 1} pictures, each with a "
                f"discriminator; received {len(discriminators)}."
            )
        super().__init__(
            processors, inputs=[self.text], outputs=[self.image], requires=[self.text],
            complete=[self.text, self.image], seed=seed, **kwargs,
        )  # fmt: skip
        self.text_encoder, self.generator, self.region_encoder = text_encoder, generator, region_encoder
        self.discriminators, self.augmentation = list(discriminators), augmentation
        self.mismatch_weight, self.matching_weight = mismatch_weight, matching_weight
        self.reconstruction_weight, self.perceptual_weight = reconstruction_weight, perceptual_weight
        self.sharpness, self.temperature = sharpness, temperature
        self.judged = True  # whether discriminators take part in the training, see `GeneratorFirst`
        self.sizes = generator.stages + 1  # how many pictures are trained, the smallest first, see `GrowingPictures`

    def players(self):
        return [self.generator, self.text_encoder], [*self.discriminators, self.region_encoder]

    def optimized_variables(self):
        judges = self.discriminators[: self.sizes] if self.judged else []
        matchers = [self.region_encoder] if self.matches(self.sizes) else []
        makers = [*self.generator.drawing(self.sizes), self.text_encoder]
        parts = {"generator": makers, "discriminator": [*judges, *matchers]}
        return {name: [v for part in parts[name] for v in part.trainable_variables] for name in parts}

    def averaged_variables(self):
        return self.generator.weights + self.text_encoder.weights

    # Training ----------------------------------------------------------------------------------------------------

    def imagine(self, batch, noise, training):
        z = noise.normal((tf.shape(batch[self.text])[0], self.generator.noise_dim))
        pictures, _ = self.drawn(batch[self.text], z, training, self.sizes)
        return pictures

    def drawn(self, tokens, z, training, sizes=None):
        """The generator's pictures and attention."""
        words, there = self.text_encoder.words(tokens)
        there = ops.stop_gradient(there)
        return self.generator(z, self.text_encoder(tokens), words, there, training=training, sizes=sizes)

    def generator_losses(self, batch, made, noise, training):
        condition, loss = ops.stop_gradient(self.text_encoder(batch[self.text])), tf.zeros((tf.shape(made[0])[0],))
        if self.judged:
            for judge, pictures in zip(self.discriminators, made):
                seen = self.seen(pictures, noise, training)
                loss += self.adversarial.generator(judge(seen, condition, training=training))
        if self.reconstruction_weight:
            for real, pictures in zip(self.pyramid(batch[self.image]), made):
                loss += self.reconstruction_weight * ops.mean(ops.abs(real - pictures), axis=(1, 2, 3))
        if not self.matches(len(made)):
            return {"generator_loss": loss, "matching_loss": ops.zeros_like(loss)}
        loss += self.perceptual_loss(made[-1], batch[self.image], noise, training)
        matching = self.matching(batch, self.seen(made[-1], noise, training), held="words")
        loss += self.matching(batch, self.seen(batch[self.image], noise, training), held="regions")
        return {"generator_loss": loss + self.matching_weight * matching, "matching_loss": matching}

    def discriminator_loss(self, batch, made, noise, training):
        loss = tf.zeros((tf.shape(batch[self.image])[0],))
        if self.matches(len(made)):
            seen = self.seen(batch[self.image], noise, training)
            loss += self.matching(batch, seen, held="words", training=training)
        if not self.judged:
            return loss
        condition, real = ops.stop_gradient(self.text_encoder(batch[self.text])), self.pyramid(batch[self.image])
        other = next_rows(condition, batch) if self.mismatch_weight else None
        for judge, pictures, drawn in zip(self.discriminators, real, made):
            both = ops.concatenate([pictures, ops.stop_gradient(drawn)])
            features = judge.features(self.seen(both, noise.stacked(2), training), training=training)
            count = tf.shape(pictures)[0]
            on_real, on_fake = features[:count], features[count:]
            loss += self.adversarial.real(judge.score(on_real, condition, training=training))
            against = self.adversarial.fake(judge.score(on_fake, condition, training=training))
            if self.mismatch_weight:
                mismatched = self.adversarial.fake(judge.score(on_real, other, training=training))
                against = (against + self.mismatch_weight * mismatched) / (1.0 + self.mismatch_weight)
            loss += against
        return loss

    def matches(self, sizes):
        """Whether the largest picture is among the first `sizes`: that is what `match` and d look at."""
        return sizes > self.generator.stages

    def matching(self, batch, pictures, held=None, training=False):
        """To find each picture's sentence, and each sentence's picture, among the rows of the global batch, `(batch,)`.

        Args:
            pictures: `(batch, height, width, channels)`, for the batch's sentences.
            held: "words" or "regions" for the side that is to learn nothing from it.
            training: whether the region encoder trains.
        """
        words, there = self.text_encoder.words(batch[self.text])
        sentence, place = self.text_encoder(batch[self.text]), batch["row"][:, 0]
        regions = self.region_encoder.regions(pictures, training=training)
        picture = self.region_encoder.picture(regions)
        if held == "words":
            words, sentence = ops.stop_gradient(words), ops.stop_gradient(sentence)
        if held == "regions":
            regions, picture = ops.stop_gradient(regions), ops.stop_gradient(picture)
        there = ops.stop_gradient(there)
        picture, sentence = (ops.normalize(ops.cast(each, "float32"), axis=-1) for each in (picture, sentence))
        of_pictures = region_word_scores(regions, all_rows(words), all_rows(there), self.sharpness)
        if replica_count() == 1:
            of_sentences = ops.transpose(of_pictures)
        else:
            of_sentences = ops.transpose(region_word_scores(all_rows(regions), words, there, self.sharpness))
        whole_pictures = ops.matmul(picture, ops.transpose(all_rows(sentence)))
        whole_sentences = ops.matmul(sentence, ops.transpose(all_rows(picture)))
        scores = (of_pictures, of_sentences, whole_pictures, whole_sentences)
        return sum(info_nce(score / self.temperature, place) for score in scores)

    def pyramid(self, pictures):
        """The pictures at each size that the generator gives, the smallest first."""
        sizes = [pictures]
        for _ in range(self.generator.stages):
            sizes.insert(0, ops.average_pool(sizes[0], 2))
        return sizes

    def penalised(self, batch, made):
        condition, largest = self.text_encoder(batch[self.text]), len(made) - 1
        real, judge = self.pyramid(batch[self.image])[largest], self.discriminators[largest]
        return real, made[largest], lambda images: judge(images, condition, training=True)

    # Generation --------------------------------------------------------------------------------------------------

    def sample(self, given, present, to, noise, truncation=None, return_attention=False):
        """See `GenerativeModel.sample`.

        Args:
            truncation: None, or the largest absolute value of the noise.
            return_attention: whether the maps of the last stage come too, `(words, side / 2, side / 2)` a picture:
                for each place and word of the caption the weight, which sums to 1 over the words.
        """
        tokens = given[self.text]
        z = truncated_normal(noise, (tf.shape(tokens)[0], self.generator.noise_dim), truncation)
        pictures, weights = self.drawn(tokens, z, training=False)
        attention = {"attention": tf.transpose(weights, (0, 3, 1, 2))} if return_attention else {}
        return {self.image: pictures[-1], **attention}

    def get_config(self):
        names = (
            "processors", "text_encoder", "generator", "discriminators", "region_encoder", "mismatch_weight",
            "matching_weight", "reconstruction_weight", "perceptual_weight", "sharpness", "temperature", "augmentation",
            "seed",
        )  # fmt: skip
        return {name: getattr(self, name) for name in names}
