"""What the recipes on easy-VQA's pictures share: how pictures and words are read, and the transformer that answers."""

from mmgen_tf.fusion.early_fusion import EarlyFusion
from mmgen_tf.modalities.image.image_processor import ImageProcessor
from mmgen_tf.modalities.image.region_encoder import RegionEncoder
from mmgen_tf.modalities.text.text_processor import TextProcessor
from mmgen_tf.modalities.text.token_embedding import TokenEmbedding
from mmgen_tf.models.transformer.multimodal_transformer import MultimodalTransformer
from mmgen_tf.models.transformer.transformer_text_decoder import TransformerTextDecoder

SIDE = {"height": 64, "width": 64, "channels": 3}
FILTERS = (16, 32, 64)
REGIONS = 64  # 8 by 8


def shape_processors(columns, texts):
    """dict of processors: of pictures, and of each column named in `texts`, its words those of the training split."""
    processors = {"image": ImageProcessor(**SIDE)}
    return processors | {name: TextProcessor.adapted(columns[name], name) for name in texts}


def answering_transformer(columns, settings, texts):
    """A `MultimodalTransformer` from the picture and the columns `texts` to `answer`.

    It reads `width`, `num_layers`, `dropout`, `modality_dropout` and `seed` of the settings, and `group_by_length`
    where it is.
    """
    processors = shape_processors(columns, (*texts, "answer"))
    width, dropout = settings["width"], settings["dropout"]
    shape = {"num_layers": settings["num_layers"], "num_heads": 4, "hidden_dim": 2 * width, "dropout": dropout}
    sizes = {name: len(processors[name].modality.vocabulary) for name in (*texts, "answer")}
    lengths = {name: processors[name].modality.shape[0] for name in (*texts, "answer")}
    return MultimodalTransformer(
        processors,
        encoders={
            "image": RegionEncoder(**SIDE, filters=FILTERS, output_dim=width, whole=False),
            **{name: TokenEmbedding(sizes[name], width) for name in texts},
        },
        fusion=EarlyFusion(
            {name: width for name in ("image", *texts)},
            width,
            {"image": REGIONS, **{name: lengths[name] for name in texts}},
            **shape,
        ),
        decoder=TransformerTextDecoder(sizes["answer"], lengths["answer"], width, **{**shape, "num_layers": 1}),
        output="answer",
        modality_dropout=settings["modality_dropout"],
        group_by_length=settings.get("group_by_length", False),
        seed=settings["seed"],
    )
