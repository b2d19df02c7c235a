"""Any modalities -> any modalities, and a cluster for every row, by a mixture prior on what is shared."""

from keras import ops

from mmgen_tf.modality import blank_missing
from mmgen_tf.models.vae.mmvae_plus import MMVAEPlus
from mmgen_tf.registry import register


@register
class CMVAE(MMVAEPlus):
    """MMVAE+ with clusters c in the shared part: `p(u) = sum_c p(c) p(u | c)` (Palumbo et al. 2024, eq. 4).

    With q(c | u) = p(c | u), its best choice, the expectation over c in the bound is log p(u) itself. Weights and
    centres of the clusters are learnt, their variance is 1.

    Args:
        processors, encoders, decoders, private_dim, **kwargs: see `MMVAEPlus`.
        clusters: number of components.

    `cluster(batch)` tells the most probable component of each row.

    Reference: Palumbo, Manduchi, Laguna, Chopard & Vogt, Deep Generative Clustering with Multimodal Diffusion
    Variational Autoencoders, ICLR 2024 (the clustering MVAE, without the diffusion decoder).
    """

    def __init__(self, processors, encoders, decoders, clusters=10, **kwargs):
        super().__init__(processors, encoders, decoders, **kwargs)
        if clusters < 1:
            raise ValueError(f"clusters must be at least 1; received {clusters}.")
        self.clusters = clusters

    def build(self, input_shape=None):
        self.cluster_logits = self.add_weight(shape=(self.clusters,), initializer="zeros", name="cluster_logits")
        self.cluster_means = self.add_weight(
            shape=(self.clusters, self.shared_dim), initializer="random_normal", name="cluster_means"
        )
        super().build(input_shape)

    def shared_prior(self):
        means = ops.convert_to_tensor(self.cluster_means)
        return means, ops.zeros_like(means), ops.log_softmax(self.cluster_logits)

    def cluster_log_densities(self, u):
        """log p(c) p(u | c) in nats, `(..., clusters)`, of shared parts `(..., shared)`."""
        means, log_variances, log_weights = self.shared_prior()
        return log_weights + self.family.log_density(u[..., None, :], means, log_variances)

    def log_prior(self, z):
        private = z[..., self.shared_dim :]
        nothing = ops.zeros_like(private)
        shared = ops.logsumexp(self.cluster_log_densities(z[..., : self.shared_dim]), axis=-1)
        return shared + self.family.log_density(private, nothing, nothing)

    def cluster(self, batch):
        """int32 `(batch,)`: the most probable component of each row of a batch as in `fit`."""
        mean, _ = self.encode(blank_missing(batch, batch["present"]), batch["present"])
        return ops.cast(ops.argmax(self.cluster_log_densities(mean[:, : self.shared_dim]), axis=-1), "int32")

    def get_config(self):
        return super().get_config() | {"clusters": self.clusters}
