"""transformer_dialogue_shapes: a picture, what was said about it and a new question -> the answer.

Command:   mmgen train transformer_dialogue_shapes --out runs/transformer_dialogue_shapes
Hardware:  2 CPU cores
Wall time: not shipped yet
Seed:      0
Result:    after 16 epochs (12 minutes) exact_answers 0.835: colours and shapes 1.0, but yes or no 0.547, no better than
           chance; it needs more comparisons to learn from, or longer
"""

from mmgen_tf.training import Recipe
from mmgen_tf.training.recipe_steps import adam_with_cosine
from mmgen_tf.training.shapes_recipe import answering_transformer


def build_model(columns, settings):
    """The wiring: what goes in, what comes out, which part does what."""
    return answering_transformer(columns, settings, texts=("history", "text"))


recipe = Recipe(
    name="transformer_dialogue_shapes",
    dataset="shape_dialogue",
    settings={
        "seed": 0, "batch_size": 128, "epochs": 14, "learning_rate": 1e-3, "width": 96, "num_layers": 2,
        "dropout": 0.05, "modality_dropout": 0.05, "group_by_length": True, "ema_decay": 0.999,
    },
    build_model=build_model,
    compile_model=adam_with_cosine(warmup_steps=300),
)  # fmt: skip
