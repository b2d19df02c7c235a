"""mvae_binary_digits: binarised handwritten digits and their class, either from the other, or both from nothing.

Command:   mmgen train mvae_binary_digits --out runs/mvae_binary_digits
Hardware:  2 CPU cores
Wall time: 34 minutes: 160 epochs under a schedule of 160, then 100 more under one of 260 (--resume --set epochs=260)
Seed:      0
Result:    joint_log_likelihood -86.07 (K=1000), image_to_label_accuracy 0.966 (metrics.json)
"""

from mmgen_tf.models.vae.mvae import MVAE
from mmgen_tf.training.binary_digits_recipe import binary_digits_recipe


def make(settings, **parts):
    return MVAE(
        **parts,
        weights={"label": settings["label_weight"]},
        cross_weights={
            "label": settings["label_cross_weight"]
        },  # without it the label settles in dimensions of its own
    )


recipe = binary_digits_recipe("mvae_binary_digits", make, label_weight=5.0, label_cross_weight=1.0, epochs=260)
