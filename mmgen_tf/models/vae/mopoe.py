"""Any modalities -> any modalities by a mixture over all products of experts."""

from keras import ops

from mmgen_tf.fusion.mixture_of_experts import choose_experts, take_expert
from mmgen_tf.fusion.mixture_of_products import products_of_subsets
from mmgen_tf.fusion.posterior import JoinedPosterior, Posterior
from mmgen_tf.fusion.product_of_experts import product_of_experts
from mmgen_tf.losses.divergence import gaussian_kl
from mmgen_tf.models.vae.multimodal_vae import MultimodalVAE
from mmgen_tf.models.vae.private_latents import PrivateLatents
from mmgen_tf.registry import register


@register
class MoPoE(PrivateLatents, MultimodalVAE):
    """q(z | X) is an even mixture of the products of experts of all subsets of X (Sutter et al. 2021, eq. 5-7):

        E_q(z|X) [ sum_i w_i log p(x_i | z) ] - beta / |S| sum_S KL(q(z | X_S) || p(z))

    In training each row draws its subset, one of those it has, so that one decoding serves the whole mixture; the
    gradient is that of the mixture in expectation. `generate` takes the product of all that is given.

    With a `private_dim` the mixture is over a shared part u, and each modality adds a part w_i of its own, with the
    divergence private_beta KL(q(w_i | x_i) || p(w_i)): what the others cannot tell (whose hand, whose voice) is then
    drawn, where a single latent would decode the mean of all possibilities (modality-specific subspaces, Sutter et al.
    2020).

    Args:
        processors, encoders, decoders, **kwargs: see `MultimodalVAE`.
        prior_expert: whether each product holds the prior as an expert.
        private_dim: length of each w_i, taken from the encoders' width; 0 for none.
        private_beta: weight of the private divergences.

    Reference: Sutter, Daunhawer & Vogt, Generalized Multimodal ELBO, ICLR 2021.
    """

    def __init__(
        self, processors, encoders, decoders, prior_expert=True, private_dim=0, private_beta=1.0, **kwargs
    ):  # fmt: skip
        super().__init__(processors, encoders, decoders, **kwargs)
        self.split_latent(private_dim, least=0)
        self.prior_expert, self.private_beta = prior_expert, private_beta

    def posterior(self, values, present):
        """The product of the experts that are there; a row without any has the prior."""
        experts, here = self.experts(values), self.here(present)
        mean, log_variance = product_of_experts(*self.shared_experts(experts), here, self.prior_expert)
        some = ops.any(here, axis=0)[:, None]
        shared = Posterior(self.family, ops.where(some, mean, 0.0), ops.where(some, log_variance, 0.0))
        return JoinedPosterior([shared, *self.private_posteriors(experts, here)])

    def compute_losses(self, batch, noise, training=False):
        present, values = batch["present"], self.values_of(batch, noise, training)
        experts, here = self.experts(values, training), self.here(present)
        means, log_variances, available = products_of_subsets(*self.shared_experts(experts), here, self.prior_expert)
        choice = choose_experts(available, noise)
        shared = Posterior(self.family, take_expert(means, choice), take_expert(log_variances, choice))
        privates = self.private_posteriors(experts, here)
        z = JoinedPosterior([shared, *privates]).draw(noise)
        log_prob = self.reconstruction(z, values, present, noise if training else None)
        kls = ops.where(available, gaussian_kl(means, log_variances), 0.0)
        kl = ops.sum(kls, axis=0) / ops.maximum(ops.sum(ops.cast(available, "float32"), axis=0), 1.0)
        private_kl = sum(gaussian_kl(*private.moments()) for private in privates)
        loss = self.current_beta(training) * kl + self.private_beta * private_kl - log_prob
        return {"loss": loss, "elbo": log_prob - kl - private_kl, "kl": kl + private_kl}

    def get_config(self):
        own = {
            "prior_expert": self.prior_expert, "private_dim": self.private_dim, "private_beta": self.private_beta
        }  # fmt: skip
        return super().get_config() | own
