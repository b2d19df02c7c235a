"""sign_classifier: the photograph of a hand sign -> the digit it says; a judge of drawn ones.

Command:   mmgen train sign_classifier --out runs/sign_classifier --data-dir DATA
Hardware:  2 CPU cores
Wall time: 2 minutes, beside other work
Seed:      0
Result:    accuracy 0.994 on the test split (metrics.json)
"""

from mmgen_tf.fused_adam import FusedAdam
from mmgen_tf.layers.random_affine import RandomAffine
from mmgen_tf.modalities.image.image_encoder import ImageEncoder
from mmgen_tf.modalities.image.image_processor import ImageProcessor
from mmgen_tf.modalities.label.label_processor import LabelProcessor
from mmgen_tf.models.classifier.image_classifier import ImageClassifier
from mmgen_tf.training import LearningRateSchedule, Recipe, cosine_decay


def build_model(columns, settings):
    """The wiring: what goes in, what comes out, which part does what."""
    return ImageClassifier(
        processors={
            "sign": ImageProcessor("sign", height=32, width=32, channels=3, range=(-1, 1)),
            "label": LabelProcessor(classes=[str(digit) for digit in range(10)]),
        },
        encoder=ImageEncoder(height=32, width=32, channels=3, filters=(8, 16, 32), output_dim=128),
        augmentation=RandomAffine(rotation=15, zoom=0.15, shift=3),
        seed=settings["seed"],
    )


def compile_model(model, settings, steps):
    """How it learns."""
    model.compile(optimizer=FusedAdam(settings["learning_rate"], weight_decay=1e-3), ema_decay=0.999)
    return [LearningRateSchedule(cosine_decay(steps, warmup_steps=200, floor=0.01))]


recipe = Recipe(
    name="sign_classifier",
    dataset="digits4",
    settings={"seed": 0, "batch_size": 128, "epochs": 8, "learning_rate": 2e-3},
    build_model=build_model,
    compile_model=compile_model,
)
