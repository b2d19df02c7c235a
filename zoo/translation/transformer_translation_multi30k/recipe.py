"""transformer_translation_multi30k: an English sentence, its photo where there is one, and a language -> a translation.

Command:   mmgen train transformer_translation_multi30k --out runs/transformer_translation_multi30k --data-dir DATA,
           6 minutes an epoch on 2 CPU cores when hidden_dim was half of this; the shipped weights were trained with
           these settings in PyTorch, by benchmarks/translator_in_torch.py, which tells what differs
Hardware:  one NVIDIA H200, which a second training shared
Wall time: 8 minutes
Seed:      0
Result:    en to de: bleu 40.0 (sacrebleu 13a), bleu_tokenised 40.5 (lower-cased); en to fr: bleu 59.8; with colours and
           nouns of the source masked, photo_gain_bleu 2.6 (metrics.json)
"""

from mmgen_tf.data.visible_words import without_visible_words
from mmgen_tf.fusion.early_fusion import EarlyFusion
from mmgen_tf.modalities.image.backbone_image_processor import BackboneImageProcessor
from mmgen_tf.modalities.image.given_regions import GivenRegions
from mmgen_tf.modalities.label.label_encoder import LabelEncoder
from mmgen_tf.modalities.label.label_processor import LabelProcessor
from mmgen_tf.modalities.text.token_embedding import TokenEmbedding
from mmgen_tf.modalities.text.tokenizer_processor import TokenizerProcessor
from mmgen_tf.models.transformer.multimodal_transformer import MultimodalTransformer
from mmgen_tf.models.transformer.transformer_text_decoder import TransformerTextDecoder
from mmgen_tf.training import Recipe
from mmgen_tf.training.recipe_steps import adam_with_cosine

LANGUAGES = ("de", "fr")


def choose_columns(columns, settings):
    """Each sentence in each language; where there is a photo, a second time without the words that the photo tells."""
    rows = []
    for language in LANGUAGES:
        told = zip(columns["text"], columns[f"text_{language}"], columns["image"], columns["has_image"], strict=True)
        for sentence, translation, photo, there in told:
            rows.append((sentence, translation, photo if there else None, language))
            if there:
                rows.append((without_visible_words(sentence), translation, photo, language))
    return {name: list(column) for name, column in zip(("text", "translation", "image", "language"), zip(*rows))}


def build_model(columns, settings):
    """The wiring: what goes in, what comes out, which part does what."""
    pieces = {"text": settings["source_tokens"], "translation": settings["target_tokens"]}
    photo = BackboneImageProcessor(pool=2)
    processors = {"image": photo, "language": LabelProcessor("language", LANGUAGES)} | {
        name: TokenizerProcessor.adapted(columns[name], name, settings["longest"], vocabulary_size=size)
        for name, size in pieces.items()
    }
    (regions, seen), width = photo.modality.shape, settings["width"]
    source, target = processors["text"], processors["translation"].modality
    shape = {"num_heads": 4, "hidden_dim": settings["hidden_dim"], "dropout": settings["dropout"]}
    return MultimodalTransformer(
        processors,
        encoders={
            "image": GivenRegions(seen),
            "language": LabelEncoder(len(LANGUAGES), (width,)),
            "text": TokenEmbedding(len(source.modality.vocabulary), width, source.pad_id),
        },
        fusion=EarlyFusion(
            {"image": seen, "language": width, "text": width},
            width,
            {"image": regions, "language": 1, "text": source.modality.shape[0]},
            num_layers=settings["num_layers"],
            **shape,
        ),
        decoder=TransformerTextDecoder(
            len(target.vocabulary), target.shape[0], width, num_layers=settings["num_layers"], **shape
        ),
        output="translation",
        requires=["language", "text"],
        label_smoothing=settings["label_smoothing"],
        modality_dropout=settings["modality_dropout"],
        num_beams=4,
        group_by_length=True,
        seed=settings["seed"],
    )


recipe = Recipe(
    name="transformer_translation_multi30k",
    dataset="multi30k",
    settings={
        "seed": 0, "batch_size": 128, "epochs": 100, "learning_rate": 3e-3, "width": 128, "num_layers": 4,
        "hidden_dim": 512, "source_tokens": 4000, "target_tokens": 7000, "longest": 62, "dropout": 0.2,
        "label_smoothing": 0.1, "modality_dropout": 0.2, "ema_decay": 0.999,
    },
    build_model=build_model,
    compile_model=adam_with_cosine(warmup_steps=2000),
    choose_columns=choose_columns,
)  # fmt: skip
