"""Any modalities -> any modalities by a mixture over all products of experts."""

from keras import ops

from mmgen_tf.fusion.mixture_of_experts import choose_experts, take_expert
from mmgen_tf.fusion.mixture_of_products import products_of_subsets
from mmgen_tf.fusion.posterior import Posterior
from mmgen_tf.fusion.product_of_experts import product_of_experts
from mmgen_tf.losses.divergence import gaussian_kl
from mmgen_tf.models.vae.multimodal_vae import MultimodalVAE
from mmgen_tf.registry import register


@register
class MoPoE(MultimodalVAE):
    """q(z | X) is an even mixture of the products of experts of all subsets of X (Sutter et al. 2021, eq. 5-7):

        E_q(z|X) [ sum_i w_i log p(x_i | z) ] - beta / |S| sum_S KL(q(z | X_S) || p(z))

    In training each row draws its subset, one of those it has, so that one decoding serves the whole mixture; the
    gradient is that of the mixture in expectation. `generate` takes the product of all that is given.

    Args:
        processors, encoders, decoders, **kwargs: see `MultimodalVAE`.
        prior_expert: whether each product holds the prior as an expert.

    Reference: Sutter, Daunhawer & Vogt, Generalized Multimodal ELBO, ICLR 2021.
    """

    def __init__(self, processors, encoders, decoders, prior_expert=True, **kwargs):
        super().__init__(processors, encoders, decoders, **kwargs)
        self.prior_expert = prior_expert

    def posterior(self, values, present):
        """The product of the experts that are there; a row without any has the prior."""
        here = self.here(present)
        mean, log_variance = product_of_experts(*self.experts(values), here, self.prior_expert)
        some = ops.any(here, axis=0)[:, None]
        return Posterior(self.family, ops.where(some, mean, 0.0), ops.where(some, log_variance, 0.0))

    def compute_losses(self, batch, noise, training=False):
        present, values = batch["present"], self.values_of(batch, noise, training)
        experts = self.experts(values, training)
        means, log_variances, available = products_of_subsets(*experts, self.here(present), self.prior_expert)
        choice = choose_experts(available, noise)
        mean, log_variance = take_expert(means, choice), take_expert(log_variances, choice)
        z = Posterior(self.family, mean, log_variance).draw(noise)
        log_prob = self.reconstruction(z, values, present, noise if training else None)
        kls = ops.where(available, gaussian_kl(means, log_variances), 0.0)
        kl = ops.sum(kls, axis=0) / ops.maximum(ops.sum(ops.cast(available, "float32"), axis=0), 1.0)
        return {"loss": self.current_beta(training) * kl - log_prob, "elbo": log_prob - kl, "kl": kl}

    def get_config(self):
        return super().get_config() | {"prior_expert": self.prior_expert}
