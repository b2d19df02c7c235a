"""A normalising flow over latent vectors, to draw from in the prior's place."""

import keras
import numpy as np
import tensorflow as tf
from keras import ops

from mmgen_tf.fused_adam import FusedAdam
from mmgen_tf.layers.latent_rows import latent_rows
from mmgen_tf.registry import register

LEAST_ROWS, LEAST_SCALE = 20, 1e-4
SHARPEST = 2.0  # a coupling stretches by exp(-SHARPEST) to exp(SHARPEST)


@register
class LatentFlow(keras.layers.Layer):
    """p(z) = N(f(z); 0, I) |det df/dz| with affine couplings, fitted on a trained VAE's aggregate posterior.

    A coupling moves some dimensions by what a network sees of the others: `y = x exp(s) + t` (Dinh et al. 2017, eq. 4
    and 5), so both directions are one pass; drawing is as quick as likelihoods. Couplings 2j and 2j + 1 move those
    dimensions whose j-th binary digit is 0, and then is 1, j going round: any two dimensions meet directly after
    2 log2(latent_dim) couplings. Before `fit` the flow is the identity, p(z) = N(0, I). No other optimizer trains the
    weights: `fit` alone changes them, and they are saved with the model that holds the layer.

    Args:
        latent_dim: length of z, at least 2.
        layers: number of couplings.
        hidden_dim: width of the two hidden layers of each coupling's network.
        seed: of the networks' first weights, the held-out rows and the order of training.

    Input: `z` float `(n, latent_dim)`. Output: `log_prob(z)`.

    Raises:
        ValueError: for fewer than 2 dimensions or couplings, which would leave dimensions unmoved.

    Reference: Dinh, Sohl-Dickstein & Bengio 2017, "Density Estimation Using Real NVP".
    """

    def __init__(self, latent_dim, layers=8, hidden_dim=128, seed=0, **kwargs):
        super().__init__(dtype="float32", **kwargs)
        if min(latent_dim, layers) < 2:
            raise ValueError(
                f"LatentFlow expected latent_dim and layers of at least 2; received {latent_dim}, {layers}."
            )
        self.latent_dim, self.layers, self.hidden_dim, self.seed = latent_dim, layers, hidden_dim, seed
        digits = (latent_dim - 1).bit_length()
        place = np.arange(latent_dim)
        self._moved = [
            ((place >> (i // 2 % digits)) % 2 == i % 2).astype("float32") for i in range(layers)
        ]  # 1 where a coupling moves the dimension  # fmt: skip
        self.networks = [self._network(number) for number in range(layers)]
        self.trainable = False

    def _network(self, number):
        def dense(depth, width, activation="silu", **options):
            first = keras.initializers.GlorotUniform(seed=self.seed + 3 * number + depth)
            return keras.layers.Dense(
                width, activation, name=f"coupling_{number}_{depth}", dtype="float32",
                **{"kernel_initializer": first, **options},
            )  # fmt: skip

        last = dense(2, 2 * self.latent_dim, None, kernel_initializer="zeros")
        return [dense(0, self.hidden_dim), dense(1, self.hidden_dim), last]

    def build(self, *shapes):
        fixed = {"shape": (self.latent_dim,), "trainable": False, "autocast": False, "dtype": "float32"}
        self.centre = self.add_weight(initializer="zeros", name="centre", **fixed)
        self.scale = self.add_weight(initializer="ones", name="scale", **fixed)
        for network in self.networks:
            for layer, width in zip(network, (self.latent_dim, self.hidden_dim, self.hidden_dim)):
                layer.build((None, width))
        self.built = True

    def call(self, z):
        return self.log_prob(z)

    def _couple(self, number, x):
        """`(s, t)`, each `(n, latent_dim)`, of what coupling `number` does to the dimensions that it moves."""
        moved = self._moved[number]
        features = x * (1.0 - moved)
        for layer in self.networks[number]:
            features = layer(features)
        s, t = ops.split(features, 2, axis=-1)
        return SHARPEST * ops.tanh(s / SHARPEST) * moved, t * moved

    def forward(self, z):
        """Latents -> the base: `(u (n, latent_dim), log |det du/dz| (n,))`, float32."""
        u = (ops.cast(z, "float32") - self.centre) / self.scale
        log_det = ops.zeros_like(u[:, 0]) - ops.sum(ops.log(self.scale))
        for number in range(self.layers):
            s, t = self._couple(number, u)
            u, log_det = u * ops.exp(s) + t, log_det + ops.sum(s, axis=-1)
        return u, log_det

    def inverse(self, u):
        """The base -> latents, float32 `(n, latent_dim)`."""
        z = ops.cast(u, "float32")
        for number in reversed(range(self.layers)):
            s, t = self._couple(number, z)
            z = (z - t) * ops.exp(-s)
        return z * self.scale + self.centre

    def log_prob(self, z):
        """log p(z) in nats, float32 `(n,)`, of z `(n, latent_dim)`."""
        u, log_det = self.forward(z)
        return log_det - 0.5 * ops.sum(ops.square(u) + np.log(2.0 * np.pi), axis=-1)

    def draw(self, count, noise):
        """float32 `(count, latent_dim)` draws; `count` may be a tensor, `noise` is a `Noise`. Runs inside graphs."""
        return self.inverse(noise.normal((count, self.latent_dim)))

    def fit(self, latents, steps=2000, verbose=False, batch_size=256, learning_rate=1e-3):
        """Maximum likelihood by Adam, its rate falling to 0 along a cosine; goes on from the weights as they are.

        A tenth of the rows is held out and looked at twenty times; the weights that did best on it are kept.

        Args:
            latents: finite numbers `(n, latent_dim)`, at least 20 rows.
            steps: of the optimizer.
            verbose: whether to print the held-out log-likelihood.
            batch_size: rows a step, drawn with replacement.
            learning_rate: at the start.

        Returns:
            list of floats: the mean log-likelihood of the held-out tenth in nats a row, before training and then each
            time it was looked at.

        Raises:
            ValueError: for NaN, another width, fewer than 20 rows, or `steps` or `batch_size` below 1.
        """
        rows = latent_rows(latents, self.latent_dim, LEAST_ROWS, type(self).__name__)
        if min(steps, batch_size) < 1:
            raise ValueError(f"LatentFlow expected steps and batch_size of at least 1; received {steps}, {batch_size}.")
        if not self.built:
            self.build()
        draw = np.random.default_rng(self.seed)
        held, kept = np.split(rows[draw.permutation(len(rows))], [len(rows) // 10])
        self.centre.assign(kept.mean(axis=0))
        self.scale.assign(np.maximum(kept.std(axis=0), LEAST_SCALE))
        train, score, variables = self._graphs(kept, held, keras.optimizers.schedules.CosineDecay(learning_rate, steps))
        history = [float(score())]
        best, best_weights = history[0], [variable.numpy() for variable in variables]
        for step in range(1, steps + 1):
            train(tf.constant(draw.integers(len(kept), size=batch_size)))
            if step % max(1, steps // 20) and step < steps:
                continue
            history.append(float(score()))
            if verbose:
                print(f"LatentFlow step {step}: {history[-1]:.4f} held-out nats a row")
            if history[-1] > best:
                best, best_weights = history[-1], [variable.numpy() for variable in variables]
        for variable, value in zip(variables, best_weights):
            variable.assign(value)
        return history

    def _graphs(self, kept, held, rate):
        """A training step on chosen rows, the held-out score, and the variables that the step changes."""
        kept, held = tf.constant(kept, tf.float32), tf.constant(held, tf.float32)
        variables = [weight for network in self.networks for layer in network for weight in layer.weights]
        optimizer = FusedAdam(rate, global_clipnorm=5.0)
        optimizer.build(variables)

        @tf.function(autograph=False)
        def train(chosen):
            with tf.GradientTape() as tape:
                loss = -tf.reduce_mean(self.log_prob(tf.gather(kept, chosen)))
            optimizer.apply(tape.gradient(loss, [variable.value for variable in variables]), variables)

        @tf.function(autograph=False)
        def score():
            return tf.reduce_mean(self.log_prob(held))

        return train, score, variables

    def get_config(self):
        return {name: getattr(self, name) for name in ("latent_dim", "layers", "hidden_dim", "seed")}
