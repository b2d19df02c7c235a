"""Any modalities -> any modalities by a ladder of latents, each level a product of experts."""

import keras
from keras import ops

from mmgen_tf.fusion.mixture_of_experts import choose_experts
from mmgen_tf.fusion.mixture_of_products import subset_masks
from mmgen_tf.fusion.product_of_experts import product_of_experts
from mmgen_tf.losses.divergence import gaussian_kl_between, gaussian_log_density
from mmgen_tf.models.vae.multimodal_vae import MultimodalVAE
from mmgen_tf.registry import register


@register
class MHVAE(MultimodalVAE):
    """Latents z_L, .., z_1, each told by the one above and by the modalities that are there (Dorent et al. 2023, eq.
    2-5):

        q(z_l | X, z_{l+1}) = p(z_l | z_{l+1}) prod_i q(z_l | x_i, z_{l+1}),    p(X | z_1) = prod_i p(x_i | z_1)

    The loss is the negative ELBO averaged over all subsets of X for the posterior, all of X reconstructed; in training
    each row draws its subset. Networks between the levels are dense.

    Args:
        processors, decoders: see `MultimodalVAE`; decoders read z_1.
        encoders: dict of name -> layer with `output_dim`, from the modality's tensor to a vector.
        level_dims: lengths of z_L, .., z_1, from the top.
        hidden_dim: width of the networks between the levels.
        **kwargs: of `MultimodalVAE`.

    Reference: Dorent et al., Unified Brain MR-Ultrasound Synthesis using Multi-Modal Hierarchical Representations,
    MICCAI 2023.
    """

    def __init__(self, processors, encoders, decoders, level_dims=(16, 32), hidden_dim=128, **kwargs):
        super().__init__(processors, encoders, decoders, **kwargs)
        self.level_dims, self.hidden_dim, self.latent_dim = tuple(level_dims), hidden_dim, sum(level_dims)
        dense, levels = keras.layers.Dense, range(len(self.level_dims))
        self.climbing, self.opinions = {}, {}  # keyed by modality and level
        for name in self.processors:
            for level in levels:
                key = f"{name}_{level}"
                self.climbing[key] = dense(hidden_dim, activation="relu", name=f"up_{key}")
                self.opinions[key] = dense(2 * self.level_dims[level], name=f"expert_{key}")
        self.falling = [dense(hidden_dim, activation="relu", name=f"down_{i}") for i in levels[1:]]
        self.priors = [dense(2 * d, name=f"prior_{i + 1}") for i, d in enumerate(self.level_dims[1:])]

    def build(self, input_shape=None):
        for name, encoder in self.encoders.items():
            width = encoder.output_dim
            for level in reversed(range(len(self.level_dims))):
                self.climbing[f"{name}_{level}"].build((None, width))
                self.opinions[f"{name}_{level}"].build((None, self.hidden_dim * (1 + (level > 0))))
                width = self.hidden_dim
        for layer, width in zip(self.falling, self.level_dims):
            layer.build((None, width))
        for layer in self.priors:
            layer.build((None, self.hidden_dim))
        super().build(input_shape)

    def features(self, values, training=False):
        """For each level from the top, what each modality brings: list of `(modalities, batch, hidden)`."""
        each = []
        for name in self.processors:
            x, climbed = ops.relu(self.encoders[name](values[name], training=training)), []
            for level in reversed(range(len(self.level_dims))):
                x = self.climbing[f"{name}_{level}"](x)
                climbed.insert(0, x)
            each.append(climbed)
        return [ops.stack(level) for level in zip(*each, strict=True)]

    def prior_of(self, level, above):
        """The prior of a level given the latent above, and what that latent says to the experts."""
        if not level:
            nothing = ops.zeros((ops.shape(above)[0], self.level_dims[0]))
            return (nothing, nothing), None
        told = self.falling[level - 1](above)
        return _halves(self.priors[level - 1](told)), told

    def posterior_of(self, level, features, here, prior, told):
        """The product of the experts that are there and the prior of that level, which need not be standard."""
        means, log_variances = [prior[0]], [prior[1]]
        for i, name in enumerate(self.processors):
            seen = features[level][i] if told is None else ops.concatenate([told, features[level][i]], axis=-1)
            mean, log_variance = _halves(self.opinions[f"{name}_{level}"](seen))
            means.append(mean)
            log_variances.append(log_variance)
        present = ops.concatenate([ops.ones_like(here[:1]), here])
        return product_of_experts(ops.stack(means), ops.stack(log_variances), present, prior=False)

    def posterior(self, values, present):
        return LadderPosterior(self, self.features(values), self.here(present))

    def log_prior(self, z):
        flat = ops.reshape(z, (-1, self.latent_dim))
        total, above, start = 0.0, flat, 0
        for level, width in enumerate(self.level_dims):
            part = flat[:, start : start + width]
            total += gaussian_log_density(part, *self.prior_of(level, above)[0])
            above, start = part, start + width
        return ops.reshape(total, ops.shape(z)[:-1])

    def decoder_latents(self, z, name):
        return z[..., -self.level_dims[-1] :]

    def compute_losses(self, batch, noise, training=False):
        present, (values, seen) = batch["present"], self.values_of(batch, noise, training)
        here = self.here(present)
        if training:
            masks = ops.array(subset_masks(len(self.processors)))
            available = ops.all(here[None] | ops.logical_not(masks)[..., None], axis=1)
            chosen = ops.transpose(ops.take(masks, choose_experts(available, noise), axis=0))
        else:
            chosen = here
        ladder = LadderPosterior(self, self.features(seen, training), chosen)
        z, kl = ladder.descend(noise)
        log_prob = self.reconstruction(z, values, present, noise if training else None)
        return {"loss": self.current_beta(training) * kl - log_prob, "elbo": log_prob - kl, "kl": kl}

    def get_config(self):
        config = super().get_config() | {"level_dims": self.level_dims, "hidden_dim": self.hidden_dim}
        config.pop("family")
        return config


class LadderPosterior:
    """q(z_L .. z_1 | X), drawn from the top down."""

    def __init__(self, model, features, here):
        self.model, self.features, self.here = model, features, here

    def descend(self, noise=None, scale=1.0, z=None):
        """From the top down: a draw `(batch, latent)` and the divergence `(batch,)`; of means where `noise` is None.

        With `z` given instead, its log-density `(batch,)` in the divergence's place.
        """
        parts, total, above, start = [], 0.0, self.features[0][0], 0
        for level, width in enumerate(self.model.level_dims):
            prior, told = self.model.prior_of(level, above)
            mean, log_variance = self.model.posterior_of(level, self.features, self.here, prior, told)
            if z is not None:
                above = z[:, start : start + width]
                total += gaussian_log_density(above, mean, log_variance)
            else:
                above = mean
                if noise is not None:
                    above = mean + scale * ops.exp(0.5 * log_variance) * noise.normal(tuple(ops.shape(mean)))
                total += gaussian_kl_between(mean, log_variance, *prior)
            parts.append((above, log_variance))
            start += width
        self.log_variance = ops.concatenate([p[1] for p in parts], axis=-1)
        return ops.concatenate([p[0] for p in parts], axis=-1), total

    def repeated(self, samples):
        """The same posterior with each row `samples` times."""
        features = [ops.repeat(level, samples, axis=1) for level in self.features]
        return LadderPosterior(self.model, features, ops.repeat(self.here, samples, axis=1))

    def moments(self):
        """Means along the path of means, and the log-variances there, each `(batch, latent)`."""
        mean, _ = self.descend()
        return mean, self.log_variance

    def draw(self, noise, scale=1.0, samples=None):
        if samples is None:
            return self.descend(noise, scale)[0]
        return ops.reshape(self.repeated(samples).descend(noise, scale)[0], (-1, samples, self.model.latent_dim))

    def log_density(self, z):
        if len(z.shape) == 2:
            return self.descend(z=z)[1]
        flat = ops.reshape(z, (-1, z.shape[-1]))
        return ops.reshape(self.repeated(ops.shape(z)[1]).descend(z=flat)[1], ops.shape(z)[:2])


def _halves(values):
    """`(mean, log_variance)` of a dense layer's output, in float32."""
    return tuple(ops.split(ops.cast(values, "float32"), 2, axis=-1))
