"""A model of four modalities, one of them sound, so small and untrained that it is made for each test."""

import keras
import numpy as np
from keras import ops

import mmgen_tf
from mmgen_tf.modalities.audio.audio_processor import AudioProcessor
from mmgen_tf.modalities.image.image_processor import ImageProcessor
from mmgen_tf.modalities.label.label_processor import LabelProcessor

RATE = 4000


@mmgen_tf.register
class SoundingModel(mmgen_tf.GenerativeModel):
    """Two pictures, a sound and a word, any from any: each is drawn from the mean of what is given, and noise."""

    def __init__(self, processors=None, seed=0):
        picture = {"height": 8, "width": 8}
        processors = processors or {
            "drawing": ImageProcessor("drawing", **picture),
            "photo": ImageProcessor("photo", channels=3, **picture),
            "sound": AudioProcessor("sound", 400, RATE),
            "word": LabelProcessor("word", ("one", "two", "three")),
        }
        super().__init__(processors, seed=seed)
        self.scale = keras.layers.Dense(1)

    def build(self, input_shape=None):
        self.scale.build((None, 1))
        self.built = True

    def compute_losses(self, batch, noise, training=False):
        return {"loss": ops.mean(ops.square(self.scale(batch["sound"][:, :1])), axis=-1)}

    def sample(self, given, present, to, noise):
        count, made = ops.shape(given["sound"])[0], {}
        heard = ops.mean(given["sound"], axis=-1) + ops.cast(given["word"], "float32")
        for name in to:
            modality = self.modalities[name]
            draws = noise.normal((count, int(np.prod(modality.shape)))) + heard[:, None]
            if modality.kind == "label":
                made[name] = ops.cast(ops.floor(2.99 * ops.sigmoid(draws[:, 0])), "int32")
            else:
                made[name] = 0.3 * ops.reshape(draws, (-1, *modality.shape))
        return made

    def get_config(self):
        return {"processors": self.processors, "seed": self.seed}


def examples(rows):
    """Columns of human values for the model."""
    rng = np.random.default_rng(0)
    return {
        "drawing": rng.integers(0, 256, (rows, 8, 8, 1)).astype("uint8"),
        "photo": rng.integers(0, 256, (rows, 8, 8, 3)).astype("uint8"),
        "sound": rng.uniform(-1, 1, (rows, 400)).astype("float32"),
        "word": np.arange(rows) % 3,
    }
