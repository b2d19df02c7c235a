"""The recipe that the fusion table's classifiers share: only the fusion block differs."""

from mmgen_tf.modalities.image.region_encoder import RegionEncoder
from mmgen_tf.modalities.label.label_processor import LabelProcessor
from mmgen_tf.modalities.text.token_embedding import TokenEmbedding
from mmgen_tf.models.classifier.fusion_classifier import FusionClassifier
from mmgen_tf.training.recipe import Recipe
from mmgen_tf.training.recipe_steps import adam_with_cosine
from mmgen_tf.training.shapes_recipe import FILTERS, REGIONS, SIDE, shape_processors

WIDTH = 64


def fusion_recipe(name, make_fusion):
    """A recipe on easy-VQA.

    Args:
        name: the variant's.
        make_fusion: function of (dict of name -> width, dict of name -> most tokens) giving a `FusionBlock`.
    """

    def build_model(columns, settings):
        """The wiring: what goes in, what comes out, which part does what."""
        processors = shape_processors(columns, ("text",))
        modality = processors["text"].modality
        fusion = make_fusion({"image": WIDTH, "text": WIDTH}, {"image": REGIONS, "text": modality.shape[0]})
        return FusionClassifier(
            {**processors, "answer": LabelProcessor("answer", sorted(set(columns["answer"])))},
            encoders={
                "image": RegionEncoder(**SIDE, filters=FILTERS, output_dim=WIDTH, whole=False),
                "text": TokenEmbedding(len(modality.vocabulary), WIDTH),
            },
            fusion=fusion,
            output="answer",
            seed=settings["seed"],
        )

    return Recipe(
        name=name,
        dataset="easy_vqa",
        settings={"seed": 0, "batch_size": 128, "epochs": 10, "learning_rate": 1e-3, "ema_decay": 0.995},
        build_model=build_model,
        compile_model=adam_with_cosine(warmup_steps=100),
    )
