"""transformer_captions_flickr8k: a photo -> a sentence about it, by a transformer over what EfficientNet-Lite0 sees.

Command:   mmgen train transformer_captions_flickr8k --out runs/transformer_captions_flickr8k --data-dir DATA
Hardware:  2 CPU cores
Wall time: 25 minutes, beside other work
Seed:      0
Result:    bleu_4 21.1, cider 51.8 with three beams on the 1,000 test photos (metrics.json)
"""

from mmgen_tf.fusion.early_fusion import EarlyFusion
from mmgen_tf.modalities.image.given_regions import GivenRegions
from mmgen_tf.models.transformer.multimodal_transformer import MultimodalTransformer
from mmgen_tf.models.transformer.transformer_text_decoder import TransformerTextDecoder
from mmgen_tf.training import Recipe
from mmgen_tf.training.flickr8k_recipe import caption_rows, photo_and_caption
from mmgen_tf.training.recipe_steps import adam_with_cosine


def build_model(columns, settings):
    """The wiring: what goes in, what comes out, which part does what."""
    processors = photo_and_caption(columns, settings)
    regions, seen = processors["image"].modality.shape
    text, width = processors["text"].modality, settings["width"]
    shape = {"num_heads": 4, "hidden_dim": 2 * width, "dropout": settings["dropout"]}
    return MultimodalTransformer(
        processors,
        encoders={"image": GivenRegions(seen, dropout=settings["dropout"])},
        fusion=EarlyFusion({"image": seen}, width, {"image": regions}, num_layers=1, **shape),
        decoder=TransformerTextDecoder(len(text.vocabulary), text.shape[0], width, num_layers=2, **shape),
        requires=["image"],
        label_smoothing=settings["label_smoothing"],
        num_beams=3,
        group_by_length=True,
        seed=settings["seed"],
    )


recipe = Recipe(
    name="transformer_captions_flickr8k",
    dataset="flickr8k",
    settings={
        "seed": 0, "batch_size": 128, "epochs": 15, "learning_rate": 7e-4, "width": 256, "least": 5, "dropout": 0.3,
        "longest": 20, "label_smoothing": 0.1, "ema_decay": 0.999,
    },
    build_model=build_model,
    compile_model=adam_with_cosine(warmup_steps=500),
    choose_columns=caption_rows,
)  # fmt: skip
