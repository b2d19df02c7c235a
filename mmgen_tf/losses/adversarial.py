"""Adversarial losses by name. All take logits `(batch,)` and give per-row losses `(batch,)` to be minimised."""

import dataclasses
import difflib
from collections.abc import Callable

from keras import ops


@dataclasses.dataclass(frozen=True)
class AdversarialLoss:
    """The three ways in which a logit is judged.

    Attributes:
        real: the discriminator's loss on real samples.
        fake: the discriminator's loss on generated (or mismatched) samples.
        generator: the generator's loss on its own samples.
    """

    real: Callable
    fake: Callable
    generator: Callable


def _minus(logits):
    return -logits


def _plus(logits):
    return logits


ADVERSARIAL_LOSSES = {
    # Goodfellow et al. 2014, eq. 1: min_G max_D E log D(x) + E log(1 - D(G(z)))
    "minimax": AdversarialLoss(
        lambda logits: ops.softplus(-logits), ops.softplus, lambda logits: -ops.softplus(logits)
    ),
    # Goodfellow et al. 2014, section 3: the generator maximises log D(G(z)) instead
    "non_saturating": AdversarialLoss(
        lambda logits: ops.softplus(-logits), ops.softplus, lambda logits: ops.softplus(-logits)
    ),
    # Mao et al. 2017, eq. 9
    "least_squares": AdversarialLoss(
        lambda logits: 0.5 * ops.square(logits - 1.0), lambda logits: 0.5 * ops.square(logits),
        lambda logits: 0.5 * ops.square(logits - 1.0),
    ),
    # Lim & Ye 2017; Miyato et al. 2018, eq. 16-17
    "hinge": AdversarialLoss(lambda logits: ops.relu(1.0 - logits), lambda logits: ops.relu(1.0 + logits), _minus),
    # Arjovsky et al. 2017; needs a gradient penalty (Gulrajani et al. 2017)
    "wasserstein": AdversarialLoss(_minus, _plus, _minus),
}  # fmt: skip


def adversarial_loss(name):
    """The `AdversarialLoss` of that name. Raises ValueError with the near names if there is none."""
    if name not in ADVERSARIAL_LOSSES:
        near = difflib.get_close_matches(str(name), ADVERSARIAL_LOSSES, n=1) or sorted(ADVERSARIAL_LOSSES)
        raise ValueError(f"Unknown adversarial loss {name!r}; did you mean {' or '.join(near)}?")
    return ADVERSARIAL_LOSSES[name]
