"""Given modalities -> one modality by a conditional variational autoencoder."""

from keras import ops

from mmgen_tf.fusion.posterior import Posterior
from mmgen_tf.losses.divergence import gaussian_kl_between
from mmgen_tf.losses.latent_family import latent_family
from mmgen_tf.metrics.log_likelihood import importance_weighted
from mmgen_tf.models.generative_model import GenerativeModel
from mmgen_tf.registry import register


@register
class CVAE(GenerativeModel):
    """p(x | C) = integral p(z | C) p(x | z, C) of one modality x given all others C (Sohn et al. 2015, eq. 4):

        E_q(z|x,C) [ log p(x | z, C) ] - beta KL(q(z|x,C) || p(z|C))

    Args:
        processors: dict of name -> `Processor`.
        output: name of the modality that is made; all others are conditions and required.
        encoder: layer from a dict of all tensors to `(mean, log_variance)`: `GaussianEncoder(JoinedNetworks(...))`.
        condition: layer from a dict of the conditions' tensors to a vector: `JoinedNetworks(...)`.
        decoder: layer with `log_prob` and `draw` that reads z and the condition's vector, joined.
        prior: None for N(0, 1), or a layer from the conditions to `(mean, log_variance)` of p(z | C).
        beta: weight of the divergence.
        seed: of initial noise streams and shuffling.

    Reference: Sohn, Lee & Yan, Learning Structured Output Representation using Deep Conditional Generative Models,
    NeurIPS 2015.
    """

    loss_names = ("loss", "elbo", "kl")

    def __init__(self, processors, output, encoder, condition, decoder, prior=None, beta=1.0, seed=0, **kwargs):
        if output not in processors or len(processors) < 2:
            raise ValueError(
                f"output must be one of at least two modalities {sorted(processors)}; received {output!r}."
            )
        conditions = [name for name in processors if name != output]
        super().__init__(
            processors, inputs=conditions, outputs=[output], requires=conditions, complete=list(processors), seed=seed,
            **kwargs,
        )  # fmt: skip
        self.output_modality, self.beta, self.family = output, beta, latent_family("normal")
        self.encoder, self.condition, self.decoder, self.prior = encoder, condition, decoder, prior
        self.latent_dim = encoder.latent_dim

    def build(self, input_shape=None):
        for part in (self.encoder, self.condition, self.decoder, self.prior):
            if part is not None:
                part.build()
        self.built = True

    def prior_of(self, values):
        """p(z | C) as a `Posterior`."""
        if self.prior is None:
            nothing = ops.zeros((ops.shape(values[self.input_names[0]])[0], self.latent_dim))
            return Posterior(self.family, nothing, nothing)
        return Posterior(self.family, *self.prior({name: values[name] for name in self.input_names}))

    def joined(self, z, values):
        """What the decoder reads: z and the condition's vector, `(batch, latent + condition)`."""
        return ops.concatenate([z, self.condition({name: values[name] for name in self.input_names})], axis=-1)

    def compute_losses(self, batch, noise, training=False):
        values = {name: batch[name] for name in self.processors}
        posterior, prior = Posterior(self.family, *self.encoder(values, training=training)), self.prior_of(values)
        seen = self.joined(posterior.draw(noise), values)
        log_prob = self.decoder.log_prob(seen, values[self.output_modality], noise if training else None)
        kl = gaussian_kl_between(*posterior.moments(), *prior.moments())
        return {"loss": self.beta * kl - log_prob, "elbo": log_prob - kl, "kl": kl}

    def sample(self, given, present, to, noise, temperature=0.0, latent_temperature=1.0):
        z = self.prior_of(given).draw(noise, latent_temperature)
        return {self.output_modality: self.decoder.draw(self.joined(z, given), noise, temperature)}

    def log_likelihood(self, batch, noise, num_samples=100):
        """Importance-weighted log p(x | C) per row, in nats (Burda et al. 2016, eq. 8). ValueError if K < 1."""
        if num_samples < 1:
            raise ValueError(f"num_samples must be at least 1; received {num_samples}.")
        values = {name: batch[name] for name in self.processors}
        posterior = Posterior(self.family, *self.encoder(values))
        z = posterior.draw(noise, samples=num_samples)
        repeated = {name: ops.repeat(value, num_samples, axis=0) for name, value in values.items()}
        seen = self.joined(ops.reshape(z, (-1, self.latent_dim)), repeated)
        log_prob = ops.reshape(self.decoder.log_prob(seen, repeated[self.output_modality]), (-1, num_samples))
        return importance_weighted(log_prob + self.prior_of(values).log_density(z) - posterior.log_density(z), axis=1)

    def get_config(self):
        return {
            "processors": self.processors,
            "output": self.output_modality,
            "encoder": self.encoder,
            "condition": self.condition,
            "decoder": self.decoder,
            "prior": self.prior,
            "beta": self.beta,
            "seed": self.seed,
        }
