"""A new model in thirty lines: text -> image by a conditional variational autoencoder."""

from keras import ops

import mmgen_tf
from mmgen_tf.losses.divergence import gaussian_kl


@mmgen_tf.register
class ConditionalVAE(mmgen_tf.GenerativeModel):
    """p(image | text) = E_p(z) p(image | z, text), trained by its ELBO with q(z | image) (Sohn et al. 2015, eq. 4)."""

    loss_names = ("loss", "kl")

    def __init__(self, processors, text_encoder, encoder, decoder, seed=0, **kwargs):
        roles = {"inputs": ["text"], "outputs": ["image"], "requires": ["text"], "complete": ["image", "text"]}
        super().__init__(processors, **roles, seed=seed, **kwargs)
        self.text_encoder, self.encoder, self.decoder = text_encoder, encoder, decoder

    def build(self, input_shape=None):
        for part in (self.text_encoder, self.encoder, self.decoder):
            part.build()
        self.built = True

    def compute_losses(self, batch, noise, training=False):
        mean, log_variance = self.encoder(batch["image"], training=training)
        z = mean + ops.exp(0.5 * log_variance) * noise.normal(ops.shape(mean))
        code = ops.concatenate([z, self.text_encoder(batch["text"])], axis=-1)
        kl = gaussian_kl(mean, log_variance)
        return {"loss": kl - self.decoder.log_prob(code, batch["image"]), "kl": kl}

    def sample(self, given, present, to, noise):
        condition = self.text_encoder(given["text"])
        z = noise.normal((ops.shape(condition)[0], self.encoder.latent_dim))
        return {"image": self.decoder.draw(ops.concatenate([z, condition], axis=-1), noise)}

    def get_config(self):
        names = ("processors", "text_encoder", "encoder", "decoder", "seed")
        return {name: getattr(self, name) for name in names}
