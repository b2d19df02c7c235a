"""Any modalities -> any modalities by single posteriors that are coordinated with the joint one."""

from keras import ops

from mmgen_tf.fusion.posterior import Posterior
from mmgen_tf.fusion.product_of_experts import product_of_experts
from mmgen_tf.losses.divergence import gaussian_kl, gaussian_kl_between
from mmgen_tf.models.vae.multimodal_vae import MultimodalVAE
from mmgen_tf.registry import register


@register
class CRMVAE(MultimodalVAE):
    """Coordination with the joint posterior, and reconstruction from it and from every modality's own (Suzuki & Matsuo
    2023), with M modalities present:

        1 / (M + 1) { 1/2 sum_i w_i ( E_q(z|X) [ log p(x_i | z) ] + E_q(z|x_i) [ log p(x_i | z) ] )
            - beta ( KL(q(z|X) || p(z)) + sum_i KL(q(z|X) || q(z|x_i)) ) }

    q(z|X) is the product of the experts that are there and the prior.

    Args:
        processors, encoders, decoders, **kwargs: see `MultimodalVAE`.

    Reference: Suzuki & Matsuo, Mitigating the Limitations of Multimodal VAEs with Coordination-Based Approach, 2023.
    """

    def posterior(self, values, present):
        return Posterior(self.family, *product_of_experts(*self.experts(values), self.here(present)))

    def compute_losses(self, batch, noise, training=False):
        present, (values, seen) = batch["present"], self.values_of(batch, noise, training)
        here = self.here(present)
        means, log_variances = self.experts(seen, training)
        joint = Posterior(self.family, *product_of_experts(means, log_variances, here))
        dropping = noise if training else None
        told = self.reconstruction(joint.draw(noise), values, present, dropping)
        own = sum(
            self.log_prob(
                name, Posterior(self.family, means[i], log_variances[i]).draw(noise), values, present, dropping
            )
            for i, name in enumerate(self.processors)
        )
        kl = gaussian_kl(*joint.moments())
        apart = ops.where(here, gaussian_kl_between(*joint.moments(), means, log_variances), 0.0)
        count = ops.sum(ops.cast(here, "float32"), axis=0)
        divergence = self.current_beta(training) * (kl + ops.sum(apart, axis=0))
        return {"loss": (divergence - 0.5 * (told + own)) / (count + 1.0), "elbo": told - kl, "kl": kl}
