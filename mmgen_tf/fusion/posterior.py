"""q(z | X) as an object: made once from the encoders' opinions, then drawn from and asked for densities."""

from keras import ops

ABSENT = -1e9  # the log-weight of an expert that is not there


class Posterior:
    """One diagonal distribution in each row.

    Args:
        family: a family of `mmgen_tf.losses.latent_family`.
        mean, log_variance: float `(batch, latent)`.
    """

    def __init__(self, family, mean, log_variance):
        self.family, self.mean, self.log_variance = family, mean, log_variance

    def moments(self):
        """`(mean, log_variance)`, each `(batch, latent)`."""
        return self.mean, self.log_variance

    def draw(self, noise, scale=1.0, samples=None):
        """Draws `(batch, latent)`, or `(batch, samples, latent)`, that gradients pass through.

        Args:
            noise: `Noise`.
            scale: on the standard deviation.
            samples: int or None.
        """
        mean, log_variance = _spread(self.mean, samples), _spread(self.log_variance, samples)
        shape = tuple(ops.shape(self.mean))
        standard = self.family.standard(shape if samples is None else (shape[0], samples, shape[1]), noise)
        return mean + scale * ops.exp(0.5 * log_variance) * standard

    def draw_with(self, mixture, noise, scale=1.0, samples=None):
        """As `draw`, with a `LatentMixture` in the prior's place, see its `draw_given`."""
        return mixture.draw_given(self.mean, self.log_variance, noise, scale, samples)

    def log_density(self, z):
        """log q(z) in nats, `(batch,)` or `(batch, samples)`."""
        samples = None if len(z.shape) == 2 else 1
        return self.family.log_density(z, _spread(self.mean, samples), _spread(self.log_variance, samples))


class MixturePosterior:
    """A mixture of experts in each row.

    Args:
        family: of every expert.
        means, log_variances: float `(experts, batch, latent)`.
        log_weights: float `(experts, batch)`, not necessarily normalised; hugely negative for an expert that is absent.
    """

    def __init__(self, family, means, log_variances, log_weights):
        self.family, self.means, self.log_variances = family, means, log_variances
        self.log_weights = log_weights - ops.logsumexp(log_weights, axis=0, keepdims=True)

    @classmethod
    def of_present(cls, family, means, log_variances, present, prior=None):
        """An even mixture of the experts that are there, and where none is the prior.

        Args:
            present: bool `(experts, batch)`.
            prior: None for the standard distribution, or its components: means and log-variances
                `(components, latent)` and log-weights `(components,)`.
        """
        if prior is None:
            nothing = ops.zeros((1, means.shape[-1]))
            prior = (nothing, nothing, ops.zeros((1,)))
        rows = ops.ones_like(means[:1, :, :1])
        means = ops.concatenate([means, prior[0][:, None] * rows])
        log_variances = ops.concatenate([log_variances, prior[1][:, None] * rows])
        nobody = ops.logical_not(ops.any(present, axis=0))
        others = ops.where(nobody, ops.expand_dims(prior[2], -1), ABSENT)
        return cls(family, means, log_variances, ops.concatenate([ops.where(present, 0.0, ABSENT), others]))

    def moments(self):
        """Mean and log-variance of the mixture, each `(batch, latent)`."""
        share = ops.exp(self.log_weights)[..., None]
        mean = ops.sum(share * self.means, axis=0)
        variance = ops.sum(share * (ops.exp(self.log_variances) + ops.square(self.means - mean)), axis=0)
        return mean, ops.log(variance)

    def draw(self, noise, scale=1.0, samples=None):
        """As `Posterior.draw`; each draw is from an expert of its own choice."""
        mean, log_variance = self._chosen(noise, samples)
        standard = self.family.standard(tuple(ops.shape(mean)), noise)
        z = mean + scale * ops.exp(0.5 * log_variance) * standard
        return z[:, 0] if samples is None else z

    def draw_with(self, mixture, noise, scale=1.0, samples=None):
        """As `Posterior.draw_with`; each draw is with an expert of its own choice."""
        moments = self._chosen(noise, samples)
        count, width = moments[0].shape[1:]
        z = mixture.draw_given(*(ops.reshape(values, (-1, width)) for values in moments), noise, scale)
        return z if samples is None else ops.reshape(z, (-1, count, width))

    def _chosen(self, noise, samples):
        """Mean and log-variance of the expert that each draw is from, each `(batch, samples or 1, latent)`."""
        experts, batch = self.means.shape[0], ops.shape(self.means)[1]
        scores = ops.transpose(self.log_weights)[:, None] + noise.gumbel((batch, samples or 1, experts))
        choice = ops.one_hot(ops.argmax(scores, axis=-1), experts, dtype=self.means.dtype)
        return tuple(ops.einsum("bke,ebl->bkl", choice, values) for values in (self.means, self.log_variances))

    def log_density(self, z):
        """log q(z) in nats, `(batch,)` or `(batch, samples)` (Shi et al. 2019, eq. 3)."""
        samples = None if len(z.shape) == 2 else 1
        each = [
            self.family.log_density(z, _spread(self.means[i], samples), _spread(self.log_variances[i], samples))
            + (self.log_weights[i] if samples is None else self.log_weights[i][:, None])
            for i in range(self.means.shape[0])
        ]
        return ops.logsumexp(ops.stack(each), axis=0)


class JoinedPosterior:
    """Independent parts of one flat vector, each with a posterior of its own.

    Args:
        parts: list of posteriors, in the vector's order.
    """

    def __init__(self, parts):
        self.parts = list(parts)

    def moments(self):
        pairs = [part.moments() for part in self.parts]
        return tuple(ops.concatenate(values, axis=-1) for values in zip(*pairs, strict=True))

    def draw(self, noise, scale=1.0, samples=None):
        return ops.concatenate([part.draw(noise, scale, samples) for part in self.parts], axis=-1)

    def draw_with(self, mixture, noise, scale=1.0, samples=None):
        """The first part with the mixture in its prior's place, the others as `draw` draws them."""
        first, *others = self.parts
        drawn = [first.draw_with(mixture, noise, scale, samples)]
        drawn += [part.draw(noise, scale, samples) for part in others]
        return ops.concatenate(drawn, axis=-1)

    def log_density(self, z):
        start, total = 0, 0.0
        for part in self.parts:
            width = part.moments()[0].shape[-1]
            total = total + part.log_density(z[..., start : start + width])
            start += width
        return total


def _spread(values, samples):
    return values if samples is None else values[:, None]
