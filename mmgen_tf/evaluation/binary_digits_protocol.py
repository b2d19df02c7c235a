"""How models of binarised `digits` pictures and labels are scored: likelihoods in nats, and each from the other.

The test pictures are binarised once for all: each pixel is ink with the probability grey / 255 (Salakhutdinov & Murray
2008), by a coin of a fixed seed.
"""

import numpy as np
import tensorflow as tf
from keras import ops

from mmgen_tf.evaluation.draws import draw_from, draw_jointly, makes_jointly, share_agreeing, share_right
from mmgen_tf.metrics import LogLikelihood, importance_weighted
from mmgen_tf.models.vae.multimodal_vae import MultimodalVAE
from mmgen_tf.noise import Noise

BINARIZATION_SEED = 0
SAMPLES = 1000
ROWS = 8  # of a step: 8,000 decoded pictures stay near the processor's cache


def binarize(pictures, seed=BINARIZATION_SEED):
    """uint8 grey pictures `(n, ...)` -> uint8 of 0 and 255. The first rows are the same whatever n is."""
    coins = np.random.default_rng(seed).random(pictures.shape, dtype="float32")
    return np.where(coins < pictures.astype("float32") / 255.0, 255, 0).astype("uint8")


def evaluate_binary_digits(model, test, judges, seed=0):
    """Every figure that applies to the model's directions.

    Args:
        model: a `GenerativeModel` over image and label.
        test: columns of the test split of `digits`, grey.
        judges: dict of "image" -> `Judge`.
        seed: of the draws; the binarisation has its own, `BINARIZATION_SEED`.

    Returns:
        list of `(metric, value, protocol)`, the most telling first.
    """
    test = {**test, "image": binarize(test["image"])}
    figures = likelihoods(model, test, seed) if hasattr(model, "log_likelihood") else []
    binary = f"pictures binarised once with seed {BINARIZATION_SEED}"
    if (("image",), ("label",)) in model.directions():
        answers = _class_numbers(model, draw_from(model, test, ["image"], ["label"], seed)["label"])
        how = f"one label for each test picture; {binary}"
        figures.append(("image_to_label_accuracy", share_right(test["label"], answers), how))
    judged = "class by digit_classifier"
    if (("label",), ("image",)) in model.directions():
        drawn = draw_from(model, test, ["label"], ["image"], seed)["image"]
        share = share_right(test["label"], judges["image"].classes(drawn))
        figures.append(("label_to_image_coherence", share, f"one mean picture for each test label, {judged}"))
    if makes_jointly(model):
        drawn = draw_jointly(model, ("image", "label"), len(test["label"]), seed)
        classes = {"image": judges["image"].classes(drawn["image"]), "label": _class_numbers(model, drawn["label"])}
        how = f"mean picture and label drawn together from noise show one digit, {judged}"
        figures.append(("joint_coherence", share_agreeing(classes), how))
    return figures


def likelihoods(model, test, seed=0, samples=None):
    """Importance-weighted log-likelihoods, in nats, means over rows.

    Of a `MultimodalVAE`, `joint_log_likelihood` and `image_log_likelihood`, both from the same draws of q(z | image,
    label), so that each draw is decoded once. Of a model of pictures given labels, `image_given_label_log_likelihood`.

    Args:
        model: with `log_likelihood`.
        test: columns `image`, uint8 of 0 and 255, and `label`.
        seed: of the draws.
        samples: K, `SAMPLES` if None.

    Returns:
        list of `(metric, value, protocol)`.
    """
    samples = SAMPLES if samples is None else samples
    joint = isinstance(model, MultimodalVAE)
    rows = _joint_and_image if joint else lambda *asked: (model.log_likelihood(*asked),)
    names = ("joint_log_likelihood", "image_log_likelihood") if joint else ("image_given_label_log_likelihood",)

    @tf.function(reduce_retracing=True, autograph=False)
    def step(raw, draw):
        batch = {name: model.processors[name].preprocess(value) for name, value in raw.items()}
        noise = Noise(tf.stack([tf.constant(seed), draw]))
        return rows(model, batch, noise, samples) if joint else rows(batch, noise, samples)

    means = [LogLikelihood() for _ in names]
    for number, start in enumerate(range(0, len(test["label"]), ROWS)):
        raw = {name: tf.constant(test[name][start : start + ROWS]) for name in model.processors}
        for mean, answer in zip(means, step(raw, tf.constant(number)), strict=True):
            mean.update_state(answer)
    how = f"importance-weighted, K={samples}, nats; pictures binarised once with seed {BINARIZATION_SEED}"
    how += "; proposal q(z | image, label)" if joint else ""
    return [(name, float(mean.result()), how) for name, mean in zip(names, means, strict=True)]


def _joint_and_image(model, batch, noise, samples):
    """log p(image, label), as `model.log_likelihood` gives it, and log p(image), `(batch,)` each."""
    size = tf.shape(batch["label"])[0]
    present = {name: tf.ones([size], tf.bool) for name in model.processors}
    proposal = model.posterior(batch, present)
    z = proposal.draw(noise, samples=samples)
    ratio, flat = model.log_prior(z) - proposal.log_density(z), ops.reshape(z, (-1, model.latent_dim))
    told = {}
    for name in ("image", "label"):
        x = ops.repeat(batch[name], samples, axis=0)
        told[name] = ops.reshape(model.decoders[name].log_prob(model.decoder_latents(flat, name), x), (-1, samples))
    image = ratio + told["image"]
    return importance_weighted(image + told["label"], axis=1), importance_weighted(image, axis=1)


def _class_numbers(model, names):
    """Class names -> int64 `(n,)`."""
    numbers = {name: number for number, name in enumerate(model.modalities["label"].vocabulary)}
    return np.array([numbers[name] for name in names], "int64")
