"""How models of the dataset `emoji` are scored: on concepts never seen, and on known ones in a style not seen of them.

Pictures drawn for captions are judged by a `DualEncoder` trained on real pairs, `dual_encoder_emoji`: R-precision, the
share of drawn pictures that are nearer to their own caption than to 99 others (Xu et al. 2018, section 4.1). VGG16, as
LPIPS uses it, measures how they look: a Fréchet distance on it is no FID, which is Inception's.
"""

import numpy as np
import tensorflow as tf

from mmgen_tf.evaluation.draws import draw_from
from mmgen_tf.evaluation.perceptual import pretrained_vgg16
from mmgen_tf.evaluation.repair_figures import repair_figures
from mmgen_tf.evaluation.retrieval_figures import retrieval_figures
from mmgen_tf.metrics import LPIPS, FrechetDistance, RetrievalRecall
from mmgen_tf.models.contrastive.dual_encoder import DualEncoder
from mmgen_tf.models.gan.image_repair_gan import ImageRepairGAN

CAPTIONS = 100  # that one picture is compared with
COLLECTION = 300  # that one query is searched in
HALF = 2000  # training pictures on either side of a Fréchet distance
PAIRS = 300  # captions that are drawn twice


def evaluate_emoji(model, test, judges, seed=0, held_out=None, train=None, network=None):
    """Every figure that applies to the model.

    Args:
        model: a `DualEncoder`, an `ImageRepairGAN`, or a `GenerativeModel` from text to image.
        test: columns of the test split: concepts that were not trained on.
        judges: dict of "image" -> `DualEncoder`.
        seed: of draws and of what is compared.
        held_out: columns of the held-out split: concepts that were trained on in other styles.
        train: columns of the training split.
        network: a `VGG16`; the pretrained one is fetched where it is needed if None.

    Returns:
        list of `(metric, value, protocol)`, the most telling first.
    """
    if isinstance(model, DualEncoder):
        some = {name: some_of(columns, seed) for name, columns in (("test", test), ("held_out", held_out))}
        return retrieval_figures(model, some["test"], (10, 1), "", "unseen concepts") + retrieval_figures(
            model, some["held_out"], (10, 1), "_seen", "known concepts in an unseen style"
        )
    if isinstance(model, ImageRepairGAN):
        return repair_figures(model, test["image"], test["text"], network, seed)
    if (("text",), ("image",)) not in model.directions():
        return []
    network = network or pretrained_vgg16()
    judge, figures = judges["image"], []
    for name, columns, what in (
        ("r_precision", held_out, "known concepts in a style not seen of them"),
        ("r_precision_unseen", test, "concepts never seen"),
    ):
        drawn = draw_from(model, columns, ["text"], ["image"], seed)["image"]
        how = f"one picture for each of {len(drawn)} captions of {what}, found among {CAPTIONS} captions"
        figures.append((name, r_precision(judge, drawn, columns["text"], seed), f"{how} by dual_encoder_emoji"))
        real = r_precision(judge, columns["image"], columns["text"], seed)
        figures.append((f"{name}_of_real_pictures", real, f"as {name}, of the real pictures"))
    figures += looks(model, train, network, seed)
    return sorted(figures, key=lambda figure: figure[0] != "r_precision")


def looks(model, train, network, seed):
    """How the pictures look that are drawn for one half of training captions: beside the other half's real pictures,
    with the two real halves as the floor, and how different two of one caption are."""
    rows = np.random.default_rng(seed).permutation(len(train["text"]))[: 2 * HALF]
    half, other = np.split(rows[: len(rows) // 2 * 2], 2)
    captions = {"text": [train["text"][row] for row in half]}
    drawn = draw_from(model, captions, ["text"], ["image"], seed)["image"]
    others = features(network, train["image"][other])
    distance, floor = (frechet(others, features(network, pictures)) for pictures in (drawn, train["image"][half]))
    again = draw_from(model, {"text": captions["text"][:PAIRS]}, ["text"], ["image"], seed + 1)["image"]
    variety = LPIPS(network)
    variety.update_state(drawn[:PAIRS], again)
    on = "means over the places of VGG16's last map (ImageNet, not Inception)"
    how = f"{on}: pictures for {len(half)} training captions against {len(other)} other real ones"
    return [
        ("frechet_distance", distance, how),
        ("frechet_distance_floor", floor, f"{on}: the real pictures of these captions against the others"),
        ("frechet_distance_ratio_to_floor", distance / floor, how),
        ("lpips_diversity", variety.result(), f"LPIPS (VGG16) of two pictures for each of {len(again)} captions"),
    ]


def features(network, pictures, batch_size=100):
    """The network's features of uint8 pictures, `(n, channels)`."""
    see = tf.function(network.features, autograph=False, reduce_retracing=True)
    return np.concatenate([see(pictures[i : i + batch_size]) for i in range(0, len(pictures), batch_size)])


def frechet(real, drawn):
    """The Fréchet distance of two sets of features."""
    metric = FrechetDistance()
    metric.update_state(real, drawn)
    return metric.result()


def r_precision(judge, pictures, captions, seed=0):
    """The share of pictures that are nearer to their own caption than to 99 others, drawn with a seed."""
    vectors, texts = judge.embed({"image": pictures}), judge.embed({"text": list(captions)})
    others = others_of(len(texts), min(CAPTIONS, len(texts)), seed)
    metric = RetrievalRecall(1)
    metric.update_state(np.einsum("nd,ncd->nc", vectors, texts[others]), np.zeros(len(vectors), int))
    return float(metric.result())


def others_of(count, size, seed):
    """int `(count, size)`: each row's own number first, then others, none twice."""
    random = np.random.default_rng(seed)
    rows = np.stack([random.permutation(count - 1)[: size - 1] for _ in range(count)])
    own = np.arange(count)[:, None]
    return np.concatenate([own, rows + (rows >= own)], axis=1)


def some_of(columns, seed):
    """The pictures and captions of `COLLECTION` rows, drawn with a seed."""
    rows = np.random.default_rng(seed).permutation(len(columns["text"]))[:COLLECTION]
    return {"image": columns["image"][rows], "text": [columns["text"][row] for row in rows]}
