"""Any modalities -> any modalities by a product-of-experts variational autoencoder."""

import itertools

import tensorflow as tf
from keras import ops

from mmgen_tf.fusion.product_of_experts import product_of_experts
from mmgen_tf.losses.divergence import gaussian_kl, gaussian_log_density
from mmgen_tf.metrics.log_likelihood import importance_weighted
from mmgen_tf.modality import blank_missing
from mmgen_tf.models.generative_model import GenerativeModel
from mmgen_tf.registry import register


@register
class MVAE(GenerativeModel):
    """One latent vector for all modalities, inferred from whichever are there.

    `q(z | X) = p(z) prod_i q(z | x_i)` over the modalities present (Wu & Goodman 2018, eq. 4), and the loss is the sum
    of negative ELBOs (eq. 3) of the whole set, of each modality alone, and of `random_subsets` random ones (eq. 5):

        ELBO(X) = E_q(z|X) [ sum_i w_i log p(x_i | z) ] - beta KL(q(z | X) || p(z))

    Rows may lack modalities: these have no expert and no term.

    Args:
        processors: dict of name -> `Processor`.
        encoders: dict of name -> layer giving `(mean, log_variance)`, see `GaussianEncoder`.
        decoders: dict of name -> layer with `log_prob(z, x, noise)` and `draw(z, noise, temperature)`.
        weights: dict of name -> w_i; 1 where not named. Larger for small modalities, against imbalance.
        beta: weight of the KL term when warmed up.
        warmup_steps: over which beta rises from 0 linearly.
        random_subsets: number of random subsets in each step, for three modalities and more.
        cross_weights: dict of name -> weight of reconstructing that modality in the terms whose subset lacks it, 0
            where not named, as in the paper. Above 0 such a term bounds log p of the larger set (as in Shi et al.
            2019), and modalities cannot settle in latent dimensions of their own.
        latent_temperature: on the standard deviation of q(z | X) when `generate` draws z: 1 draws from q itself, less
            stays closer to its mean, at the price of variety.
        seed: of initial noise streams and shuffling.

    Example:
        >>> model = mmgen_tf.zoo.load("mvae_digits")
        >>> model.generate({"text": "a thick seven"}, to="image", num_samples=4, seed=0).shape
        (4, 28, 28, 1)
        >>> model.generate({"image": picture}, to="text")
        'a thick seven leaning left'

    Reference: Wu & Goodman, Multimodal Generative Models for Scalable Weakly-Supervised Learning, NeurIPS 2018.
    """

    loss_names = ("loss", "elbo", "kl")

    def __init__(
        self, processors, encoders, decoders, weights=None, beta=1.0, warmup_steps=0, random_subsets=0,
        cross_weights=None, latent_temperature=1.0, seed=0, **kwargs,
    ):  # fmt: skip
        super().__init__(processors, seed=seed, **kwargs)
        for part, layers in (("encoders", encoders), ("decoders", decoders)):
            if sorted(layers) != list(self.processors):
                raise ValueError(f"{part} must be keyed by {list(self.processors)}; received {sorted(layers)}.")
        for part, given in (("weights", weights), ("cross_weights", cross_weights)):
            unknown = sorted(set(given or {}) - set(self.processors))
            if unknown:
                raise ValueError(f"{part} names modalities {unknown}; expected some of {list(self.processors)}.")
        self.encoders, self.decoders = dict(sorted(encoders.items())), dict(sorted(decoders.items()))
        self.loss_weights = {name: 1.0 for name in self.processors} | dict(weights or {})
        self.beta, self.warmup_steps, self.random_subsets = beta, warmup_steps, random_subsets
        self.latent_temperature = latent_temperature
        self.cross_weights = {name: 0.0 for name in self.processors} | dict(cross_weights or {})
        self.latent_dim = next(iter(self.encoders.values())).latent_dim

    def build(self, input_shape=None):
        for name in self.processors:
            self.encoders[name].build()
            self.decoders[name].build()
        self.built = True

    # The model ---------------------------------------------------------------------------------------------------

    def experts(self, values, training=False):
        """The Gaussian of each modality: means and log-variances, each `(modalities, batch, latent)`."""
        pairs = [self.encoders[name](values[name], training=training) for name in self.processors]
        return ops.stack([mean for mean, _ in pairs]), ops.stack([log_variance for _, log_variance in pairs])

    def encode(self, values, present):
        """q(z | X): `(mean, log_variance)`, each `(batch, latent)`, from dicts of tensors and of bool `(batch,)`."""
        values = blank_missing(values, present)
        return product_of_experts(*self.experts(values), ops.stack([present[name] for name in self.processors]))

    def decode(self, z, names, noise, temperature=0.0):
        """Tensors of the modalities `names` for latent vectors `(batch, latent)`."""
        return {name: self.decoders[name].draw(z, noise, temperature) for name in names}

    # Training ----------------------------------------------------------------------------------------------------

    def subsets(self, noise):
        """The terms of the objective, each a mask over modalities: all, each alone, and random ones (tensors)."""
        count = len(self.processors)
        terms = [[True] * count] + [[i == j for j in range(count)] for i in range(count)] * (count > 1)
        proper = [c for c in itertools.product([False, True], repeat=count) if 1 < sum(c) < count]
        for _ in range(self.random_subsets if proper else 0):
            terms.append(ops.take(ops.array(proper), ops.cast(noise.uniform(()) * len(proper), "int32"), axis=0))
        return terms

    def compute_losses(self, batch, noise, training=False):
        names = list(self.processors)
        present, values = batch["present"], blank_missing(batch, batch["present"])
        here = ops.stack([present[name] for name in names])
        means, log_variances = self.experts(values, training)
        terms = self.subsets(noise)
        latents, kls = [], []
        for term in terms:
            mean, log_variance = product_of_experts(means, log_variances, here & ops.expand_dims(term, -1))
            latents.append(mean + ops.exp(0.5 * log_variance) * noise.normal(ops.shape(mean)))
            kls.append(gaussian_kl(mean, log_variance))
        loss = (self.current_beta() if training else 1.0) * sum(kls)
        elbo = -kls[0]
        for i, name in enumerate(names):
            cross = self.cross_weights[name]
            using = [t for t, term in enumerate(terms) if cross or not isinstance(term, list) or term[i]]
            if not using:
                continue
            x = ops.concatenate([values[name]] * len(using))
            z = ops.concatenate([latents[t] for t in using])
            rows = self.decoders[name].log_prob(z, x, noise.stacked(len(using)) if training else None)
            rows = ops.split(rows, len(using))
            for t, log_prob in zip(using, rows):
                log_prob = ops.where(present[name], log_prob, 0.0)
                share = ops.where(terms[t][i], 1.0, cross)
                loss = loss - self.loss_weights[name] * share * log_prob
                elbo = elbo + log_prob if t == 0 else elbo
        return {"loss": loss, "elbo": elbo, "kl": kls[0]}

    def current_beta(self):
        """beta, warmed up by the optimizer's step."""
        if not self.warmup_steps:
            return self.beta
        return self.beta * ops.minimum(1.0, ops.cast(self.optimizer.iterations, "float32") / self.warmup_steps)

    # Using it ----------------------------------------------------------------------------------------------------

    def sample(self, given, present, to, noise, temperature=0.0, latent_temperature=None):
        """See `GenerativeModel.sample`.

        Args:
            temperature: of the words of a sentence; 0 takes the most probable ones.
            latent_temperature: in place of the model's own.
        """
        scale = self.latent_temperature if latent_temperature is None else latent_temperature
        mean, log_variance = self.encode(given, {name: present[name] for name in self.processors})
        z = mean + scale * ops.exp(0.5 * log_variance) * noise.normal(ops.shape(mean))
        return self.decode(z, to, noise, temperature)

    def log_likelihood(self, batch, noise, num_samples=100, of=None, given=()):
        """Importance-weighted log p(of | given) per row, in nats (Burda et al. 2016, eq. 8), vectorised over samples.

        `log p(x | y) ~ log 1/K sum_k p(x | z_k) q(z_k | y) / q(z_k | x, y)`, `z_k ~ q(z | x, y)` (Wu & Goodman 2018,
        section 4; with nothing given, q(z | y) is the prior).

        Args:
            batch: as in `fit`, every modality of `of` and `given` present.
            noise: `Noise`.
            num_samples: K.
            of: names of the modalities whose likelihood is asked; all if None.
            given: names of those that are known.

        Raises:
            ValueError: if K < 1, a name is unknown, or a modality is in both.
        """
        of = tuple(self.processors) if of is None else tuple(of)
        if num_samples < 1:
            raise ValueError(f"num_samples must be at least 1; received {num_samples}.")
        wrong = sorted((set(of) | set(given)) - set(self.processors)) or sorted(set(of) & set(given))
        if wrong or not of:
            raise ValueError(f"of and given must be disjoint parts of {list(self.processors)}; received {of}, {given}.")
        values, size = {name: batch[name] for name in self.processors}, tf.shape(batch[of[0]])[0]
        none = tf.zeros([size], tf.bool)

        def posterior(names):
            return self.encode(values, {name: ~none if name in names else none for name in self.processors})

        def spread(tensor):
            return ops.repeat(tensor, num_samples, axis=0)

        mean, log_variance = posterior((*of, *given))
        draws = noise.normal((size, num_samples, self.latent_dim))
        z = mean[:, None] + ops.exp(0.5 * log_variance)[:, None] * draws
        log_weights = gaussian_log_density(z, *(t[:, None] for t in posterior(given)))
        log_weights -= gaussian_log_density(z, mean[:, None], log_variance[:, None])
        flat = ops.reshape(z, (-1, self.latent_dim))
        for name in of:
            log_prob = self.decoders[name].log_prob(flat, spread(values[name]))
            log_weights += ops.reshape(log_prob, (-1, num_samples))
        return importance_weighted(log_weights, axis=1)

    def get_config(self):
        return {
            "processors": self.processors,
            "encoders": self.encoders,
            "decoders": self.decoders,
            "weights": self.loss_weights,
            "beta": self.beta,
            "warmup_steps": self.warmup_steps,
            "random_subsets": self.random_subsets,
            "cross_weights": self.cross_weights,
            "latent_temperature": self.latent_temperature,
            "seed": self.seed,
        }
