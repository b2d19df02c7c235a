"""Any modalities -> any modalities by a hierarchy: each modality's own latent, and one above that joins them."""

from keras import ops

from mmgen_tf.fusion.posterior import Posterior
from mmgen_tf.layers.dense_network import DenseNetwork
from mmgen_tf.losses.divergence import gaussian_kl
from mmgen_tf.models.vae.multimodal_vae import MultimodalVAE
from mmgen_tf.registry import register


@register
class Nexus(MultimodalVAE):
    """A VAE for each modality, whose latents z_i send messages to a shared latent s above (Vasco et al. 2022, eq. 5-8):

        sum_i { E_q(z_i|x_i) [ w_i log p(x_i | z_i) ] - bottom_beta KL(q(z_i|x_i) || p(z_i)) }
            + E_q(s|Z) [ gamma sum_i log N(z_i; d_i(s), 1) ] - beta KL(q(s|Z) || p(s))

    q(s|Z) reads the mean of the messages of the modalities that are there. In training, each row drops a random subset
    of its messages with probability `message_dropout` (forced perceptual dropout), so that few suffice. The upper level
    does not teach the lower: z_i is held fixed in it.

    Args:
        processors, encoders, decoders: see `MultimodalVAE`; they are of the lower level.
        top_dim: length of s, the latent that `encode` and `decode` speak of.
        message_dim: length of a message.
        hidden_dim: width of the hidden layer of each upper network.
        bottom_beta: weight of the lower divergences.
        gamma: weight of telling z_i from s.
        message_dropout: probability, in [0, 1].
        **kwargs: of `MultimodalVAE`.

    Reference: Vasco, Yin, Melo & Paiva, Leveraging Hierarchy in Multimodal Generative Models for Effective
    Cross-Modality Inference, Neural Networks 2022.
    """

    def __init__(
        self, processors, encoders, decoders, top_dim=32, message_dim=64, hidden_dim=128, bottom_beta=1.0, gamma=1.0,
        message_dropout=0.5, **kwargs,
    ):  # fmt: skip
        super().__init__(processors, encoders, decoders, **kwargs)
        self.bottom_dim, self.latent_dim = self.latent_dim, top_dim
        self.top_dim, self.message_dim, self.hidden_dim = top_dim, message_dim, hidden_dim
        self.bottom_beta, self.gamma, self.message_dropout = bottom_beta, gamma, message_dropout

        names, hidden = list(self.processors), (hidden_dim,)
        self.message_networks = {n: DenseNetwork(self.bottom_dim, hidden, message_dim) for n in names}
        self.top_decoders = {n: DenseNetwork(top_dim, hidden, self.bottom_dim) for n in names}
        self.top_encoder = DenseNetwork(message_dim, hidden, 2 * top_dim)

    def extra_parts(self):
        upper = (*self.message_networks.values(), *self.top_decoders.values(), self.top_encoder)
        return [*super().extra_parts(), *upper]

    def top_posterior(self, latents, here):
        """q(s | Z) of lower latents `(modalities, batch, bottom)` and masks; the prior where none is there."""
        told = [self.message_networks[name](latents[i]) for i, name in enumerate(self.processors)]
        share = ops.cast(here, "float32")[..., None]
        count = ops.sum(share, axis=0)
        message = ops.sum(share * ops.cast(ops.stack(told), "float32"), axis=0) / ops.maximum(count, 1.0)
        mean, log_variance = ops.split(ops.cast(self.top_encoder(message), "float32"), 2, axis=-1)
        return Posterior(
            self.family, ops.where(count > 0.0, mean, 0.0), ops.where(count > 0.0, log_variance, 0.0)
        )  # fmt: skip

    def posterior(self, values, present):
        return self.top_posterior(self.experts(values)[0], self.here(present))

    def decoder_latents(self, z, name):
        return ops.cast(self.top_decoders[name](z), "float32")

    def kept_messages(self, here, noise):
        """Masks `(modalities, batch)` after forced perceptual dropout; every row keeps at least one it had."""
        draws = noise.uniform((ops.shape(here)[1], len(self.processors) + 2))
        priority = ops.where(ops.transpose(here), draws[:, 2:], 2.0)
        rank = ops.sum(ops.cast(priority[:, None, :] < priority[:, :, None], "int32"), axis=-1)
        size = 1 + ops.cast(draws[:, 1] * (len(self.processors) - 1), "int32")
        dropping = draws[:, 0] < self.message_dropout
        return here & (ops.transpose(rank < size[:, None]) | ops.logical_not(dropping))

    def compute_losses(self, batch, noise, training=False):
        present, (values, seen) = batch["present"], self.values_of(batch, noise, training)
        here = self.here(present)
        means, log_variances = self.experts(seen, training)
        beta, loss, latents = self.current_beta(training), 0.0, []
        for i, name in enumerate(self.processors):
            alone = Posterior(self.family, means[i], log_variances[i])
            latents.append(alone.draw(noise))
            told = self.log_prob(name, latents[-1], values, present, noise if training else None)
            kl = ops.where(here[i], gaussian_kl(*alone.moments()), 0.0)
            loss += self.bottom_beta * kl - told
        held = ops.stop_gradient(ops.stack(latents))
        top = self.top_posterior(held, self.kept_messages(here, noise) if training else here)
        s, kl = top.draw(noise), gaussian_kl(*top.moments())
        for i, name in enumerate(self.processors):
            miss = 0.5 * ops.sum(ops.square(held[i] - self.decoder_latents(s, name)), axis=-1)
            loss += self.gamma * ops.where(here[i], miss, 0.0)
        told = self.reconstruction(ops.stop_gradient(s), values, present) if not training else -loss
        return {"loss": loss + beta * kl, "elbo": told - kl, "kl": kl}

    def get_config(self):
        names = ("top_dim", "message_dim", "hidden_dim", "bottom_beta", "gamma", "message_dropout")
        return super().get_config() | {name: getattr(self, name) for name in names}
