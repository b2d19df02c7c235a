"""What emoji are called: names and keywords of Unicode's CLDR in six languages, and captions made of them."""

import json
import pathlib

from mmgen_tf.data.builders.emoji.emoji_packages import LANGUAGES, STYLES, name_file

KEYWORD_SEPARATOR = " | "
CAPTIONS = {  # language -> how name and style stand together
    "en": "{name}, {style} style",
    "zh": "{name}，{style}风格",
    "de": "{name}, Stil {style}",
    "fr": "{name}, style {style}",
    "es": "{name}, estilo {style}",
    "ja": "{name}、{style}スタイル",
}


def concept_of(code_points):
    """The key of an emoji: its code points in lower-case hex, joined by "-", without the variation selector FE0F."""
    parts = (part.lstrip("0") for part in code_points.lower().split("-"))
    return "-".join(part for part in parts if part != "fe0f")


def read_names(directories, languages=LANGUAGES):
    """The names and keywords of every emoji.

    Args:
        directories: dict "annotations", "annotationsDerived" -> directory of the package.
        languages: of `LANGUAGES`.

    Returns:
        dict of language -> dict of concept -> `(name, list of keywords)`.
    """
    told = {}
    for language in languages:
        told[language] = {}
        for kind in ("annotations", "annotationsDerived"):
            path = pathlib.Path(directories[kind], name_file(kind, language))
            for emoji, entry in json.loads(path.read_text(encoding="utf-8"))[kind]["annotations"].items():
                if "tts" in entry:
                    key = concept_of("-".join(f"{ord(character):x}" for character in emoji))
                    told[language][key] = (entry["tts"][0], entry.get("default", []))
    return told


def caption_of(name, style, language="en"):
    """A caption such as "red apple, flat style".

    Raises:
        ValueError: for another style or language.
    """
    if style not in STYLES or language not in CAPTIONS:
        raise ValueError(
            f"Expected a style among {STYLES} and a language among {tuple(CAPTIONS)}; received {style!r}, {language!r}."
        )
    return CAPTIONS[language].format(name=name, style=style)
