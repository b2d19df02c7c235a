"""What the kinds with a joint encoder share: one network that sees everything, and one for each modality alone."""

from keras import ops

from mmgen_tf.fusion.posterior import Posterior
from mmgen_tf.fusion.product_of_experts import product_of_experts
from mmgen_tf.losses.divergence import gaussian_kl
from mmgen_tf.models.vae.multimodal_vae import MultimodalVAE


class JointEncoderVAE(MultimodalVAE):
    """q(z | X) of complete rows is a network of its own; of incomplete ones, a product of single-modality posteriors.

    Training needs complete rows.

    Args:
        joint_encoder: layer from a dict of tensors to `(mean, log_variance)`: `GaussianEncoder(JoinedNetworks(...))`.
        *args, **kwargs: of `MultimodalVAE`.
    """

    takes_config = True

    def __init__(self, processors, encoders, decoders, joint_encoder, **kwargs):
        super().__init__(processors, encoders, decoders, complete=list(processors), **kwargs)
        self.joint_encoder = joint_encoder

    def extra_parts(self):
        return [*super().extra_parts(), self.joint_encoder]

    def posterior(self, values, present):
        here = self.here(present)
        complete = ops.all(here, axis=0)[:, None]
        alone = product_of_experts(*self.experts(values), here)
        together = self.joint_encoder({name: values[name] for name in self.processors})
        mean, log_variance = (ops.where(complete, a, b) for a, b in zip(together, alone, strict=True))
        return Posterior(self.family, mean, log_variance)

    def joint_terms(self, batch, noise, training):
        """`values_of`, and the joint ELBO's parts per row: the posterior, a draw from it, log p(X | z) and KL."""
        values, seen = self.values_of(batch, noise, training)
        posterior = Posterior(
            self.family, *self.joint_encoder({name: seen[name] for name in self.processors}, training=training)
        )
        z = posterior.draw(noise)
        log_prob = self.reconstruction(z, values, batch["present"], noise if training else None)
        return (values, seen), posterior, z, log_prob, gaussian_kl(*posterior.moments())

    def get_config(self):
        return super().get_config() | {"joint_encoder": self.joint_encoder}
