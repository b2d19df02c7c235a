"""spoken_digit_classifier: a spoken clip -> the digit it says; a judge of generated ones.

Command:   mmgen train spoken_digit_classifier --out runs/spoken_digit_classifier --data-dir DATA
Hardware:  2 CPU cores
Wall time: 4 minutes, beside other work
Seed:      0
Result:    accuracy 0.997 on the test split (metrics.json)
"""

from mmgen_tf.fused_adam import FusedAdam
from mmgen_tf.layers.random_affine import RandomAffine
from mmgen_tf.modalities.audio.log_mel_processor import LogMelProcessor
from mmgen_tf.modalities.image.image_encoder import ImageEncoder
from mmgen_tf.modalities.label.label_processor import LabelProcessor
from mmgen_tf.models.classifier.image_classifier import ImageClassifier
from mmgen_tf.training import LearningRateSchedule, Recipe, cosine_decay


def build_model(columns, settings):
    """The wiring: what goes in, what comes out, which part does what."""
    return ImageClassifier(
        processors={
            "audio": LogMelProcessor(),
            "label": LabelProcessor(classes=[str(digit) for digit in range(10)]),
        },
        encoder=ImageEncoder(height=64, width=40, channels=1, filters=(8, 16, 32), output_dim=128),
        augmentation=RandomAffine(rotation=0, zoom=0.05, shift=3),
        seed=settings["seed"],
    )


def compile_model(model, settings, steps):
    """How it learns."""
    model.compile(optimizer=FusedAdam(settings["learning_rate"], weight_decay=1e-3), ema_decay=0.999)
    return [LearningRateSchedule(cosine_decay(steps, warmup_steps=200, floor=0.01))]


recipe = Recipe(
    name="spoken_digit_classifier",
    dataset="digits4",
    settings={"seed": 0, "batch_size": 128, "epochs": 9, "learning_rate": 2e-3},
    build_model=build_model,
    compile_model=compile_model,
)
