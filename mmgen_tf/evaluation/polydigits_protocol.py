"""How models of the dataset `polydigits` are scored: every proper subset of the five modalities gives every other one.

A drawn picture is read by one evaluation network for all modalities, `polydigits_classifier`.
"""

import itertools

import numpy as np
import tensorflow as tf

from mmgen_tf.evaluation.draws import BATCH, draw_from, draw_jointly, makes_jointly, share_agreeing, share_right
from mmgen_tf.metrics import ClusteringAccuracy, FrechetDistance, LinearProbe, StructuralSimilarity
from mmgen_tf.metrics.clustering_accuracy import agreement

JUDGED = "class by polydigits_classifier"
WINDOW = 11  # pixels a side, of the structural similarity


def evaluate_polydigits(model, test, judges, seed=0):
    """Every figure that applies to the model's directions.

    Args:
        model: a `GenerativeModel` over some of `image_0` to `image_4`.
        test: columns of the test split.
        judges: dict of modality -> `Judge`.
        seed: of the draws.

    Returns:
        list of `(metric, value, protocol)`, the most telling first.
    """
    figures = coherences(model, test, judges, seed)
    plain = {"latent_temperature": 1.0, "sampler_as_prior": False, "num_candidates": 1}
    if any(getattr(model, name, value) != value for name, value in plain.items()):
        how = "as without the suffix, from the posterior itself: plain prior, latent temperature 1, first draw"
        means = coherences(model, test, judges, seed, **plain)
        figures += [(f"{n}_of_plain_posterior", value, how) for n, value, _ in means if n.startswith("coherence_")]
    if makes_jointly(model):
        figures += _joint(model, test, judges, seed)
    if set(model.output_names) <= set(model.input_names):
        figures += _reconstructions(model, test, seed)
    if hasattr(model, "encode"):
        figures += _latents(model, test)
    return figures


def coherences(model, test, judges, seed=0, **options):
    """`coherence_<size>` over all subsets of that size and all outputs outside, and each single direction.

    All outputs of a subset are drawn together, from one latent, in one call of `generate`, with `options`.
    """
    shares, names = {}, model.input_names
    for size in range(1, len(names) + 1):
        for given in itertools.combinations(names, size):
            to = [name for name in model.output_names if name not in given]
            if not to or not set(model.required_names) <= set(given):
                continue
            drawn = draw_from(model, test, given, to, seed, **options)
            for name in to:
                shares[given, name] = share_right(test["label"], judges[name].classes(drawn[name]))
    means, singles = [], []
    for size in sorted({len(given) for given, _ in shares}):
        part = [share for (given, _), share in shares.items() if len(given) == size]
        how = f"mean over {len(part)} pairs of {size} given and one drawn modality, one draw a test row, {JUDGED}"
        means.append((f"coherence_{size}", float(np.mean(part)), how))
    for (given, name), share in shares.items():
        if len(given) == 1:
            singles.append((f"{given[0]}_to_{name}_accuracy", share, f"one draw a test row, {JUDGED}"))
    return means + singles


def with_half_missing(records):
    """The records with `coherence_half_missing` before them, of a model that was trained with half of the data missing.

    Args:
        records: of `evaluate`, with `coherence_1` to `coherence_4`.

    Raises:
        ValueError: if one of these is not there.
    """
    values = {record["metric"]: record["value"] for record in records}
    wanted = [f"coherence_{size}" for size in range(1, 5)]
    if absent := [name for name in wanted if name not in values]:
        raise ValueError(f"coherence_half_missing is the mean of {wanted}; received records without {absent}.")
    mean = round(float(np.mean([values[name] for name in wanted])), 5)
    how = "mean of coherence_1 to coherence_4; trained with half of all values missing"
    return [records[0] | {"metric": "coherence_half_missing", "value": mean, "protocol": how}, *records]


def _joint(model, test, judges, seed):
    names, count = model.output_names, len(test["label"])
    sampled = getattr(model, "latent_sampler", None) is not None
    source = "drawn together from the fitted latent sampler" if sampled else "drawn together from the prior"
    drawn = draw_jointly(model, names, count, seed)
    judged = {name: judges[name](drawn[name]) for name in names}
    figures = [
        ("joint_coherence", _agreeing(judged), f"all {len(names)} modalities, {source}, show one class; {JUDGED}")
    ]
    if sampled:
        plain = model.clone()
        plain.latent_sampler = None
        drawn = draw_jointly(plain, names, count, seed)
        how = f"as joint_coherence, drawn together from the prior; {JUDGED}"
        share = _agreeing({name: judges[name](drawn[name]) for name in names})
        figures.append(("joint_coherence_prior", share, how))
    on = f"polydigits_classifier features, {source}, against the test pictures"
    for name in names:
        distance = FrechetDistance()
        distance.update_state(judges[name](test[name])[0], judged[name][0])
        figures.append((f"frechet_distance_{name}", distance.result(), on))
    return figures


def _agreeing(judged):
    return share_agreeing({name: classes for name, (_, classes) in judged.items()})


def _reconstructions(model, test, seed):
    names = model.output_names
    drawn, each = draw_from(model, test, model.input_names, names, seed), {}
    for name in names:
        metric = StructuralSimilarity(window=min(WINDOW, *test[name].shape[1:3]))
        for start in range(0, len(test[name]), BATCH):
            metric.update_state(test[name][start : start + BATCH], drawn[name][start : start + BATCH])
        each[name] = float(metric.result())
    how = f"SSIM (Wang et al. 2004) of test pictures and what is drawn from all {len(model.input_names)} modalities"
    mean = ("reconstruction_ssim", float(np.mean(list(each.values()))), f"{how}, mean over modalities")
    return [mean, *((f"reconstruction_ssim_{name}", value, how) for name, value in each.items())]


def _latents(model, test):
    labels, half = test["label"], len(test["label"]) // 2
    means, clusters = latent_means(model, test)
    probe = LinearProbe()
    probe.update_state(fitted=(means[:half], labels[:half]), scored=(means[half:], labels[half:]))
    how = f"of latent means given all {len(model.input_names)} modalities"
    figures = [
        ("linear_probe", probe.result(), f"logistic regression {how}, fitted on the first half, scored on the second"),
    ]
    metric = ClusteringAccuracy(clusters=len(np.unique(labels)))
    metric.update_state(means, labels)
    found = f"matched one to one to the classes (Kuhn 1955), k-means {how}"
    figures.append(("clustering_accuracy", metric.result()["accuracy"], found))
    if clusters is not None:
        own = "the model's own most probable cluster of each row, matched one to one to the classes"
        figures.append(("clustering_accuracy_own", agreement(clusters, labels)["accuracy"], own))
    return figures


def latent_means(model, test):
    """Means of q(z | X) of whole test rows.

    Returns:
        float32 `(n, latent)`, and int32 `(n,)` clusters of a model that tells them (`cluster`), else None.
    """
    tells = hasattr(model, "cluster")

    @tf.function(reduce_retracing=True, autograph=False)
    def encode(raw):
        batch = {name: model.processors[name].preprocess(value) for name, value in raw.items()}
        rows = tf.shape(next(iter(batch.values())))[:1]
        present = {name: tf.ones(rows, tf.bool) for name in batch}
        clusters = model.cluster({**batch, "present": present}) if tells else tf.zeros(rows, tf.int32)
        return model.encode(batch, present)[0], clusters

    columns = {name: model.processors[name].stack(test[name]) for name in model.input_names}
    parts = []
    for start in range(0, len(test["label"]), BATCH):
        parts.append(encode({name: tf.constant(column[start : start + BATCH]) for name, column in columns.items()}))
    means, clusters = (np.concatenate(values) for values in zip(*parts, strict=True))
    return means, clusters if tells else None
