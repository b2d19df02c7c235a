"""Any modalities -> any modalities by a mixture-of-experts variational autoencoder."""

from keras import ops

from mmgen_tf.fusion.mixture_of_experts import choose_experts, take_expert
from mmgen_tf.fusion.posterior import MixturePosterior, Posterior
from mmgen_tf.losses.importance_weighting import GradientTap, check_estimator, importance_bound
from mmgen_tf.models.vae.multimodal_vae import MultimodalVAE
from mmgen_tf.registry import register


@register
class MMVAE(MultimodalVAE):
    """q(z | X) is the even mixture of the single posteriors, trained by K importance-weighted samples of each (Shi et
    al. 2019, eq. 5 and section 3.3), with M modalities present:

        1/M sum_i E_{z_1..z_K ~ q(z|x_i)} log 1/K sum_k p(z_k) prod_j p(x_j | z_k) / q(z_k | X)

    Args:
        processors, encoders, decoders, **kwargs: see `MultimodalVAE`.
        num_samples: K.
        estimator: "iwae", or "dreg" for doubly reparameterised gradients (Tucker et al. 2019).
        all_experts: True computes all M terms of the sum, M * M decodings; False draws one of them for each row, which
            has the same mean and costs M decodings.
        family: "laplace" as in the paper, or "normal".

    Reference: Shi, Siddharth, Paige & Torr, Variational Mixture-of-Experts Autoencoders for Multi-Modal Deep Generative
    Models, NeurIPS 2019.
    """

    takes_config = True

    def __init__(
        self, processors, encoders, decoders, num_samples=1, estimator="iwae", all_experts=False, family="laplace",
        **kwargs,
    ):  # fmt: skip
        super().__init__(processors, encoders, decoders, family=family, **kwargs)
        check_estimator(estimator, num_samples)
        self.num_samples, self.estimator, self.all_experts = num_samples, estimator, all_experts

    def posterior(self, values, present):
        return MixturePosterior.of_present(self.family, *self.experts(values), self.here(present))

    # What one expert's samples weigh: MMVAE+ has more to say about each of these three ------------------------------

    def expert_latent(self, z, name, choice, noise):
        """What the decoder of `name` reads of samples `(batch, K, latent)` that the experts `choice` drew."""
        return z

    def expert_log_prior(self, z):
        """log p of samples, `(batch, K)`."""
        return self.log_prior(z)

    def expert_log_posterior(self, z, choice, means, log_variances, here):
        """log q of samples, `(batch, K)`."""
        return MixturePosterior.of_present(self.family, means, log_variances, here).log_density(z)

    # Training ----------------------------------------------------------------------------------------------------

    def compute_losses(self, batch, noise, training=False):
        present, (values, seen) = batch["present"], self.values_of(batch, noise, training)
        here = self.here(present)
        experts = self.experts(seen, training)
        if not self.all_experts:
            bound, kl = self.expert_bound(choose_experts(here, noise), experts, values, present, noise, training)
            return {"loss": -bound, "elbo": bound, "kl": kl}
        nobody = ops.zeros_like(ops.cast(here[0], "int32"))
        terms = [
            self.expert_bound(nobody + i, experts, values, present, noise, training)
            for i in range(len(self.processors))
        ]
        count = ops.maximum(ops.sum(ops.cast(here, "float32"), axis=0), 1.0)
        bound, kl = (
            sum(ops.where(here[i], term, 0.0) for i, term in enumerate(rows)) / count
            for rows in zip(*terms, strict=True)
        )
        return {"loss": -bound, "elbo": bound, "kl": kl}

    def expert_bound(self, choice, experts, values, present, noise, training):
        """Bound and divergence, each `(batch,)`, from K samples of the expert that `choice (batch,)` names."""
        samples = self.num_samples
        drawn = Posterior(self.family, *(take_expert(values_, choice) for values_ in experts))
        tap = GradientTap() if self.estimator == "dreg" else None
        z = drawn.draw(noise, samples=samples)
        z = tap(z) if tap else z
        held = tuple(ops.stop_gradient(e) for e in experts) if tap else experts
        log_q = self.expert_log_posterior(z, choice, *held, self.here(present))
        log_p = self.expert_log_prior(z)
        told = 0.0
        repeated = {name: ops.repeat(values[name], samples, axis=0) for name in self.processors}
        there = {name: ops.repeat(present[name], samples, axis=0) for name in self.processors}
        dropping = noise.stacked(samples) if training else None
        for name in self.processors:
            latent = self.expert_latent(z, name, choice, noise)
            flat = ops.reshape(latent, (-1, latent.shape[-1]))
            told += ops.reshape(self.log_prob(name, flat, repeated, there, dropping), (-1, samples))
        log_weights = told + self.current_beta(training) * (log_p - log_q)
        return importance_bound(log_weights, tap), ops.mean(log_q - log_p, axis=1)

    def get_config(self):
        own = {"num_samples": self.num_samples, "estimator": self.estimator, "all_experts": self.all_experts}
        return super().get_config() | own
