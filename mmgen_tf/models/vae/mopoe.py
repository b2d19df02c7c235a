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

    With a `private_dim`, u is shared, and modality i has a part w_i of its own for what the others cannot tell (whose
    hand, whose voice): a single latent would decode the mean of all possibilities. Each w_i is drawn from q(w_i | x_i),
    whichever subset u is drawn from, at the price of private_beta KL(q(w_i | x_i) || p(w_i)) (modality-specific
    subspaces, Sutter et al. 2020).

    Args:
        processors, encoders, decoders, **kwargs: see `MultimodalVAE`.
        prior_expert: whether each product holds the prior as an expert.
        draws: subsets that each row draws in a step of training.
        private_dim: length of each w_i, taken from the encoders' width; 0 for none.
        private_beta: weight of the private divergences.
        cross_weights: dict of name -> weight of reconstructing that modality where the drawn subset lacks it, 1 where
            not named, as in the paper. With 0 a subset need not decode what it cannot know, so that its posterior stays
            as wide as its ignorance, as in `MVAE`, and draws from it differ in place of being all the same mean.

    Reference: Sutter, Daunhawer & Vogt, Generalized Multimodal ELBO, ICLR 2021.
    """

    def __init__(
        self, processors, encoders, decoders, prior_expert=True, draws=1, private_dim=0, private_beta=1.0,
        cross_weights=None, **kwargs,
    ):  # fmt: skip
        super().__init__(processors, encoders, decoders, **kwargs)
        if draws < 1:
            raise ValueError(f"draws must be at least 1; received {draws}.")
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
        present, (values, seen) = batch["present"], self.values_of(batch, noise, training)
        experts, here = self.experts(seen, training), self.here(present)
        means, log_variances, available = products_of_subsets(*self.shared_experts(experts), here, self.prior_expert)
        kls = ops.where(available, gaussian_kl(means, log_variances), 0.0)
        kl = ops.sum(kls, axis=0) / ops.maximum(ops.sum(ops.cast(available, "float32"), axis=0), 1.0)
        privates, log_prob, loss = self.private_posteriors(experts, here), 0.0, self.current_beta(training) * kl
        masks = ops.convert_to_tensor(subset_masks(len(self.processors)))
        for _ in range(self.draws):
            choice = choose_experts(available, noise)
            shared = Posterior(self.family, take_expert(means, choice), take_expert(log_variances, choice))
            z = JoinedPosterior([shared, *privates]).draw(noise)
            drawn = ops.take(masks, choice, axis=0)
            for i, name in enumerate(self.processors):
                z_i = self.decoder_latents(z, name)
                rows = self.log_prob(name, z_i, values, present, noise if training else None) / self.draws
                loss -= rows * ops.where(drawn[:, i], 1.0, self.cross_weights[name])
                log_prob += rows
        private_kl = sum(gaussian_kl(*private.moments()) for private in privates)
        loss += self.private_beta * private_kl
        return {"loss": loss, "elbo": log_prob - kl - private_kl, "kl": kl + private_kl}

    def get_config(self):
        names = ("prior_expert", "draws", "private_dim", "private_beta", "cross_weights")
        return super().get_config() | {name: getattr(self, name) for name in names}
