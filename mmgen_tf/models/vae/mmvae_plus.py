"""Any modalities -> any modalities by a mixture of experts with parts that are private to each modality."""

from keras import ops

from mmgen_tf.fusion.mixture_of_experts import take_expert
from mmgen_tf.fusion.posterior import JoinedPosterior, MixturePosterior, Posterior
from mmgen_tf.models.vae.mmvae import MMVAE
from mmgen_tf.models.vae.private_latents import PrivateLatents
from mmgen_tf.registry import register


@register
class MMVAEPlus(PrivateLatents, MMVAE):
    """MMVAE whose latent is a shared part u and a private part w_i for each modality (Palumbo et al. 2023, eq. 5):

        1/M sum_i E log 1/K sum_k  p(u) p(w_i) p(x_i | u, w_i) prod_{j != i} p(x_j | u, r_j)
                                   / { 1/M sum_j q(u|x_j)  q(w_i|x_i) }

    where u, w_i are drawn from expert i and every r_j from an auxiliary prior of modality j, of mean 0 and learnt
    scale: another modality can only be told what is shared. `generate` draws the private part of a modality that is not
    given from that auxiliary prior.

    Args:
        processors: dict of name -> `Processor`.
        encoders: dict of name -> layer giving `(mean, log_variance)` of u and w_i, joined: width `latent_dim`.
        decoders: dict of name -> layer that reads u and w_i, joined.
        private_dim: length of each w_i; u has the rest of the encoders' width.
        learn_auxiliary: whether the scales of the auxiliary priors are learnt.
        **kwargs: of `MMVAE`.

    Reference: Palumbo, Daunhawer & Vogt, MMVAE+: Enhancing the Generative Quality of Multimodal VAEs without
    Compromises, ICLR 2023.
    """

    takes_config = True

    def __init__(self, processors, encoders, decoders, private_dim=16, learn_auxiliary=True, **kwargs):
        super().__init__(processors, encoders, decoders, **kwargs)
        self.split_latent(private_dim)
        self.learn_auxiliary = learn_auxiliary

    def build(self, input_shape=None):
        self.auxiliary_log_variance = self.add_weight(
            shape=(len(self.processors), self.private_dim), initializer="zeros", trainable=self.learn_auxiliary,
            name="auxiliary_log_variance",
        )  # fmt: skip
        super().build(input_shape)

    def shared_prior(self):
        """None for the standard distribution, or the components of a mixture, see `MixturePosterior.of_present`."""
        return None

    def shared_posterior(self, means, log_variances, here):
        """q(u | X)."""
        means, log_variances = means[..., : self.shared_dim], log_variances[..., : self.shared_dim]
        return MixturePosterior.of_present(self.family, means, log_variances, here, self.shared_prior())

    def posterior(self, values, present):
        means, log_variances = self.experts(values)
        here = self.here(present)
        parts = [self.shared_posterior(means, log_variances, here)]
        for i in range(len(self.processors)):
            given = here[i][:, None]
            mean = ops.where(given, means[i, :, self.shared_dim :], 0.0)
            spread = ops.where(given, log_variances[i, :, self.shared_dim :], self.auxiliary_log_variance[i])
            parts.append(Posterior(self.family, mean, spread))
        return JoinedPosterior(parts)

    def expert_latent(self, z, name, choice, noise):
        place = self.place(name)
        shared, private = z[..., : self.shared_dim], z[..., self.shared_dim :]
        scale = ops.exp(0.5 * self.auxiliary_log_variance[place])
        elsewhere = scale * self.family.standard((ops.shape(z)[0], self.num_samples, self.private_dim), noise)
        own = ops.equal(choice, place)[:, None, None]
        return ops.concatenate([shared, ops.where(own, private, elsewhere)], axis=-1)

    def expert_log_posterior(self, z, choice, means, log_variances, here):
        shared = self.shared_posterior(means, log_variances, here).log_density(z[..., : self.shared_dim])
        own = (take_expert(values[..., self.shared_dim :], choice) for values in (means, log_variances))
        return shared + Posterior(self.family, *own).log_density(z[..., self.shared_dim :])

    def get_config(self):
        own = {"private_dim": self.private_dim, "learn_auxiliary": self.learn_auxiliary}
        return super().get_config() | own
