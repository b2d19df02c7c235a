"""Latent vectors with a part that all modalities share and a part private to each."""

from keras import ops

from mmgen_tf.fusion.posterior import Posterior


class PrivateLatents:
    """Mixin of a `MultimodalVAE` whose flat latent vector is u, then w_1, w_2, .. of the modalities in sorted order.

    Encoder i gives u and w_i, decoder i reads u and w_i. `generate` keeps a given modality's own w_i, and a latent
    sampler draws u alone.
    """

    def split_latent(self, private_dim, least=1):
        """Sets the widths: w_i has `private_dim`, u the rest of what the encoders give.

        Raises:
            ValueError: if `private_dim` is below `least` or leaves nothing to share.
        """
        width = self.latent_dim
        if not least <= private_dim < width:
            raise ValueError(
                f"private_dim must lie between {least - 1} and the encoders' width {width}; received {private_dim}."
            )
        self.private_dim, self.shared_dim = private_dim, width - private_dim
        self.latent_dim = self.shared_dim + private_dim * len(self.processors)

    @property
    def sampled_dim(self):
        return self.shared_dim

    def place(self, name):
        """The number of a modality in sorted order."""
        return list(self.processors).index(name)

    def private_slice(self, name):
        """Where the flat latent vector holds w of modality `name`."""
        start = self.shared_dim + self.place(name) * self.private_dim
        return slice(start, start + self.private_dim)

    def decoder_latents(self, z, name):
        if not self.private_dim:
            return z
        return ops.concatenate([z[..., : self.shared_dim], z[..., self.private_slice(name)]], axis=-1)

    def private_posteriors(self, experts, here):
        """q(w_i | x_i) of each modality, the standard prior where it is missing; none without such parts.

        Args:
            experts: means and log-variances `(modalities, batch, shared + private)`.
            here: bool `(modalities, batch)`.
        """
        if not self.private_dim:
            return []
        return [
            Posterior(
                self.family, *(ops.where(here[i][:, None], part[i, :, self.shared_dim :], 0.0) for part in experts)
            )
            for i in range(len(self.processors))
        ]

    def shared_experts(self, experts):
        """The u part of the experts' means and log-variances."""
        return tuple(part[..., : self.shared_dim] for part in experts)
