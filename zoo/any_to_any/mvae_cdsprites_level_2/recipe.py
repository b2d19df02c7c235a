"""mvae_cdsprites_level_2: sprites and sentences that state shape and size, either from the other, or both.

Command:   mmgen train mvae_cdsprites_level_2 --out runs/mvae_cdsprites_level_2
Hardware:  2 CPU cores
Wall time: not trained yet
Seed:      0
Result:    none yet
"""

from mmgen_tf.training.cdsprites_recipe import cdsprites_recipe

recipe = cdsprites_recipe(level=2, epochs=5, components=120)
