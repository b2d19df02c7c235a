"""mvae_cdsprites_level_3: sprites and sentences that state shape, size and colour, either from the other, or both.

Command:   mmgen train mvae_cdsprites_level_3 --out runs/mvae_cdsprites_level_3
Hardware:  2 CPU cores
Wall time: 13 minutes, beside other work
Seed:      0
Result:    text_to_image_strict_accuracy 0.819, image_to_text 0.999, joint 0.836 (metrics.json)
"""

from mmgen_tf.training.cdsprites_recipe import cdsprites_recipe

recipe = cdsprites_recipe(level=3, epochs=6, components=300)
