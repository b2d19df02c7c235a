"""Several Gaussian opinions about one latent -> one Gaussian."""

from keras import ops


def product_of_experts(means, log_variances, present, prior=True, weights=None):
    """The normalised product of diagonal Gaussians, in log space.

    With precisions `T_i = w_i exp(-log_variance_i)` the product has precision `T = sum_i T_i` and mean
    `sum_i mu_i T_i / T` (Wu & Goodman 2018, section 2.2; Cao & Fleet 2014). Shares are `exp(log T_i - log T)`, so that
    no precision is ever exponentiated alone.

    Args:
        means, log_variances: float `(experts, batch, latent)`.
        present: bool `(experts, batch)`; an absent expert has no say, and its values are not read.
        prior: whether a standard normal expert takes part; without it each row needs at least one expert.
        weights: None, or exponents `(experts,)` of the experts, as in a weighted geometric mean.

    Returns:
        `(mean, log_variance)`, each `(batch, latent)`.
    """
    here = ops.expand_dims(present, -1)
    means = ops.where(here, means, 0.0)
    log_precisions = -log_variances
    if weights is not None:
        log_precisions = log_precisions + ops.reshape(ops.log(ops.convert_to_tensor(weights)), (-1, 1, 1))
    log_precisions = ops.where(here, log_precisions, -1e9)
    if prior:
        standard = ops.zeros_like(means[:1])
        means = ops.concatenate([means, standard])
        log_precisions = ops.concatenate([log_precisions, standard])
    log_precision = ops.logsumexp(log_precisions, axis=0)
    return ops.sum(ops.exp(log_precisions - log_precision) * means, axis=0), -log_precision
