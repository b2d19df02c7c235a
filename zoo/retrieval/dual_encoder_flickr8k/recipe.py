"""dual_encoder_flickr8k: photos and captions in one space, over what EfficientNet-Lite0 sees: it finds by words.

Command:   mmgen train dual_encoder_flickr8k --out runs/dual_encoder_flickr8k --data-dir DATA
Hardware:  2 CPU cores
Wall time: 3 minutes
Seed:      0
Result:    text_to_image_recall_10 0.552, image_to_text_recall_10 0.566 among 1,000 test photos (metrics.json)
"""

from mmgen_tf.layers.unit_encoder import UnitEncoder
from mmgen_tf.modalities.image.given_regions import GivenRegions
from mmgen_tf.modalities.text.conv_text_encoder import ConvTextEncoder
from mmgen_tf.models.contrastive.dual_encoder import DualEncoder
from mmgen_tf.training import Recipe
from mmgen_tf.training.flickr8k_recipe import caption_rows, photo_and_caption
from mmgen_tf.training.recipe_steps import adam_with_cosine


def build_model(columns, settings):
    """The wiring: what goes in, what comes out, which part does what."""
    processors, width = photo_and_caption(columns, settings), settings["output_dim"]
    words, (_, seen) = len(processors["text"].modality.vocabulary), processors["image"].modality.shape
    return DualEncoder(
        processors,
        encoders={
            "image": UnitEncoder(GivenRegions(seen, dropout=settings["dropout"]), width),
            "text": UnitEncoder(
                ConvTextEncoder(words, output_dim=width, embedding_dim=128, dropout=settings["word_dropout"]), width
            ),
        },
        seed=settings["seed"],
    )


recipe = Recipe(
    name="dual_encoder_flickr8k",
    dataset="flickr8k",
    settings={
        "seed": 0, "batch_size": 512, "epochs": 8, "learning_rate": 1e-3, "output_dim": 256, "least": 3, "longest": 36,
        "dropout": 0.5, "word_dropout": 0.3, "ema_decay": 0.99,
    },
    build_model=build_model,
    compile_model=adam_with_cosine(warmup_steps=100),
    choose_columns=caption_rows,
)  # fmt: skip
