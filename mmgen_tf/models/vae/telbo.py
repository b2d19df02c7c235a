"""Any modalities -> any modalities by three evidence bounds."""

from mmgen_tf.fusion.posterior import Posterior
from mmgen_tf.layers.frozen import frozen
from mmgen_tf.losses.divergence import gaussian_kl
from mmgen_tf.models.vae.joint_encoder_vae import JointEncoderVAE
from mmgen_tf.registry import register


@register
class TELBO(JointEncoderVAE):
    """The triple ELBO (Vedantam et al. 2018, eq. 2), here for any number of modalities:

        ELBO(X) + sum_i { gamma_i E_q(z|x_i) [ log p(x_i | z) ] - KL(q(z|x_i) || p(z)) }

    The single-modality bounds teach their encoders only: decoders are held fixed in them, so that they learn from the
    joint bound alone, as in the paper's second stage; here both stages run at once.

    Args:
        processors, encoders, decoders, joint_encoder: see `JointEncoderVAE`.
        single_weights: dict of name -> gamma_i; 1 where not named.
        **kwargs: weights, beta, warmup_steps and the rest of `MultimodalVAE`.

    Reference: Vedantam, Fischer, Huang & Murphy, Generative Models of Visually Grounded Imagination, ICLR 2018.
    """

    def __init__(self, processors, encoders, decoders, joint_encoder, single_weights=None, **kwargs):
        super().__init__(processors, encoders, decoders, joint_encoder, **kwargs)
        self.single_weights = self.by_modality("single_weights", single_weights, 1.0)

    def compute_losses(self, batch, noise, training=False):
        (values, seen), _, _, log_prob, kl = self.joint_terms(batch, noise, training)
        beta = self.current_beta(training)
        loss = beta * kl - log_prob
        for name, encoder in self.encoders.items():
            alone = Posterior(self.family, *encoder(seen[name], training=training))
            with frozen(self.decoders[name]):
                told = self.log_prob(name, alone.draw(noise), values, batch["present"], noise if training else None)
            loss += beta * gaussian_kl(*alone.moments()) - self.single_weights[name] * told
        return {"loss": loss, "elbo": log_prob - kl, "kl": kl}

    def get_config(self):
        return super().get_config() | {"single_weights": self.single_weights}
