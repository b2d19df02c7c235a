"""mvae_cdsprites_level_1: sprites and sentences that state their shape, either from the other, or both.

Command:   mmgen train mvae_cdsprites_level_1 --out runs/mvae_cdsprites_level_1
Hardware:  2 CPU cores
Wall time: 35 minutes, beside other work
Seed:      0
Result:    text_to_image_strict_accuracy 0.998, image_to_text 1.000, joint 1.000 (metrics.json)
"""

from mmgen_tf.training.cdsprites_recipe import cdsprites_recipe

recipe = cdsprites_recipe(level=1, epochs=10)
