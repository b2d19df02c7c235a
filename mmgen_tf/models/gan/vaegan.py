"""Any of two modalities -> any, by an autoencoder whose decoders a discriminator judges."""

import tensorflow as tf
from keras import ops

from mmgen_tf.fusion.posterior import Posterior
from mmgen_tf.fusion.product_of_experts import product_of_experts
from mmgen_tf.losses.divergence import gaussian_kl
from mmgen_tf.losses.latent_family import latent_family
from mmgen_tf.modality import blank_missing
from mmgen_tf.models.gan.adversarial_model import AdversarialModel, text_and_image
from mmgen_tf.models.replicated_model import next_rows
from mmgen_tf.registry import register


@register
class VAEGAN(AdversarialModel):
    """A variational autoencoder of picture and text with one latent vector, whose decoders a discriminator judges
    (Larsen et al. 2016, in multimodal form).

    The latent is inferred from both modalities and from each alone, by a product of experts (Wu & Goodman 2018), and

        L = sum over these of beta KL(q(z|X) || p(z)) - log p(text | z) + feature error of the picture
            + adversarial_weight * (generator loss of what is drawn from the prior and across modalities)

    A picture's error is not taken in pixels but in the features of its discriminator (Larsen et al., eq. 8). Each
    discriminator sees pairs of z and a value: false ones have what is drawn from z, z from the prior or from what the
    other modality tells; real ones have the row's own value, z from both modalities or from the very z of the other;
    with a `mismatch_weight` a real value beside what another row tells counts as false (Reed et al. 2016). So a picture
    drawn for a sentence has to look like one that belongs to it. As in the paper the adversarial gradient teaches
    decoders only.

    Args:
        processors: dict with one text and one image `Processor`.
        encoders: dict of name -> layer giving `(mean, log_variance)`, see `GaussianEncoder`.
        decoders: dict of name -> layer with `log_prob(z, x, noise)` and `draw(z, noise, temperature)`; the text's with
            `relaxed(z, noise)` too.
        discriminators: dict of name -> `PairDiscriminator` of that modality and `"latent"`.
        beta: weight of the divergence.
        feature_weight: of a picture's error in the features of its discriminator.
        text_weight: of the text's likelihood.
        adversarial_weight: of the generator loss.
        mismatch_weight: of mismatched pairs among the false ones.
        latent_temperature: on the standard deviation of the latent when `generate` draws it.
        seed: of initial noise streams and shuffling.

    Reference: Larsen, Sonderby, Larochelle & Winther, Autoencoding beyond Pixels Using a Learned Similarity Metric,
    ICML 2016.
    """

    loss_names = ("generator_loss", "discriminator_loss", "loss", "elbo_loss", "adversarial_loss", "kl")

    def __init__(
        self, processors, encoders, decoders, discriminators, beta=1.0, feature_weight=1.0, text_weight=1.0,
        adversarial_weight=1.0, mismatch_weight=0.0, latent_temperature=1.0, seed=0, **kwargs,
    ):  # fmt: skip
        self.text, self.image = text_and_image(processors, "VAEGAN")
        super().__init__(processors, seed=seed, **kwargs)
        for part, layers in (("encoders", encoders), ("decoders", decoders), ("discriminators", discriminators)):
            if sorted(layers) != list(self.processors):
                raise ValueError(f"{part} must be keyed by {list(self.processors)}; received {sorted(layers)}.")
            setattr(self, part, dict(sorted(layers.items())))
        self.beta, self.feature_weight, self.text_weight = beta, feature_weight, text_weight
        self.adversarial_weight, self.mismatch_weight = adversarial_weight, mismatch_weight
        self.latent_temperature = latent_temperature
        self.family = latent_family("normal")
        self.latent_dim = getattr(next(iter(self.encoders.values())), "latent_dim", None)

    def players(self):
        return [*self.encoders.values(), *self.decoders.values()], list(self.discriminators.values())

    def directions(self):
        """Either from the other, and a picture again from itself; what is drawn from nothing is not trained for."""
        return [((self.image,), (self.text,)), ((self.text,), (self.image,)), ((self.image,), (self.image,))]

    # The model ---------------------------------------------------------------------------------------------------

    def posterior(self, values, present):
        """q(z | X) of whichever modalities are there: the product of their experts and the prior."""
        pairs = [self.encoders[name](values[name]) for name in self.processors]
        means, log_variances = (ops.stack(parts) for parts in zip(*pairs, strict=True))
        here = ops.stack([present[name] for name in self.processors])
        return Posterior(self.family, *product_of_experts(means, log_variances, here))

    def encode(self, values, present):
        """Moments of q(z | X): `(mean, log_variance)`, each `(batch, latent)`."""
        return self.posterior(blank_missing(values, present), present).moments()

    def decode(self, z, names, noise, temperature=0.0):
        """Tensors of the modalities `names` for latent vectors `(batch, latent)`."""
        return {name: self.decoders[name].draw(z, noise, temperature) for name in names}

    # Training ----------------------------------------------------------------------------------------------------

    def imagine(self, batch, noise, training):
        """Posteriors and draws of them, given both modalities and each alone, and what is drawn to be judged."""
        present, rows = batch["present"], tf.shape(batch["present"][self.image])[0]
        values = blank_missing(batch, present)
        terms = {"both": present}
        for name in self.processors:
            terms[name] = {other: present[other] & (other == name) for other in self.processors}
        posteriors = {term: self.posterior(values, there) for term, there in terms.items()}
        latents = {term: posterior.draw(noise) for term, posterior in posteriors.items()}
        prior = noise.normal((rows, self.latent_dim))
        drawn = {}
        for name, other in ((self.image, self.text), (self.text, self.image)):
            z = ops.stop_gradient(ops.concatenate([prior, latents[other]]))
            relaxed = getattr(self.decoders[name], "relaxed", None)
            made = relaxed(z, noise.stacked(2)) if relaxed else self.decoders[name].draw(z, noise)
            drawn[name] = {name: made, "latent": z}
        moments = {term: posterior.moments() for term, posterior in posteriors.items()}
        return {"moments": moments, "latents": latents, "drawn": drawn}

    def generator_losses(self, batch, made, noise, training):
        values, present = blank_missing(batch, batch["present"]), batch["present"]
        latents = made["latents"]
        kl = sum(gaussian_kl(*moments) for moments in made["moments"].values())
        elbo_loss = self.beta * kl
        for z in latents.values():
            told = self.decoders[self.text].log_prob(z, values[self.text], noise if training else None)
            elbo_loss -= self.text_weight * ops.where(present[self.text], told, 0.0)
        network = self.discriminators[self.image].networks[self.image]
        wanted = ops.stop_gradient(network(values[self.image]))
        for term in ("both", self.image):
            seen = network(self.decoders[self.image].draw(latents[term], noise))
            error = 0.5 * ops.sum(ops.square(ops.cast(seen - wanted, "float32")), axis=-1)
            elbo_loss += self.feature_weight * ops.where(present[self.image], error, 0.0)
        adversarial_loss = 0.0
        for name, pair in made["drawn"].items():
            adversarial_loss += _halves(self.adversarial.generator(self.discriminators[name](pair)))
        loss = elbo_loss + self.adversarial_weight * adversarial_loss
        return {"generator_loss": loss, "elbo_loss": elbo_loss, "adversarial_loss": adversarial_loss, "kl": kl}

    def discriminator_loss(self, batch, made, noise, training):
        values, present, loss = self.real(batch), batch["present"], 0.0
        for name, judge in self.discriminators.items():
            pair = {key: ops.stop_gradient(value) for key, value in made["drawn"][name].items()}
            _, told = ops.split(pair["latent"], 2)  # by the other modality
            latent = ops.concatenate([ops.stop_gradient(made["latents"]["both"]), told])
            real = judge({name: ops.concatenate([values[name]] * 2), "latent": latent})
            loss += ops.where(present[name], _halves(self.adversarial.real(real)), 0.0)
            against = _halves(self.adversarial.fake(judge(pair)))
            if self.mismatch_weight:
                wrong = self.adversarial.fake(judge({name: values[name], "latent": next_rows(told, batch)}))
                wrong = ops.where(present[name], wrong, 0.0)
                against = (against + self.mismatch_weight * wrong) / (1.0 + self.mismatch_weight)
            loss += against
        return loss

    def real(self, batch):
        """The batch's values as the discriminators take them, blank where missing."""
        values = blank_missing(batch, batch["present"])
        words = ops.one_hot(values[self.text], len(self.modalities[self.text].vocabulary), dtype="float32")
        return values | {self.text: words}

    def penalised(self, batch, made):
        rows, latent = tf.shape(batch["row"])[0], made["latents"]["both"]

        def score(values):
            return sum(judge({name: values[name], "latent": latent}) for name, judge in self.discriminators.items())

        real = {name: value for name, value in self.real(batch).items() if name in self.processors}
        return real, {name: made["drawn"][name][name][:rows] for name in real}, score

    # Generation --------------------------------------------------------------------------------------------------

    def sample(self, given, present, to, noise, temperature=0.0, latent_temperature=None):
        """See `GenerativeModel.sample`.

        Args:
            temperature: of the words of a sentence; 0 takes the most probable ones.
            latent_temperature: in place of the model's own.
        """
        scale = self.latent_temperature if latent_temperature is None else latent_temperature
        present = {name: present[name] for name in self.input_names}
        z = self.posterior(blank_missing(given, present), present).draw(noise, scale)
        return self.decode(z, to, noise, temperature)

    def get_config(self):
        names = (
            "processors", "encoders", "decoders", "discriminators", "beta", "feature_weight", "text_weight",
            "adversarial_weight", "mismatch_weight", "latent_temperature", "seed",
        )  # fmt: skip
        return {name: getattr(self, name) for name in names}


def _halves(rows):
    """The mean of both halves of the rows: the same examples twice."""
    first, second = ops.split(rows, 2)
    return 0.5 * (first + second)
