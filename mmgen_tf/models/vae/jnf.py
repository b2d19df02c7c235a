"""Any modalities -> any modalities by normalising flows fitted to a joint posterior."""

from keras import ops

from mmgen_tf.fusion.posterior import Posterior
from mmgen_tf.models.vae.joint_encoder_vae import JointEncoderVAE
from mmgen_tf.noise import Noise
from mmgen_tf.registry import register


@register
class JNF(JointEncoderVAE):
    """A joint VAE whose single-modality posteriors are normalising flows over Gaussians (Senellart et al. 2023, eq.
    5-6):

        ELBO(X) + sum_i E_q(z|X) log q(z|x_i),    q(z|x_i) = N(f_i(z); mean_i(x_i), variance_i(x_i)) |det df_i/dz|

    The second term teaches encoders and flows only (z is held fixed in it), as in the paper's second stage; here both
    stages run at once. Several modalities, not all, are inferred by `prod_i q(z|x_i) / p(z)^(n-1)`, drawn by
    importance resampling of `candidates` draws from the single posteriors, where the paper runs a Markov chain.

    Args:
        processors, encoders, decoders, joint_encoder: see `JointEncoderVAE`.
        flows: dict of name -> layer with `forward(z)` giving `(u, log_det)` and `inverse(u)`, see `LatentFlow`.
        candidates: draws that one inference from several modalities chooses from.
        **kwargs: of `MultimodalVAE`.

    Reference: Senellart, Chadebec & Allassonniere, Improving Multimodal Joint Variational Autoencoders through
    Normalizing Flows and Correlation Analysis, 2023.
    """

    def __init__(self, processors, encoders, decoders, joint_encoder, flows, candidates=16, **kwargs):
        super().__init__(processors, encoders, decoders, joint_encoder, **kwargs)
        if sorted(flows) != list(self.processors):
            raise ValueError(f"flows must be keyed by {list(self.processors)}; received {sorted(flows)}.")
        self.flows, self.candidates = dict(sorted(flows.items())), candidates
        for flow in self.flows.values():
            flow.trainable = True

    def extra_parts(self):
        return [*super().extra_parts(), *self.flows.values()]

    def posterior(self, values, present):
        joint = Posterior(self.family, *self.joint_encoder({name: values[name] for name in self.processors}))
        singles = [
            FlowPosterior(self.family, *self.encoders[name](values[name]), self.flows[name]) for name in self.processors
        ]
        return SubsetPosterior(joint, singles, self.here(present), self.candidates)

    def compute_losses(self, batch, noise, training=False):
        (_, seen), _, z, log_prob, kl = self.joint_terms(batch, noise, training)
        z = ops.stop_gradient(z)
        loss = self.current_beta(training) * kl - log_prob
        for name, encoder in self.encoders.items():
            loss -= FlowPosterior(self.family, *encoder(seen[name], training=training), self.flows[name]).log_density(z)
        return {"loss": loss, "elbo": log_prob - kl, "kl": kl}

    def get_config(self):
        return super().get_config() | {"flows": self.flows, "candidates": self.candidates}


class FlowPosterior:
    """A Gaussian seen through a flow; for `(rows, latent)` vectors."""

    def __init__(self, family, mean, log_variance, flow):
        self.base, self.flow = Posterior(family, mean, log_variance), flow

    def draw(self, noise, scale, samples):
        """Draws `(batch, samples, latent)`."""
        u = self.base.draw(noise, scale, samples)
        return ops.reshape(self.flow.inverse(ops.reshape(u, (-1, u.shape[-1]))), ops.shape(u))

    def log_density(self, z):
        """log q(z | x_i), `(batch,)` or `(batch, samples)`."""
        u, log_det = self.flow.forward(ops.reshape(z, (-1, z.shape[-1])))
        return self.base.log_density(ops.reshape(u, ops.shape(z))) + ops.reshape(log_det, ops.shape(z)[:-1])


class SubsetPosterior:
    """The joint posterior of complete rows, products of flows of the others, the prior of empty ones."""

    def __init__(self, joint, singles, here, candidates):
        self.joint, self.singles, self.here, self.candidates = joint, singles, here, candidates
        self.complete, self.some = ops.all(here, axis=0), ops.any(here, axis=0)

    def moments(self):
        """Of complete rows the joint posterior's; of others those of 64 weighted draws, the same in every call."""
        z, log_weights = self._weighted(Noise(0), 1.0, 64)
        share = ops.softmax(log_weights, axis=1)[..., None]
        mean = ops.sum(share * z, axis=1)
        variance = ops.sum(share * ops.square(z - mean[:, None]), axis=1)
        pairs = zip((mean, ops.log(variance + 1e-6)), self.joint.moments(), strict=True)
        return tuple(
            ops.where(self.complete[:, None], together, ops.where(self.some[:, None], alone, 0.0))
            for alone, together in pairs
        )

    def draw(self, noise, scale=1.0, samples=None):
        count = 1 if samples is None else samples
        z, log_weights = self._weighted(noise, scale, self.candidates * count)
        shape = (ops.shape(z)[0], count, self.candidates)
        scores = ops.reshape(log_weights, shape) + noise.gumbel(shape)
        chosen = ops.one_hot(ops.argmax(scores, axis=-1), self.candidates, dtype=z.dtype)
        z = ops.einsum("bkc,bkcl->bkl", chosen, ops.reshape(z, (*shape, z.shape[-1])))
        together = self.joint.draw(noise, scale, count)
        empty = scale * noise.normal(tuple(ops.shape(z)))
        z = ops.where(self.some[:, None, None], z, empty)
        z = ops.where(self.complete[:, None, None], together, z)
        return z[:, 0] if samples is None else z

    def log_density(self, z):
        """Exact for complete rows and single modalities; else normalised by the importance weights of 64 draws."""
        _, log_weights = self._weighted(Noise(0), 1.0, 64)
        log_normaliser = ops.logsumexp(log_weights, axis=1) - ops.log(64.0)
        log_normaliser = log_normaliser if len(z.shape) == 2 else log_normaliser[:, None]
        here = self.complete if len(z.shape) == 2 else self.complete[:, None]
        return ops.where(here, self.joint.log_density(z), self._log_product(z)[0] - log_normaliser)

    def _weighted(self, noise, scale, count):
        """Candidates `(batch, count, latent)` of the present experts, and their log importance weights."""
        draws = ops.stack([single.draw(noise, scale, count) for single in self.singles])
        shape = (ops.shape(draws)[1], count, len(self.singles))
        priority = ops.where(ops.transpose(self.here)[:, None], noise.uniform(shape), -1.0)
        choice = ops.one_hot(ops.argmax(priority, axis=-1), len(self.singles), dtype=draws.dtype)
        z = ops.einsum("bke,ebkl->bkl", choice, draws)
        log_product, log_mixture = self._log_product(z)
        return z, log_product - log_mixture

    def _log_product(self, z):
        """log of `prod_i q(z|x_i) / p(z)^(n-1)` and of the even mixture, over the experts that are there."""
        each = ops.stack([single.log_density(z) for single in self.singles])
        here = self.here if len(z.shape) == 2 else self.here[..., None]
        count = ops.sum(ops.cast(here, "float32"), axis=0)
        prior = self.joint.family.log_density(z, ops.zeros_like(z), ops.zeros_like(z))
        log_product = ops.sum(ops.where(here, each, 0.0), axis=0) - (count - 1.0) * prior
        log_mixture = ops.logsumexp(ops.where(here, each, -1e9), axis=0) - ops.log(ops.maximum(count, 1.0))
        return log_product, ops.where(count > 0.0, log_mixture, prior)
