"""mvae_cdsprites_level_2: sprites and sentences that state shape and size, either from the other, or both.

Command:   mmgen train mvae_cdsprites_level_2 --out runs/mvae_cdsprites_level_2
Hardware:  2 CPU cores
Wall time: 3 minutes
Seed:      0
Result:    text_to_image_strict_accuracy 0.896, image_to_text 1.000, joint 0.941 (metrics.json)
"""

from mmgen_tf.training.cdsprites_recipe import cdsprites_recipe

recipe = cdsprites_recipe(level=2, epochs=5, components=120)
