"""Any modalities -> any modalities by a mixture over all products of experts."""

from keras import ops

from mmgen_tf.fusion.mixture_of_experts import choose_experts, take_expert
from mmgen_tf.fusion.mixture_of_products import products_of_subsets, subset_masks
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

    In training each row draws `draws` of the subsets it has, so that as many decodings serve the whole mixture; the
    gradient is that of the mixture in expectation. `generate` takes the product of all that is given.

    With a `private_dim`, only a part u is shared, and modality i has a part w_i of its own for what the others cannot
    tell (whose hand, whose voice): with a single latent, that would be decoded as the mean of all possibilities. Subset
    S then stands for q(u | X_S) prod_{i in S} q(w_i | x_i) prod_{j not in S} p(w_j), so that a modality is told from
    the others through u alone (after Palumbo et al. 2023; modality-specific subspaces are of Sutter et al. 2020).

    Args:
        processors, encoders, decoders, **kwargs: see `MultimodalVAE`.
        prior_expert: whether each product holds the prior as an expert.
        draws: subsets that each row draws in a step of training.
        private_dim: length of each w_i, taken from the encoders' width; 0 for none.
        private_beta: weight of the private divergences.
        cross_weights: dict of name -> weight of reconstructing that modality where the drawn subset lacks it; 1 where
            not named, as in the paper. With less, a subset need not tell the others' means: what it cannot know may
            stay as in the prior, and is drawn.

    Reference: Sutter, Daunhawer & Vogt, Generalized Multimodal ELBO, ICLR 2021.
    """

    def __init__(
        self, processors, encoders, decoders, prior_expert=True, draws=1, private_dim=0, private_beta=1.0,
        cross_weights=None, **kwargs,
    ):  # fmt: skip
        super().__init__(processors, encoders, decoders, **kwargs)
        self.split_latent(private_dim, least=0)
        self.prior_expert, self.draws, self.private_beta = prior_expert, draws, private_beta
        self.cross_weights = self.by_modality("cross_weights", cross_weights, 1.0)

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
        subsets = products_of_subsets(*self.shared_experts(experts), here, self.prior_expert)
        kls = ops.where(subsets[-1], gaussian_kl(*subsets[:2]), 0.0)
        kl = ops.sum(kls, axis=0) / ops.maximum(ops.sum(ops.cast(subsets[-1], "float32"), axis=0), 1.0)
        drawn = [self.one_draw(subsets, experts, here, values, present, noise, training) for _ in range(self.draws)]
        told, log_prob, private_kl = (sum(rows) / self.draws for rows in zip(*drawn, strict=True))
        loss = self.current_beta(training) * kl + self.private_beta * private_kl - told
        return {"loss": loss, "elbo": log_prob - kl - private_kl, "kl": kl + private_kl}

    def one_draw(self, subsets, experts, here, values, present, noise, training):
        """Each row from one subset of its own: log p(X | z) with `cross_weights` and without, and the private
        divergences, `(batch,)` each."""
        means, log_variances, available = subsets
        choice = choose_experts(available, noise)
        shared = Posterior(self.family, take_expert(means, choice), take_expert(log_variances, choice))
        members = ops.transpose(ops.take(subset_masks(len(self.processors)), choice, axis=0))
        privates = self.private_posteriors(experts, ops.logical_and(here, members))
        z = JoinedPosterior([shared, *privates]).draw(noise)
        told, log_prob = 0.0, 0.0
        for i, name in enumerate(self.processors):
            latent = self.decoder_latents(z, name)
            rows = self.log_prob(name, latent, values, present, noise if training else None)
            told += ops.where(members[i], 1.0, self.cross_weights[name]) * rows
            log_prob += rows
        return told, log_prob, sum(gaussian_kl(*private.moments()) for private in privates) + ops.zeros_like(told)

    def get_config(self):
        names = ("prior_expert", "draws", "private_dim", "private_beta", "cross_weights")
        return super().get_config() | {name: getattr(self, name) for name in names}
