"""Any modalities -> any modalities by a bound on their total correlation."""

from keras import ops

from mmgen_tf.fusion.posterior import Posterior
from mmgen_tf.fusion.product_of_experts import product_of_experts
from mmgen_tf.losses.divergence import gaussian_kl, gaussian_kl_between
from mmgen_tf.models.vae.multimodal_vae import MultimodalVAE
from mmgen_tf.registry import register


@register
class MVTCAE(MultimodalVAE):
    """The product of experts, kept near each of them (Hwang et al. 2021, eq. 8), with M modalities present:

        (M - alpha) / M  E_q(z|X) [ sum_i w_i log p(x_i | z) ]
            - beta { (1 - alpha) KL(q(z|X) || p(z)) + alpha / M  sum_i KL(q(z|X) || q(z|x_i)) }

    The first divergence is the variational information bottleneck, the second the conditional one, which keeps every
    single posterior able to speak for all.

    Args:
        processors, encoders, decoders, **kwargs: see `MultimodalVAE`.
        alpha: in [0, 1], between the two; 0.9 in the paper.

    Reference: Hwang, Kim, Hong & Kim, Multi-View Representation Learning via Total Correlation Objective, NeurIPS 2021.
    """

    def __init__(self, processors, encoders, decoders, alpha=0.9, **kwargs):
        super().__init__(processors, encoders, decoders, **kwargs)
        if not 0.0 <= alpha <= 1.0:
            raise ValueError(f"alpha must lie in [0, 1]; received {alpha}.")
        self.alpha = alpha

    def posterior(self, values, present):
        """The product of the experts that are there, without the prior; a row without any has the prior."""
        return self.product(*self.experts(values), self.here(present))

    def product(self, means, log_variances, here):
        """`posterior` from the experts."""
        mean, log_variance = product_of_experts(means, log_variances, here, prior=False)
        some = ops.any(here, axis=0)[:, None]
        return Posterior(self.family, ops.where(some, mean, 0.0), ops.where(some, log_variance, 0.0))

    def compute_losses(self, batch, noise, training=False):
        present, (values, seen) = batch["present"], self.values_of(batch, noise, training)
        here = self.here(present)
        means, log_variances = self.experts(seen, training)
        posterior = self.product(means, log_variances, here)
        log_prob = self.reconstruction(posterior.draw(noise), values, present, noise if training else None)
        kl = gaussian_kl(*posterior.moments())
        apart = gaussian_kl_between(*posterior.moments(), means, log_variances)
        apart = ops.sum(ops.where(here, apart, 0.0), axis=0)
        count = ops.maximum(ops.sum(ops.cast(here, "float32"), axis=0), 1.0)
        divergence = (1.0 - self.alpha) * kl + self.alpha / count * apart
        loss = self.current_beta(training) * divergence - (count - self.alpha) / count * log_prob
        return {"loss": loss, "elbo": log_prob - kl, "kl": kl}

    def get_config(self):
        return super().get_config() | {"alpha": self.alpha}
