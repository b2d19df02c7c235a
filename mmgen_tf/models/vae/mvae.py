"""Any modalities -> any modalities by a product-of-experts variational autoencoder."""

import itertools

from keras import ops

from mmgen_tf.fusion.posterior import Posterior
from mmgen_tf.fusion.product_of_experts import product_of_experts
from mmgen_tf.losses.divergence import gaussian_kl
from mmgen_tf.models.vae.multimodal_vae import MultimodalVAE
from mmgen_tf.registry import register


@register
class MVAE(MultimodalVAE):
    """One latent vector for all modalities, inferred from whichever are there.

    `q(z | X) = p(z) prod_i q(z | x_i)` over the modalities present (Wu & Goodman 2018, eq. 4), and the loss is the sum
    of negative ELBOs (eq. 3) of the whole set, of each modality alone, and of `random_subsets` random ones (eq. 5):

        ELBO(X) = E_q(z|X) [ sum_i w_i log p(x_i | z) ] - beta KL(q(z | X) || p(z))

    Rows may lack modalities: these have no expert and no term.

    Args:
        processors, encoders, decoders, weights, beta, warmup_steps, latent_temperature, latent_sampler, seed: see
            `MultimodalVAE`.
        random_subsets: number of random subsets in each step, for three modalities and more.
        cross_weights: dict of name -> weight of reconstructing that modality in the terms whose subset lacks it, 0
            where not named, as in the paper. Above 0 such a term bounds log p of the larger set (as in Shi et al.
            2019), and modalities cannot settle in latent dimensions of their own.

    Example:
        >>> model = mmgen_tf.zoo.load("mvae_digits")
        >>> model.generate({"text": "a thick seven"}, to="image", num_samples=4, seed=0).shape
        (4, 28, 28, 1)
        >>> model.generate({"image": picture}, to="text")
        'a thick seven leaning left'

    Reference: Wu & Goodman, Multimodal Generative Models for Scalable Weakly-Supervised Learning, NeurIPS 2018.
    """

    def __init__(
        self, processors, encoders, decoders, weights=None, beta=1.0, warmup_steps=0, random_subsets=0,
        cross_weights=None, latent_temperature=1.0, latent_sampler=None, seed=0, **kwargs,
    ):  # fmt: skip
        super().__init__(
            processors, encoders, decoders, weights, beta, warmup_steps, latent_temperature, latent_sampler, seed=seed,
            **kwargs,
        )  # fmt: skip
        self.random_subsets = random_subsets
        self.cross_weights = self.by_modality("cross_weights", cross_weights, 0.0)

    def posterior(self, values, present):
        """The product of the experts that are there and the prior."""
        return Posterior(self.family, *product_of_experts(*self.experts(values), self.here(present)))

    def subsets(self, noise):
        """The terms of the objective, each a mask over modalities: all, each alone, and random ones (tensors)."""
        count = len(self.processors)
        terms = [[True] * count] + [[i == j for j in range(count)] for i in range(count)] * (count > 1)
        proper = [c for c in itertools.product([False, True], repeat=count) if 1 < sum(c) < count]
        for _ in range(self.random_subsets if proper else 0):
            terms.append(ops.take(ops.array(proper), ops.cast(noise.uniform(()) * len(proper), "int32"), axis=0))
        return terms

    def compute_losses(self, batch, noise, training=False):
        present, (values, seen) = batch["present"], self.values_of(batch, noise, training)
        here = self.here(present)
        means, log_variances = self.experts(seen, training)
        terms = self.subsets(noise)
        latents, kls = [], []
        for term in terms:
            mean, log_variance = product_of_experts(means, log_variances, here & ops.expand_dims(term, -1))
            latents.append(mean + ops.exp(0.5 * log_variance) * noise.normal(ops.shape(mean)))
            kls.append(gaussian_kl(mean, log_variance))
        loss = self.current_beta(training) * sum(kls)
        elbo = -kls[0]
        for i, name in enumerate(self.processors):
            cross = self.cross_weights[name]
            using = [t for t, term in enumerate(terms) if cross or not isinstance(term, list) or term[i]]
            if not using:
                continue
            x = ops.concatenate([values[name]] * len(using))
            z = ops.concatenate([latents[t] for t in using])
            rows = self.decoders[name].log_prob(z, x, noise.stacked(len(using)) if training else None)
            rows = ops.split(rows, len(using))
            for t, log_prob in zip(using, rows):
                log_prob = ops.where(present[name], log_prob, 0.0)
                share = ops.where(terms[t][i], 1.0, cross)
                loss = loss - self.loss_weights[name] * share * log_prob
                elbo = elbo + log_prob if t == 0 else elbo
        return {"loss": loss, "elbo": elbo, "kl": kls[0]}

    def get_config(self):
        config = super().get_config() | {"random_subsets": self.random_subsets, "cross_weights": self.cross_weights}
        config.pop("family")
        return config
