"""Any modalities -> any modalities by a joint encoder that teaches the single ones."""

from mmgen_tf.losses.divergence import gaussian_kl_between
from mmgen_tf.models.vae.joint_encoder_vae import JointEncoderVAE
from mmgen_tf.registry import register


@register
class JMVAE(JointEncoderVAE):
    """The joint ELBO, and single-modality posteriors drawn towards the joint one (JMVAE-kl, Suzuki et al. 2017, eq. 6):

        E_q(z|X) [ sum_i w_i log p(x_i | z) ] - beta KL(q(z|X) || p(z)) - alpha sum_i KL(q(z|X) || q(z|x_i))

    Where some modalities are missing, `generate` infers z by the product of the experts that are there and the prior.

    Args:
        processors, encoders, decoders, joint_encoder: see `JointEncoderVAE`.
        alpha: weight of the single-modality divergences.
        **kwargs: weights, beta, warmup_steps and the rest of `MultimodalVAE`.

    Reference: Suzuki, Nakayama & Matsuo, Joint Multimodal Learning with Deep Generative Models, 2017.
    """

    def __init__(self, processors, encoders, decoders, joint_encoder, alpha=0.1, **kwargs):
        super().__init__(processors, encoders, decoders, joint_encoder, **kwargs)
        self.alpha = alpha

    def compute_losses(self, batch, noise, training=False):
        (_, seen), posterior, _, log_prob, kl = self.joint_terms(batch, noise, training)
        means, log_variances = self.experts(seen, training)
        apart = sum(
            gaussian_kl_between(*posterior.moments(), means[i], log_variances[i]) for i in range(len(self.processors))
        )
        loss = self.current_beta(training) * (kl + self.alpha * apart) - log_prob
        return {"loss": loss, "elbo": log_prob - kl, "kl": kl}

    def get_config(self):
        return super().get_config() | {"alpha": self.alpha}
