"""mvae_cdsprites_level_3: sprites and sentences that state shape, size and colour, either from the other, or both.

Command:   mmgen train mvae_cdsprites_level_3 --out runs/mvae_cdsprites_level_3
Hardware:  2 CPU cores
Wall time: not trained yet
Seed:      0
Result:    none yet
"""

from mmgen_tf.training.cdsprites_recipe import cdsprites_recipe

recipe = cdsprites_recipe(level=3, epochs=6)
