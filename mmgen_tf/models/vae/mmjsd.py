"""Any modalities -> any modalities by a Jensen-Shannon divergence with a dynamic prior."""

from keras import ops

from mmgen_tf.fusion.mixture_of_experts import choose_experts, take_expert
from mmgen_tf.fusion.posterior import MixturePosterior, Posterior
from mmgen_tf.fusion.product_of_experts import product_of_experts
from mmgen_tf.losses.divergence import gaussian_kl, gaussian_kl_between
from mmgen_tf.models.vae.multimodal_vae import MultimodalVAE
from mmgen_tf.registry import register


@register
class MMJSD(MultimodalVAE):
    """A mixture of experts whose divergence is measured from a prior that all of them make (Sutter et al. 2020, eq. 7):

        E_q(z|X) [ sum_i w_i log p(x_i | z) ]
            - beta / (M + 1) { sum_i KL(q(z|x_i) || f(z|X)) + KL(p(z) || f(z|X)) }

    q(z|X) is the even mixture of the experts that are there, f(z|X) the geometric mean of these and the prior, which
    for Gaussians is a product of experts with exponents 1 / (M + 1). In training each row draws one expert.

    Args:
        processors, encoders, decoders, **kwargs: see `MultimodalVAE`.

    Reference: Sutter, Daunhawer & Vogt, Multimodal Generative Learning Utilizing Jensen-Shannon-Divergence, NeurIPS
        2020.
    """

    def posterior(self, values, present):
        return MixturePosterior.of_present(self.family, *self.experts(values), self.here(present))

    def compute_losses(self, batch, noise, training=False):
        present, (values, seen) = batch["present"], self.values_of(batch, noise, training)
        here = self.here(present)
        means, log_variances = self.experts(seen, training)
        choice = choose_experts(here, noise)
        chosen = Posterior(self.family, take_expert(means, choice), take_expert(log_variances, choice))
        log_prob = self.reconstruction(chosen.draw(noise), values, present, noise if training else None)
        nothing = ops.zeros_like(means[:1])
        means, log_variances = ops.concatenate([means, nothing]), ops.concatenate([log_variances, nothing])
        here = ops.concatenate([here, ops.ones_like(here[:1])])
        share = 1.0 / ops.sum(ops.cast(here, "float32"), axis=0)
        mean, log_variance = product_of_experts(means, log_variances, here, prior=False)
        log_variance = log_variance - ops.log(share)[:, None]  # exponents of 1 / (M + 1) leave the mean as it is
        apart = ops.where(here, gaussian_kl_between(means, log_variances, mean, log_variance), 0.0)
        divergence = share * ops.sum(apart, axis=0)
        kl = gaussian_kl(*chosen.moments())
        return {"loss": self.current_beta(training) * divergence - log_prob, "elbo": log_prob - kl, "kl": kl}
