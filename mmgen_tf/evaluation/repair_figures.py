"""How repaired pictures are scored: how much nearer they look to the whole ones than what needs no model."""

import numpy as np

from mmgen_tf.evaluation.perceptual import pretrained_vgg16
from mmgen_tf.layers.best_symmetry import best_symmetry
from mmgen_tf.layers.smooth_fill import smooth_fill
from mmgen_tf.metrics import LPIPS

SIMPLE = {  # what each task is compared with
    "inpaint": "mean_fill",
    "colourise": "grey",
    "upscale_2x": "bicubic",
    "upscale_4x": "bicubic",
}


def repair_figures(model, pictures, captions, network=None, seed=0):
    """LPIPS of each task's repairs, and its ratio to that of the simplest remedy.

    Args:
        model: an `ImageRepairGAN`.
        pictures: uint8 `(n, height, width, 3)`, whole.
        captions: list of what they show, for a model that reads text; a list of None for none.
        network: a `VGG16`, the pretrained one if None.
        seed: of the damage.

    Returns:
        list of `(metric, value, protocol)`, inpainting first.
    """
    lpips, figures = LPIPS(network or pretrained_vgg16()), []
    for task, simple in SIMPLE.items():
        damaged = model.damaged(pictures, [task] * len(pictures), seed)
        remedy = mean_filled(damaged["damaged"], damaged["mask"]) if task == "inpaint" else damaged["damaged"]
        told = {"text": list(captions)} if "text" in model.input_names else {}
        repaired = model.generate(damaged | told, to="image", seed=seed)
        ours, theirs = _mean(lpips, pictures, repaired), _mean(lpips, pictures, remedy)
        how = "LPIPS (VGG16) against the whole test pictures of concepts never seen"
        figures += [
            (f"lpips_ratio_to_{_name(task, simple)}", ours / theirs, f"{task}: repaired by the model, over {simple}"),
            (f"lpips_{task}", ours, how),
            (f"lpips_{task}_{simple}", theirs, f"{how}; {simple} in the model's place"),
        ]
    damaged = model.damaged(pictures, ["inpaint"] * len(pictures), seed)
    remedy = _mean(lpips, pictures, symmetry_filled(damaged["damaged"], damaged["mask"]))
    how += "; the picture's own best mirror image or turn, or a smooth fill where that has the hole too, in its place"
    return [*figures, ("lpips_inpaint_symmetry_fill", remedy, how)]


def _name(task, simple):
    return simple if task in ("inpaint", "colourise") else f"{simple}_{task.removeprefix('upscale_')}"


def _mean(lpips, pictures, others):
    lpips.reset_state()
    lpips.update_state(pictures, others)
    return float(lpips.result())


def symmetry_filled(damaged, mask):
    """Pictures whose holes have what stands at the place that the best symmetry tells, or, where that is a hole too, a
    smooth fill: what a picture tells of itself, uint8 `(n, height, width, 3)`."""
    hole = (np.asarray(mask) >= 128).astype("float32")
    smooth = np.asarray(smooth_fill(np.asarray(damaged, "float32"), hole))
    turned, its_hole = (np.asarray(each) for each in best_symmetry(smooth / 127.5 - 1.0, hole))
    return np.round(np.where((hole > 0) & (its_hole == 0), 127.5 * (turned + 1.0), smooth)).astype("uint8")


def mean_filled(damaged, mask):
    """Pictures whose holes have the mean colour of what is left of each: uint8 `(n, height, width, 3)`."""
    left = (np.asarray(mask) < 128).astype("float64")
    means = (damaged * left).sum((1, 2), keepdims=True) / np.maximum(left.sum((1, 2), keepdims=True), 1.0)
    return np.round(np.where(left > 0, damaged, means)).astype("uint8")
