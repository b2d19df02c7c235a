"""How models of the dataset `digits` are scored: draw, measure, compare, on the official test split.

A drawn picture is read by the evaluation network (digit) and by the stroke measurements that wrote the captions
(thickness, slant); a drawn sentence by the parser of captions.
"""

import numpy as np
import tensorflow as tf

from mmgen_tf.data.builders.digits.captions import parse_captions
from mmgen_tf.data.builders.digits.stroke_measures import DIGITS_TERCILES
from mmgen_tf.evaluation.classification_accuracy import augmentation_figures
from mmgen_tf.metrics import (
    PRDC,
    Coherence,
    FrechetDistance,
    InceptionScore,
    JointCoherence,
    KernelDistance,
    StrictCaptionAccuracy,
)
from mmgen_tf.noise import Noise

ATTRIBUTES = ("digit", "thickness", "slant")
BATCH = 500
LIKELIHOOD_SAMPLES = 100


def read_attributes(judge, pictures):
    """uint8 pictures -> (features, int `(n, 3)` of digit, thickness, slant; -1 where there is no ink)."""
    features, digits = judge(pictures)
    strokes = DIGITS_TERCILES.classify(pictures)
    return features, np.stack([digits, strokes["thickness"], strokes["slant"]], axis=1)


def evaluate_digits(model, test, judges, seed=0, train=None):
    """Every figure that applies to the model's directions.

    Args:
        model: a `GenerativeModel` over some of image, text and label.
        test: columns of the test split.
        judges: dict of "image" -> `Judge`.
        seed: of the draws.
        train: columns of the training split, for what drawn pictures are worth to a classifier; None to leave it out.

    Returns:
        list of `(metric, value, protocol)`, the most telling first.
    """
    judge, truth = judges["image"], np.stack([test[name] for name in ("label", "thickness", "slant")], axis=1)
    ways = model.directions()
    figures = []
    if (("text",), ("image",)) in ways:
        figures += _text_to_image(model, test, truth, judge, seed, "" if len(ways) == 1 else "text_to_image_")
        figures += augmentation_figures(model, train, test, seed) if train is not None else []
    if (("image",), ("text",)) in ways:
        figures += _image_to_text(model, test, truth, seed)
    if any(not given for given, _ in ways):
        figures += _joint(model, test, judge, seed)
    if getattr(model, "latent_temperature", 1.0) != 1.0:
        figures += _at_full_temperature(model, test, judge, seed)
    if (("image",), ("label",)) in ways:
        answers = np.array(model.generate({"image": test["image"]}, to="label", seed=seed)).astype(int)
        accuracy = Coherence()
        accuracy.update_state(test["label"], answers)
        figures.append(("accuracy", accuracy.result(), "class with the highest probability, MNIST test split"))
    if hasattr(model, "log_likelihood"):
        figures += _likelihoods(model, test, seed)
    return [(name, round(float(value), 5), protocol) for name, value, protocol in figures]


def _text_to_image(model, test, truth, judge, seed, prefix):
    pictures = model.generate({"text": list(test["text"])}, to="image", seed=seed)
    features, drawn = read_attributes(judge, pictures)
    score = InceptionScore(10)
    score.update_state(judge.probabilities(pictures))
    strict = StrictCaptionAccuracy(ATTRIBUTES)
    strict.update_state(truth, drawn)
    each = strict.per_attribute()
    how = "one picture for each test caption; digit by digit_classifier, strokes measured"
    first = "coherence" if hasattr(model, "log_likelihood") else "digit_accuracy"
    figures = [
        (prefix + first, each["digit"], how),
        (prefix + "strict_accuracy", strict.result(), how + ", all three right"),
        (prefix + "thickness_accuracy", each["thickness"], how),
        (prefix + "slant_accuracy", each["slant"], how),
        (prefix + "inception_score", score.result(), "of digit_classifier's ten classes, not Inception's"),
    ]
    return figures + _against_real(features, test, judge, prefix)


def _against_real(features, test, judge, prefix=""):
    """How the drawn pictures' features lie among those of the test pictures."""
    features_of_real, _ = judge(test["image"])
    on = "digit_classifier features (128), against the test pictures"
    neighbours = PRDC(k=5)
    neighbours.update_state(features_of_real, features)
    figures = [(prefix + name, value, f"PRDC k=5, {on}") for name, value in neighbours.result().items()]
    for name, metric in (("frechet_distance", FrechetDistance()), ("kernel_distance", KernelDistance())):
        metric.update_state(features_of_real, features)
        figures.append((prefix + name, metric.result(), on))
    return figures


def _image_to_text(model, test, truth, seed):
    written = parse_captions(model.generate({"image": test["image"]}, to="text", seed=seed))
    strict = StrictCaptionAccuracy(ATTRIBUTES)
    strict.update_state(truth, written)
    how = "one caption for each test picture, parsed"
    return [
        ("image_to_text_digit_accuracy", strict.per_attribute()["digit"], how),
        ("image_to_text_strict_accuracy", strict.result(), how + ", all three right"),
    ]


def _at_full_temperature(model, test, judge, seed):
    """What the model's own latent temperature changes: the same draws from q(z | X) itself."""
    pictures = model.generate({"text": list(test["text"])}, to="image", seed=seed, latent_temperature=1.0)
    features, digits = judge(pictures)
    agreement, neighbours = Coherence(), PRDC(k=5)
    agreement.update_state(test["label"], digits)
    neighbours.update_state(judge(test["image"])[0], features)
    how = f"latent temperature 1; all other draws here are at the model's own, {model.latent_temperature}"
    return [
        ("text_to_image_coherence_at_temperature_1", agreement.result(), how),
        ("text_to_image_coverage_at_temperature_1", neighbours.result()["coverage"], how),
    ]


def _joint(model, test, judge, seed):
    drawn = model.generate(to=["image", "text"], num_samples=len(test["label"]), seed=seed)
    features, read = read_attributes(judge, drawn["image"])
    said = parse_captions(drawn["text"])
    agreement = JointCoherence()
    agreement.update_state({"image": read[:, 0], "text": said[:, 0]})
    how = "picture and caption from noise name the same digit"
    if model.input_names:
        return [("joint_coherence", agreement.result(), how)]
    strict = StrictCaptionAccuracy(ATTRIBUTES)
    strict.update_state(said, read)
    shares = np.bincount(read[:, 0], minlength=10) / len(read)
    share_of = "share of one digit among the drawn pictures, by digit_classifier"
    figures = [
        ("pair_agreement", agreement.result(), how),
        ("pair_strict_agreement", strict.result(), "digit, thickness and slant as the caption of the pair says"),
        (
            "caption_share_readable",
            float(np.mean((said >= 0).all(1))),
            "captions that name one digit, thickness, slant",
        ),
        ("label_share_min", shares.min(), f"least {share_of}"),
        ("label_share_max", shares.max(), f"greatest {share_of}"),
    ]
    return figures + _against_real(features, test, judge)


def _likelihoods(model, test, seed):
    """Importance-weighted log-likelihoods of grey pictures in 0..1 and captions, in nats."""
    processors = model.processors

    @tf.function(reduce_retracing=True, autograph=False)
    def rows(image, text, draw):
        batch = {"image": processors["image"].preprocess(image), "text": processors["text"].preprocess(text)}
        asked = (((), ("image", "text")), ((), ("image",)), (("text",), ("image",)))
        noise = Noise(tf.stack([tf.constant(seed), draw]))
        return [model.log_likelihood(batch, noise, LIKELIHOOD_SAMPLES, of, given) for given, of in asked]

    totals, count = np.zeros(3), len(test["label"])
    for number, start in enumerate(range(0, count, BATCH)):
        part = slice(start, start + BATCH)
        answers = rows(test["image"][part], tf.constant(test["text"][part]), tf.constant(number))
        totals += [float(tf.reduce_sum(answer)) for answer in answers]
    how = f"importance-weighted, K={LIKELIHOOD_SAMPLES}, nats; relaxed Bernoulli pixels in 0..1, not binarised"
    names = ("joint_log_likelihood", "image_log_likelihood", "image_given_text_log_likelihood")
    return [(name, total / count, how) for name, total in zip(names, totals, strict=True)]
