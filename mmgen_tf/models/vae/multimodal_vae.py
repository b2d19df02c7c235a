"""What the multimodal variational autoencoders share: wiring, drawing, likelihoods. Each says its own posterior."""

import tensorflow as tf
from keras import ops

from mmgen_tf.data.pipeline import evaluation_batches
from mmgen_tf.losses.latent_family import latent_family
from mmgen_tf.metrics.log_likelihood import importance_weighted
from mmgen_tf.modality import blank_missing
from mmgen_tf.models.generative_model import GenerativeModel
from mmgen_tf.noise import Noise


class MultimodalVAE(GenerativeModel):
    """p(X) = integral p(z) prod_i p(x_i | z), with an approximate posterior q(z | X) of whichever modalities are there.

    A kind of model defines `posterior` (its q) and `compute_losses` (its bound). The latent vector is one flat vector
    in every kind, parts private to a modality included; a kind with parts says in `decoder_latents` which of them a
    decoder reads.

    Args:
        processors: dict of name -> `Processor`.
        encoders: dict of name -> layer giving `(mean, log_variance)`, see `GaussianEncoder`.
        decoders: dict of name -> layer with `log_prob(z, x, noise)` and `draw(z, noise, temperature)`.
        weights: dict of name -> weight of that modality's likelihood; 1 where not named. Larger for small modalities,
            against imbalance.
        beta: weight of the divergence when warmed up.
        warmup_steps: over which beta rises from 0 linearly.
        latent_temperature: on the standard deviation of the latent when `generate` draws it: 1 draws from the
            distribution itself, less stays closer to its mean, at the price of variety.
        latent_sampler: None, or a fitted layer that draws latents in place of the prior where nothing is given, see
            `fit_latent_sampler`.
        sampler_as_prior: whether the sampler, a `LatentMixture`, stands in the prior's place where something is given
            too: `generate` then draws from what the inputs say and the data's latents allow, see its `draw_given`.
        num_candidates: draws of the latent from which `generate` keeps one, by sampling importance resampling (Rubin
            1988): the more, the better what is made agrees with what was given, where the encoder alone is too vague.
        through: None, or the name of a modality that says all that the others share, such as a class's word: where it
            is missing `generate` first tells it of what is given, and then the rest of it alone, p(y | x) = sum_t p(t |
            x) p(y | t). What is given is reconstructed directly.
        family: "normal" or "laplace", of posterior and prior.
        augmentation: dict of name -> layer `(values, noise)` -> values, on the data while training; none where not
            named.
        corruption: the same, on what encoders read while training: decoders are asked for the value before it (the
            denoising criterion of Im et al. 2017), so that what is told stays clean.
        seed: of initial noise streams and shuffling.
    """

    loss_names = ("loss", "elbo", "kl")
    takes_config = True  # the kinds pass on what they do not name themselves, see `mmgen_tf.registry.config_keys`

    def __init__(
        self, processors, encoders, decoders, weights=None, beta=1.0, warmup_steps=0, latent_temperature=1.0,
        latent_sampler=None, sampler_as_prior=False, num_candidates=1, through=None, family="normal",
        augmentation=None, corruption=None, seed=0, **kwargs,
    ):  # fmt: skip
        super().__init__(processors, seed=seed, **kwargs)
        for part, layers in (("encoders", encoders), ("decoders", decoders)):
            if sorted(layers) != list(self.processors):
                raise ValueError(f"{part} must be keyed by {list(self.processors)}; received {sorted(layers)}.")
        self.encoders, self.decoders = dict(sorted(encoders.items())), dict(sorted(decoders.items()))
        self.loss_weights = self.by_modality("weights", weights, 1.0)
        self.check_likelihoods()
        self.beta, self.warmup_steps, self.latent_temperature = beta, warmup_steps, latent_temperature
        self.family_name, self.family = family, latent_family(family)
        self.latent_dim = getattr(next(iter(self.encoders.values())), "latent_dim", None)
        self.latent_sampler, self.sampler_as_prior = latent_sampler, sampler_as_prior
        self.num_candidates, self.through = num_candidates, through
        self.by_modality("through", {through: None} if through else {}, None)
        if sampler_as_prior and family != "normal":
            raise ValueError(f"sampler_as_prior expected a normal family; received {family!r}.")
        for part, layers in (("augmentation", augmentation), ("corruption", corruption)):
            self.by_modality(part, layers, None)
            setattr(self, part, dict(sorted((layers or {}).items())))

    def by_modality(self, part, given, default):
        """dict of every modality's name -> its value in `given`, or `default`. Raises ValueError for other names."""
        unknown = sorted(set(given or {}) - set(self.processors))
        if unknown:
            raise ValueError(f"{part} names modalities {unknown}; expected some of {list(self.processors)}.")
        return {name: default for name in self.processors} | dict(given or {})

    def check_likelihoods(self):
        """Raises ValueError where a decoder's likelihood does not fit the range of its modality."""
        for name, decoder in self.decoders.items():
            wanted = getattr(getattr(decoder, "distribution", None), "range", None)
            received = self.processors[name].modality.range
            if wanted and received and (received[0] < wanted[0] or received[1] > wanted[1]):
                raise ValueError(
                    f"{name}: the {decoder.likelihood} likelihood is of values in {wanted}; received a modality of "
                    f"range {tuple(received)}. Choose another range in its processor, or another likelihood."
                )

    def build(self, input_shape=None):
        for part in (*self.encoders.values(), *self.decoders.values(), *self.extra_parts()):
            part.build()
        self.built = True

    def extra_parts(self):
        """Further layers of the model that `build()` makes."""
        return [self.latent_sampler] if self.latent_sampler is not None else []

    # The model ---------------------------------------------------------------------------------------------------

    def experts(self, values, training=False):
        """The Gaussian of each modality: means and log-variances, each `(modalities, batch, latent)`."""
        pairs = [self.encoders[name](values[name], training=training) for name in self.processors]
        return ops.stack([mean for mean, _ in pairs]), ops.stack([log_variance for _, log_variance in pairs])

    def here(self, present):
        """bool `(modalities, batch)` of a dict of masks."""
        return ops.stack([present[name] for name in self.processors])

    def posterior(self, values, present):
        """q(z | X) of whichever modalities are there, the prior where none is: see `mmgen_tf.fusion.posterior`.

        Args:
            values: dict of tensors, blank where missing.
            present: dict of bool `(batch,)`.
        """
        raise NotImplementedError(f"{type(self).__name__} must define posterior(values, present).")

    def encode(self, values, present):
        """Moments of q(z | X): `(mean, log_variance)`, each `(batch, latent)`, from dicts of tensors and of masks."""
        return self.posterior(blank_missing(values, present), present).moments()

    def log_prior(self, z):
        """log p(z) in nats, without the last axis."""
        return self.family.log_density(z, ops.zeros_like(z), ops.zeros_like(z))

    def decoder_latents(self, z, name):
        """What the decoder of modality `name` reads of the latent vector `(..., latent)`."""
        return z

    def decode(self, z, names, noise, temperature=0.0):
        """Tensors of the modalities `names` for latent vectors `(batch, latent)`."""
        return {n: self.decoders[n].draw(self.decoder_latents(z, n), noise, temperature) for n in names}

    # Training ----------------------------------------------------------------------------------------------------

    def values_of(self, batch, noise, training=False):
        """What decoders are asked for, and what encoders read: the tensors of a batch, zero where missing; while
        training augmented, and for encoders corrupted."""
        values = blank_missing(batch, batch["present"])
        if not training:
            return values, values
        values |= {name: layer(values[name], noise=noise) for name, layer in self.augmentation.items()}
        return values, values | {name: layer(values[name], noise=noise) for name, layer in self.corruption.items()}

    def log_prob(self, name, z, values, present, noise=None):
        """Weighted log p(x | z) of one modality, `(batch,)`, 0 where it is missing; `z` is what its decoder reads."""
        rows = self.decoders[name].log_prob(z, values[name], noise)
        return self.loss_weights[name] * ops.where(present[name], rows, 0.0)

    def reconstruction(self, z, values, present, noise=None):
        """Weighted sum of log p(x_i | z) over the modalities that are there, `(batch,)`."""
        return sum(
            self.log_prob(name, self.decoder_latents(z, name), values, present, noise) for name in self.processors
        )

    def current_beta(self, training=True):
        """beta, while training warmed up by the optimizer's step."""
        if not (training and self.warmup_steps):
            return self.beta
        return self.beta * ops.minimum(1.0, ops.cast(self.optimizer.iterations, "float32") / self.warmup_steps)

    def fit_latent_sampler(self, sampler, examples, limit=10_000, batch_size=250, seed=0, **options):
        """Fits a sampler to draws from q(z | X) of the examples, at the model's latent temperature, and keeps it:
        `generate()` then draws from it.

        Args:
            sampler: `LatentMixture` or `LatentFlow` of this model's sampled width (`sampled_dim`).
            examples: raw examples, as in `fit`.
            limit: only so many examples, the first, are read; all if None.
            **options: of `sampler.fit`.

        Raises:
            ValueError: if the sampler has another width, or cannot stand in the prior's place where it has to.
        """
        if self.sampler_as_prior and not hasattr(sampler, "draw_given"):
            raise ValueError(f"sampler_as_prior expected a LatentMixture; received a {type(sampler).__name__}.")
        if sampler.latent_dim != self.sampled_dim:
            raise ValueError(f"Expected a sampler of width {self.sampled_dim}; received {sampler.latent_dim}.")

        @tf.function(reduce_retracing=True, autograph=False)
        def latents(batch, draw):
            values = blank_missing(batch, batch["present"])
            noise = Noise(tf.stack([tf.constant(seed), draw]))
            drawn = self.posterior(values, batch["present"]).draw(noise, self.latent_temperature)
            return drawn[:, : self.sampled_dim]

        batches = evaluation_batches(examples, self.processors, batch_size, self.complete_names)
        batches = batches if limit is None else batches.take(-(-limit // batch_size))
        drawn = [latents(batch, tf.constant(number)) for number, batch in enumerate(batches)]
        sampler.fit(tf.concat(drawn, axis=0)[:limit].numpy(), **options)
        self._tracker.unlock()  # Keras lets a built model take no further layer, and this one is built
        try:
            if self.latent_sampler is not None:  # nor does it forget one that is replaced
                self._layers.remove(self.latent_sampler)
            self.latent_sampler = sampler
        finally:
            self._tracker.lock()
        self._graphs.clear()
        return self

    @property
    def sampled_dim(self):
        """How much of the latent vector, from its beginning, a latent sampler draws."""
        return self.latent_dim

    # Using it ----------------------------------------------------------------------------------------------------

    def sample(
        self, given, present, to, noise, temperature=0.0, latent_temperature=None, sampler_as_prior=None,
        num_candidates=None, through=None,
    ):  # fmt: skip
        """See `GenerativeModel.sample`.

        Args:
            temperature: of the words of a sentence; 0 takes the most probable ones.
            latent_temperature, sampler_as_prior, num_candidates, through: in place of the model's own; "" of `through`
                for none.

        Raises:
            ValueError: if num_candidates < 1, or `through` is no modality.
        """
        scale = self.latent_temperature if latent_temperature is None else latent_temperature
        informed = self.sampler_as_prior if sampler_as_prior is None else sampler_as_prior
        count = self.num_candidates if num_candidates is None else num_candidates
        if count < 1:
            raise ValueError(f"num_candidates must be at least 1; received {count}.")
        through = self.through if through is None else through
        self.by_modality("through", {through: None} if through else {}, None)
        present = {name: present[name] for name in self.input_names}
        values = blank_missing(given, present)

        def told_of(values, present):
            z = self.draw_latents(values, present, noise, scale, informed, count)
            return self.decode(z, to, noise, temperature)

        direct = told_of(values, present)
        return (
            self.by_way_of(through, values, present, direct, told_of, noise, scale, temperature) if through else direct
        )

    def by_way_of(self, through, values, present, direct, told_of, noise, scale, temperature):
        """`direct`, but what is missing where `through` is missing too: of what is told of `through` alone."""
        word = self.decode(self.posterior(values, present).draw(noise, scale), (through,), noise, temperature)[through]
        some = ops.any(self.here(present), axis=0)
        alone = {name: ops.zeros_like(mask) for name, mask in present.items()} | {through: some}
        blank = {name: ops.zeros_like(value) for name, value in values.items()} | {through: word}
        told = told_of(blank, alone) | {through: word}
        kept = {name: present[name] | present[through] | ~some for name in direct}
        return {name: ops.where(_beside(kept[name], one), one, told[name]) for name, one in direct.items()}

    def draw_latents(self, values, present, noise, scale, informed, count):
        """A latent vector for each row, of what is given, or of the sampler where nothing is."""
        posterior, samples = self.posterior(values, present), None if count == 1 else count
        if self.latent_sampler is not None and informed:
            z = posterior.draw_with(self.latent_sampler, noise, scale, samples)
        else:
            z = posterior.draw(noise, scale, samples)
        if samples:
            z = self.resample(z, posterior, values, present, noise)
        if self.latent_sampler is not None and not informed:
            drawn = self.latent_sampler.draw(ops.shape(z)[0], noise)
            drawn = ops.concatenate([drawn, z[:, self.sampled_dim :]], axis=-1)
            z = ops.where(ops.any(self.here(present), axis=0)[:, None], z, drawn)
        return z

    def resample(self, z, posterior, values, present, noise):
        """One of the draws `z (batch, candidates, latent)` for each row, by importance weight p(x | z) p(z) / q(z | x).

        The likelihood is weighted as in training. A mixture in the prior's place stands in draws and target alike. With
        a latent temperature below 1 draws lie closer together than these weights suppose, and so does what is kept.
        """
        scores, count = self.log_prior(z) - posterior.log_density(z), z.shape[1]
        flat, nothing = ops.reshape(z, (-1, z.shape[-1])), ops.zeros_like(scores)
        for name in self.processors:

            def told(name=name):
                x, there = (ops.repeat(rows[name], count, axis=0) for rows in (values, present))
                rows = self.log_prob(name, self.decoder_latents(flat, name), {name: x}, {name: there})
                return ops.reshape(rows, (-1, count))

            scores += ops.cond(ops.any(present[name]), told, lambda: nothing)  # only what is given is decoded
        chosen = ops.argmax(scores + noise.gumbel(ops.shape(scores)), axis=-1)
        return ops.take_along_axis(z, chosen[:, None, None], axis=1)[:, 0]

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

        def posterior(names):
            present = {name: tf.fill([size], name in names) for name in self.processors}
            return self.posterior(blank_missing(values, present), present)

        proposal = posterior((*of, *given))
        z = proposal.draw(noise, samples=num_samples)
        log_weights = posterior(given).log_density(z) if given else self.log_prior(z)
        log_weights -= proposal.log_density(z)
        flat = ops.reshape(z, (-1, self.latent_dim))
        for name in of:
            x = ops.repeat(values[name], num_samples, axis=0)
            log_prob = self.decoders[name].log_prob(self.decoder_latents(flat, name), x)
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
            "latent_temperature": self.latent_temperature,
            "latent_sampler": self.latent_sampler,
            "sampler_as_prior": self.sampler_as_prior,
            "num_candidates": self.num_candidates,
            "through": self.through,
            "family": self.family_name,
            "augmentation": self.augmentation,
            "corruption": self.corruption,
            "seed": self.seed,
        }


def _beside(mask, values):
    """A mask `(batch,)` with as many axes as `values`."""
    return ops.reshape(mask, (-1, *[1] * (len(values.shape) - 1)))
