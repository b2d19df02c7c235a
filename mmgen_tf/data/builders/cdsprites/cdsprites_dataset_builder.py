"""The coloured sprites: drawn here, level by level, with the sentence that states what was drawn."""

import dataclasses
import pathlib

import tensorflow_datasets as tfds

from mmgen_tf.data.builders.cdsprites import sprite_renderer, sprite_sentences

SIZES = {"train": 50_000, "test": 10_000}
SEEDS = {"train": 1, "test": 2}  # with the level, the seed of a split
_CHUNK = 1000


@dataclasses.dataclass(eq=False)
class LevelConfig(tfds.core.BuilderConfig):
    """A level: how many of the factors vary and are stated, 1 to 5."""

    level: int = 1


class Builder(tfds.core.GeneratorBasedBuilder):
    """Builder of the coloured sprites; see its README. Nothing is downloaded.

    Args:
        source: has no meaning here and must be None; other datasets take it.
        sizes: rows of each split, as tests inject.
        **kwargs: of `tfds.core.GeneratorBasedBuilder`; `config` is one of `"level_1"` to `"level_5"`.

    Raises:
        ValueError: for a `source`.
    """

    VERSION = tfds.core.Version("1.0.0")
    RELEASE_NOTES = {"1.0.0": "Initial release."}
    BUILDER_CONFIGS = [
        LevelConfig(name=f"level_{n}", description=f"States {', '.join(sprite_sentences.factors_of(n))}.", level=n)
        for n in sprite_sentences.LEVELS
    ]
    # TFDS 4.9.10 would look for it with `importlib_resources`, which it does not depend on.
    code_path = pathlib.Path(__file__)

    def __init__(self, *, source=None, sizes=None, **kwargs):
        if source is not None:
            raise ValueError(f"The sprites are drawn, not read: expected no source; received {str(source)!r}.")
        self._sizes = SIZES if sizes is None else sizes
        super().__init__(**kwargs)

    def _info(self):
        features = {
            "image": tfds.features.Image(shape=(64, 64, 3), doc="One sprite on a backdrop."),
            "text": tfds.features.Text(doc="Exactly the factors of the level, in a fixed order of words."),
        }
        for name in sprite_sentences.factors_of(self.builder_config.level):
            features[name] = tfds.features.ClassLabel(names=sprite_sentences.FACTORS[name])
        return self.dataset_info_from_configs(
            features=tfds.features.FeaturesDict(features),
            supervised_keys=("text", "image"),
            license="Apache-2.0",
            disable_shuffling=True,
        )

    def _split_generators(self, dl_manager):
        return {split: self._generate_examples(split, count) for split, count in self._sizes.items()}

    def _generate_examples(self, split, count):
        level = self.builder_config.level
        for start in range(0, count, _CHUNK):
            seed = [SEEDS[split], level, start]
            factors = sprite_renderer.draw_factors(min(_CHUNK, count - start), level, [*seed, 0])
            texts = sprite_sentences.compose_sentences(factors, level)
            columns = {"image": sprite_renderer.render_sprites(factors, [*seed, 1]), "text": texts} | factors
            for index, row in enumerate(zip(*columns.values(), strict=True), start):
                yield index, dict(zip(columns, row, strict=True))
