"""Any modalities -> any modalities by a shared and a private part, disentangled."""

from keras import ops

from mmgen_tf.fusion.posterior import JoinedPosterior, Posterior
from mmgen_tf.fusion.product_of_experts import product_of_experts
from mmgen_tf.losses.divergence import gaussian_kl
from mmgen_tf.models.vae.multimodal_vae import MultimodalVAE
from mmgen_tf.models.vae.private_latents import PrivateLatents
from mmgen_tf.registry import register


@register
class DMVAE(PrivateLatents, MultimodalVAE):
    """A shared part u with a product of experts, a private part w_i for each modality (Lee & Pavlovic 2021, eq. 4-6).

    The loss is the negative ELBO with u from the product of all, plus one with u from each single expert, so that every
    modality learns to be told from any other's shared part and its own private one:

        sum over q(u) in { q(u|X), q(u|x_1), .. }:
            E [ sum_i w_i log p(x_i | u, w_i) ] - beta KL(q(u) || p(u)) - private_beta sum_i KL(q(w_i|x_i) || p(w_i))

    Args:
        processors: dict of name -> `Processor`.
        encoders: dict of name -> layer giving `(mean, log_variance)` of u and w_i, joined.
        decoders: dict of name -> layer that reads u and w_i, joined.
        private_dim: length of each w_i; u has the rest of the encoders' width.
        private_beta: weight of the private divergences.
        **kwargs: see `MultimodalVAE`.

    Reference: Lee & Pavlovic, Private-Shared Disentangled Multimodal VAE for Learning of Latent Representations, 2021.
    """

    def __init__(self, processors, encoders, decoders, private_dim=16, private_beta=1.0, **kwargs):
        super().__init__(processors, encoders, decoders, **kwargs)
        self.split_latent(private_dim)
        self.private_beta = private_beta

    def posterior(self, values, present):
        experts, here = self.experts(values), self.here(present)
        shared = Posterior(self.family, *product_of_experts(*self.shared_experts(experts), here))
        return JoinedPosterior([shared, *self.private_posteriors(experts, here)])

    def compute_losses(self, batch, noise, training=False):
        present, (values, seen) = batch["present"], self.values_of(batch, noise, training)
        experts, here = self.experts(seen, training), self.here(present)
        (means, log_variances), privates = self.shared_experts(experts), self.private_posteriors(experts, here)
        joint = Posterior(self.family, *product_of_experts(means, log_variances, here))
        private_kl = sum(gaussian_kl(*private.moments()) for private in privates)
        singles = [Posterior(self.family, means[i], log_variances[i]) for i in range(len(privates))]
        everywhere = ops.ones_like(here[0])
        beta, loss, elbo = self.current_beta(training), 0.0, None
        masks = [everywhere, *(here[i] for i in range(len(privates)))]
        for there, shared in zip(masks, (joint, *singles), strict=True):
            z = JoinedPosterior([shared, *privates]).draw(noise)
            told = self.reconstruction(z, values, present, noise if training else None)
            kl = gaussian_kl(*shared.moments())
            rows = told - beta * kl - self.private_beta * private_kl
            loss -= ops.where(there, rows, 0.0)
            elbo = (told - kl - private_kl, kl + private_kl) if elbo is None else elbo
        return {"loss": loss, "elbo": elbo[0], "kl": elbo[1]}

    def get_config(self):
        return super().get_config() | {"private_dim": self.private_dim, "private_beta": self.private_beta}
