"""A Gaussian mixture over latent vectors, to draw from in the prior's place."""

import keras
import numpy as np
from keras import ops

from mmgen_tf.k_means import k_means
from mmgen_tf.layers.latent_rows import latent_rows
from mmgen_tf.registry import register

COVARIANCES = ("full", "diagonal")
LOG_TWO_PI = float(np.log(2.0 * np.pi))
INITIAL_ROWS, INITIAL_RUNS, INITIAL_STEPS = 10_000, 5, 20  # of k-means
NOTHING = 1e-12  # a share of a row so small that it is left out of sums


@register
class LatentMixture(keras.layers.Layer):
    """p(z) = sum_k w_k N(z; m_k, S_k), fitted on a trained VAE's aggregate posterior (Ghosh et al. 2020, section 4).

    Fit it on draws from q(z | x) over the training set, or on their means: decoders then see the z they were trained
    on, where the prior also covers places that no example maps to. Before `fit` it is N(0, I). No optimizer trains the
    weights: `fit` alone sets them, and they are saved with the model that holds the layer.

    Args:
        latent_dim: length of z.
        components: number of Gaussians.
        covariance: "full", the default, since the aggregate posterior's dimensions are correlated even where each
            q(z | x) is diagonal; or "diagonal", for few rows: latent_dim numbers a component in place of latent_dim
            squared.
        seed: of the first clusters.

    Input: `z` float `(n, latent_dim)`. Output: `log_prob(z)`.

    Raises:
        ValueError: for an unknown covariance, or sizes below 1.

    References:
        Ghosh et al. 2020, "From Variational to Deterministic Autoencoders" (a mixture fitted after training).
        Dempster et al. 1977, "Maximum Likelihood from Incomplete Data via the EM Algorithm".
    """

    def __init__(self, latent_dim, components=10, covariance="full", seed=0, **kwargs):
        super().__init__(dtype="float32", **kwargs)
        if covariance not in COVARIANCES:
            raise ValueError(f"LatentMixture expected a covariance of {COVARIANCES}; received {covariance!r}.")
        if min(latent_dim, components) < 1:
            raise ValueError(
                f"LatentMixture expected latent_dim and components of at least 1; received {latent_dim}, {components}."
            )
        self.latent_dim, self.components, self.covariance, self.seed = latent_dim, components, covariance, seed

    def build(self, *shapes):
        count, width = self.components, self.latent_dim
        full = self.covariance == "full"
        fixed = {"trainable": False, "autocast": False, "dtype": "float32"}
        self.log_weights = self.add_weight(
            shape=(count,), initializer=keras.initializers.Constant(-np.log(count)), name="log_weights", **fixed
        )
        self.means = self.add_weight(shape=(count, width), initializer="zeros", name="means", **fixed)
        # Cholesky factors of the covariances, lower triangular; standard deviations where these are diagonal.
        self.scales = self.add_weight(
            shape=(count, width, width) if full else (count, width),
            initializer=(lambda shape, dtype: ops.broadcast_to(ops.eye(width, dtype=dtype), shape)) if full else "ones",
            name="scales", **fixed,
        )  # fmt: skip
        self.built = True

    def call(self, z):
        return self.log_prob(z)

    def log_prob(self, z):
        """log p(z) in nats, float32 `(n,)`, of z `(n, latent_dim)`."""
        apart = ops.cast(z, "float32")[None] - self.means[:, None]
        scales = ops.convert_to_tensor(self.scales)
        if self.covariance == "full":
            white = ops.solve_triangular(scales, ops.transpose(apart, (0, 2, 1)), lower=True)
            squares, scales = ops.sum(ops.square(white), axis=1), ops.diagonal(scales, axis1=1, axis2=2)
        else:
            squares = ops.sum(ops.square(apart / scales[:, None]), axis=-1)
        constant = self.log_weights - ops.sum(ops.log(scales), axis=-1) - 0.5 * self.latent_dim * LOG_TWO_PI
        return ops.logsumexp(constant[:, None] - 0.5 * squares, axis=0)

    def draw(self, count, noise):
        """float32 `(count, latent_dim)` draws; `count` may be a tensor, `noise` is a `Noise`. Runs inside graphs."""
        chosen = ops.argmax(self.log_weights + noise.gumbel((count, self.components)), axis=-1)
        normal = noise.normal((count, self.latent_dim))
        rule = "kij,nj->nki" if self.covariance == "full" else "kj,nj->nkj"
        every = self.means + ops.einsum(rule, ops.convert_to_tensor(self.scales), normal)
        return ops.einsum("nk,nkd->nd", ops.one_hot(chosen, self.components, dtype="float32"), every)

    def draw_given(self, mean, log_variance, noise, scale=1.0, samples=None):
        """Draws of z in the light of both this mixture and a Gaussian q(z | x): float32 `(n, latent_dim)`, or
        `(n, samples, latent_dim)`.

        q was inferred under the standard normal prior. Bayes' rule with the mixture in that prior's place is

            p(z | x)  ~  sum_k w_k N(z; m_k, S_k) q(z | x) / N(z; 0, I)

        and a mixture again: with `L L' = S_k` and `z = m_k + L y`, each component holds a Gaussian of y whose precision
        is `I + L' T L`, where `T` is the precision that q adds to the prior's. Where q is the prior it is `draw`.

        Args:
            mean, log_variance: of q, float `(n, latent_dim)`; where q is wider than the prior it says nothing.
            noise: `Noise`.
            scale: on the standard deviation inside a component.
            samples: int or None.
        """
        count = samples or 1
        precision = ops.exp(-log_variance)
        pull, added = precision * mean, ops.maximum(precision - 1.0, 0.0)
        scales = ops.convert_to_tensor(self.scales)
        if self.covariance == "diagonal":
            scales = scales[..., None] * ops.eye(self.latent_dim)
        rows = ops.shape(mean)[0]
        gumbel = noise.gumbel((self.components, rows, count))
        normal = scale * noise.normal((rows, self.latent_dim, count))

        def component(parts):
            """Scores whose highest is the component to take, `(n, count)`, and its draws `(n, count, latent_dim)`."""
            log_weight, centre, factor, score = parts
            inner = ops.matmul(ops.transpose(factor), added[..., None] * factor)
            root = ops.cholesky(ops.eye(self.latent_dim) + inner)
            white = ops.solve_triangular(root, ((pull - added * centre) @ factor)[..., None], lower=True)
            volume = ops.sum(ops.log(ops.diagonal(root, axis1=1, axis2=2)), axis=-1)
            fit = ops.sum(pull * centre - 0.5 * added * ops.square(centre), axis=-1)
            told = log_weight + fit - volume + 0.5 * ops.sum(ops.square(white[..., 0]), axis=-1)
            y = ops.solve_triangular(ops.transpose(root, (0, 2, 1)), white + normal, lower=False)
            return score + told[:, None], centre + ops.transpose(y, (0, 2, 1)) @ ops.transpose(factor)

        weights, centres = ops.convert_to_tensor(self.log_weights), ops.convert_to_tensor(self.means)
        scores, z = ops.map(component, (weights, centres, scales, gumbel))
        chosen = ops.one_hot(ops.argmax(scores, axis=0), self.components, dtype="float32")
        z = ops.einsum("nck,kncd->ncd", chosen, z)
        return z[:, 0] if samples is None else z

    def fit(self, latents, steps=200, verbose=False, tolerance=1e-4, variance_floor=1e-6):
        """Expectation-maximisation in float64, from the clusters of k-means; anew at each call.

        Args:
            latents: finite numbers `(n, latent_dim)`, at least as many rows as components, and with full covariances
                more rows than dimensions.
            steps: at most so many.
            verbose: whether to print each tenth step.
            tolerance: it ends when a step gains fewer nats a row.
            variance_floor: added to every variance, in latent units squared; also where a dimension never moves.

        Returns:
            list of floats: the mean log-likelihood in nats a row, before each step and after the last.

        Raises:
            ValueError: for NaN, another width, too few rows, or `steps` below 1.
        """
        at_least = max(self.components, self.latent_dim + 1 if self.covariance == "full" else 2)
        rows = latent_rows(latents, self.latent_dim, at_least, type(self).__name__)
        if steps < 1:
            raise ValueError(f"LatentMixture expected steps of at least 1; received {steps}.")
        if not self.built:
            self.build()
        shares = _first_shares(rows, self.components, self.seed)
        history = []
        for step in range(steps + 1):
            weights, means, scales = self._maximise(rows, shares, variance_floor)
            shares, log_likelihood = self._expect(rows, weights, means, scales)
            history.append(log_likelihood)
            if verbose and step % 10 == 0:
                print(f"LatentMixture step {step}: {log_likelihood:.4f} nats a row")
            if step and history[-1] - history[-2] < tolerance:
                break
        self.log_weights.assign(np.log(weights))
        self.means.assign(means)
        self.scales.assign(scales)
        return history

    def _maximise(self, rows, shares, floor):
        """Weights `(k,)`, means `(k, d)` and scales of the likeliest mixture for `shares (n, k)` of the rows."""
        mass = shares.sum(axis=0) + 1e-10
        means, scales = shares.T @ rows / mass[:, None], []
        for share, mean, total in zip(shares.T, means, mass):
            here = share > NOTHING
            apart = rows[here] - mean
            apart *= np.sqrt(share[here])[:, None]
            if self.covariance == "full":
                scales.append(np.linalg.cholesky(apart.T @ apart / total + floor * np.eye(self.latent_dim)))
            else:
                scales.append(np.sqrt(np.einsum("nd,nd->d", apart, apart) / total + floor))
        return mass / mass.sum(), means, np.stack(scales)

    def _expect(self, rows, weights, means, scales):
        """Each component's share of each row `(n, k)`, and the mean log-likelihood."""
        joint = np.empty((len(rows), self.components))
        for k, (mean, scale) in enumerate(zip(means, scales)):
            full = self.covariance == "full"
            white = (rows - mean) @ np.linalg.inv(scale).T if full else (rows - mean) / scale
            volume = np.log(np.diagonal(scale) if full else scale).sum()
            joint[:, k] = np.log(weights[k]) - volume - 0.5 * np.einsum("nd,nd->n", white, white)
        peak = joint.max(axis=1, keepdims=True)
        total = peak + np.log(np.exp(joint - peak).sum(axis=1, keepdims=True))
        return np.exp(joint - total), float(total.mean() - 0.5 * self.latent_dim * LOG_TWO_PI)

    def get_config(self):
        return {name: getattr(self, name) for name in ("latent_dim", "components", "covariance", "seed")}


def _first_shares(rows, components, seed):
    """One-hot `(n, components)` of the nearest centre of k-means on some of the rows."""
    some = rows[np.random.default_rng(seed).permutation(len(rows))[:INITIAL_ROWS]]
    _, centres, _ = k_means(some, components, INITIAL_RUNS, INITIAL_STEPS, seed)
    nearest = (np.sum(centres**2, axis=1) - 2.0 * rows @ centres.T).argmin(axis=1)
    return np.eye(components)[nearest]
