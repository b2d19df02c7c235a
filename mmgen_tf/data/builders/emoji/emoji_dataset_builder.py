"""The emoji dataset: pictures of one concept in six drawing styles, named in six languages, split by concept."""

import json
import pathlib

import numpy as np
import tensorflow_datasets as tfds

from mmgen_tf.data.builders.emoji import emoji_names, emoji_packages, emoji_pictures
from mmgen_tf.data.builders.emoji.emoji_packages import LANGUAGES, STYLES

SEED = 0
TEST_SHARE = 0.1  # of the concepts
HELD_OUT_SHARE = 0.2  # of the other concepts: each lacks one style in `train`, which `held_out` has
GROUPS = (
    "Activities", "Animals & Nature", "Flags", "Food & Drink", "Objects", "People & Body", "Smileys & Emotion",
    "Symbols", "Travel & Places",
)  # fmt: skip


class Builder(tfds.core.GeneratorBasedBuilder):
    """Builder of the emoji dataset; see its README.

    Args:
        source: a folder with the package files as npm names them; None asks for them by name.
        packages: other `PackageSource`s under the keys of `emoji_packages.PACKAGES`, as tests inject.
        **kwargs: of `tfds.core.GeneratorBasedBuilder`.
    """

    VERSION = tfds.core.Version("1.0.0")
    RELEASE_NOTES = {"1.0.0": "Initial release."}
    # TFDS 4.9.10 would look for it with `importlib_resources`, which it does not depend on.
    code_path = pathlib.Path(__file__)

    def __init__(self, *, source=None, packages=emoji_packages.PACKAGES, **kwargs):
        self._source, self._packages = source, packages
        super().__init__(**kwargs)

    def _info(self):
        text = tfds.features.Text
        features = {
            "image": tfds.features.Image(shape=(emoji_pictures.SIZE, emoji_pictures.SIZE, 3), doc="On white."),
            "text": text(doc='English name and style: "red apple, flat style".'),
            "concept": text(doc="The code points in hex, joined by -, without FE0F."),
            "style": tfds.features.ClassLabel(names=STYLES),
            "group": tfds.features.ClassLabel(names=GROUPS),
        }
        for language in LANGUAGES:
            features[f"name_{language}"] = text(doc=f"CLDR's short name, {language}.")
            features[f"keywords_{language}"] = text(doc=f"CLDR's keywords, {language}, between vertical bars.")
        for language in LANGUAGES[1:]:
            features[f"text_{language}"] = text(doc=f"As text, {language}.")
        return self.dataset_info_from_configs(
            features=tfds.features.FeaturesDict(features),
            supervised_keys=("text", "image"),
            license="Apache-2.0, CC BY 4.0, CC BY-SA 4.0, MIT and Unicode-3.0, see the README",
            disable_shuffling=True,
        )

    def _split_generators(self, dl_manager):
        directories = emoji_packages.fetch_all(self._source, self._packages)
        pictures = emoji_pictures.find_pictures({style: directories[style] for style in STYLES})
        names = emoji_names.read_names(directories)
        listed = json.loads((directories["noto"] / emoji_packages.LIST).read_text(encoding="utf-8"))
        groups = {emoji_names.concept_of(entry["unified"]): entry["category"] for entry in listed}
        everywhere = [*pictures.values(), *names.values()]
        groups = {key: group for key, group in groups.items() if all(key in there for there in everywhere)}
        return {
            split: self._generate_examples(rows, pictures, names, groups) for split, rows in split_rows(groups).items()
        }

    def _generate_examples(self, rows, pictures, names, groups):
        for index, (concept, style) in enumerate(rows):
            row = {
                "image": emoji_pictures.render(pictures[style][concept]),
                "concept": concept,
                "style": style,
                "group": groups[concept],
            }
            for language in LANGUAGES:
                name, keywords = names[language][concept]
                text = "text" if language == "en" else f"text_{language}"
                row[text] = emoji_names.caption_of(name, style, language)
                row[f"name_{language}"] = name
                row[f"keywords_{language}"] = emoji_names.KEYWORD_SEPARATOR.join(keywords)
            yield index, row


def split_rows(concepts, seed=SEED):
    """dict of split -> list of `(concept, style)`, whatever the order in which the concepts come.

    `test` has every style of concepts that `train` has not; `held_out` one style of some that it has in all others.
    """
    random, ordered = np.random.default_rng(seed), sorted(concepts)
    order = [ordered[number] for number in random.permutation(len(ordered))]
    count = round(TEST_SHARE * len(order))
    unseen, seen = sorted(order[:count]), order[count:]
    lacking = dict(zip(seen[: round(HELD_OUT_SHARE * len(seen))], random.integers(len(STYLES), size=len(seen))))
    held_out = [(concept, STYLES[style]) for concept, style in sorted(lacking.items())]
    every = [(concept, style) for concept in sorted(seen) for style in STYLES]
    return {
        "train": [row for row in every if row not in set(held_out)],
        "held_out": held_out,
        "test": [(concept, style) for concept in unseen for style in STYLES],
    }
