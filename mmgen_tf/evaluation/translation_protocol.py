"""How translators with a photo are scored on Multi30K: BLEU, and what the photo adds where words that it tells are
masked."""

import numpy as np

from mmgen_tf.data.open_photos import SENTENCES, open_photos
from mmgen_tf.data.visible_words import without_visible_words
from mmgen_tf.evaluation.draws import draw_from
from mmgen_tf.metrics import Bleu

TO = "translation"
BEAMS = 4


def evaluate_translations(model, test, judges, seed=0):
    """Every figure of a model from an English `text`, a `language` and a photo, where there is one, to `translation`.

    Args:
        model: a `GenerativeModel`.
        test: columns of the test split.
        judges: not used.
        seed: of the shuffle of photos.

    Returns:
        list of `(metric, value, protocol)`: for each language BLEU, cased and lower-cased; for the rows with a photo,
        colours and nouns of the source masked, BLEU with the photo, without it and with another row's.
    """
    if TO not in model.output_names:
        return []
    photos = [photo if there else None for photo, there in zip(test["image"], test["has_image"], strict=True)]
    languages, figures = model.modalities["language"].vocabulary, []
    for language in languages:
        said = translated(model, list(test["text"]), photos, language)
        suffix = "" if language == languages[0] else f"_{language}"
        for name, form in (("bleu", "13a"), ("bleu_tokenised", "lowercase")):
            bleu = Bleu(form)
            bleu.update_state(list(test[f"text_{language}"]), said)
            value = bleu.result()
            how = f"en to {language}, beam {BEAMS}, photos where there are some; sacrebleu {bleu.signature}"
            figures.append((f"{name}{suffix}", value, how))
    return [*figures, *photo_figures(model, test, photos, languages[0], seed)]


def photo_figures(model, test, photos, language, seed):
    """What the photos are worth where colours and nouns are masked."""
    rows = [row for row, photo in enumerate(photos) if photo is not None]
    masked, seen = [without_visible_words(test["text"][row]) for row in rows], [photos[row] for row in rows]
    references = [test[f"text_{language}"][row] for row in rows]
    other = np.roll(np.random.default_rng(seed).permutation(len(rows)), 1)
    shown = {"with_photo": seen, "without_photo": [None] * len(rows), "other_photo": [seen[row] for row in other]}
    values = {}
    for name, pictures in shown.items():
        bleu = Bleu("13a")
        bleu.update_state(references, translated(model, masked, pictures, language))
        values[name] = bleu.result()
    how = f"en to {language} of the {len(rows)} rows with a photo, colours and nouns masked (visible_words.py); "
    gain = values["with_photo"] - values["without_photo"]
    figures = [("photo_gain_bleu", gain, f"{how}BLEU with the photo minus without")]
    return figures + [(f"masked_bleu_{name}", value, how + name.replace("_", " ")) for name, value in values.items()]


def translated(model, sentences, photos, language):
    """The translations of sentences, None among the photos where there is none."""
    columns = {"text": sentences, "image": photos, "language": [language] * len(sentences)}
    given = [name for name in model.input_names if any(value is not None for value in columns[name])]
    return draw_from(model, columns, given, [TO], seed=0, num_beams=BEAMS)[TO]


def shown_translations():
    """Columns to show a translator on: photos that may be passed on, a sentence about each, languages in turn."""
    columns = open_photos()
    return columns | {"language": ["de" if row % 2 == 0 else "fr" for row in range(len(SENTENCES))]}
