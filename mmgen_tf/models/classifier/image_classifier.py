"""Image -> label: the network that judges generated pictures."""

import keras
from keras import ops

from mmgen_tf.models.generative_model import GenerativeModel
from mmgen_tf.registry import register


@register
class ImageClassifier(GenerativeModel):
    """p(label | image) by a convolutional encoder and a softmax, trained with cross-entropy.

    Metrics take its `features` (for Fréchet distance, PRDC) and `logits` (for coherence). What it reads may also be a
    sound seen as a picture, its log-mel spectrogram.

    Args:
        processors: dict with one image or audio `Processor`, and one label `Processor`.
        encoder: layer, pictures -> `(batch, features)`.
        augmentation: None, or a layer `(pictures, noise)` -> pictures, used while training.
        seed: of initial noise streams and shuffling.

    Example:
        >>> model = mmgen_tf.zoo.load("digit_classifier")
        >>> model.generate({"image": picture}, to="label")
        '7'
    """

    loss_names = ("loss", "accuracy")

    def __init__(self, processors, encoder, augmentation=None, seed=0, **kwargs):
        kinds = {processor.modality.kind: name for name, processor in processors.items()}
        if sorted(kinds) not in (["image", "label"], ["audio", "label"]) or len(processors) != 2:
            raise ValueError(
                f"ImageClassifier takes one image or audio processor and one label processor; received {sorted(kinds)}."
            )
        self.label = kinds.pop("label")
        (self.image,) = kinds.values()
        super().__init__(
            processors, inputs=[self.image], outputs=[self.label], requires=[self.image],
            complete=[self.image, self.label], seed=seed, **kwargs,
        )  # fmt: skip
        self.encoder, self.augmentation = encoder, augmentation
        classes = len(processors[self.label].modality.vocabulary)
        self.head = keras.layers.Dense(classes, dtype="float32", name="head")

    def build(self, input_shape=None):
        self.encoder.build()
        self.head.build((None, self.encoder.output_dim))
        self.built = True

    def features(self, images, training=False):
        """The encoder's vectors `(batch, features)` of pictures in the image modality's range."""
        return self.encoder(images, training=training)

    def logits(self, images, training=False):
        """Class logits `(batch, classes)`."""
        return self.head(self.features(images, training))

    def compute_losses(self, batch, noise, training=False):
        images, labels = batch[self.image], batch[self.label]
        if training and self.augmentation is not None:
            images = self.augmentation(images, noise=noise)
        logits = self.logits(images, training)
        loss = keras.losses.sparse_categorical_crossentropy(labels, logits, from_logits=True)
        right = ops.cast(ops.equal(ops.argmax(logits, axis=-1), ops.cast(labels, "int64")), "float32")
        return {"loss": loss, "accuracy": right}

    def sample(self, given, present, to, noise):
        """The most probable class."""
        return {self.label: ops.cast(ops.argmax(self.logits(given[self.image]), axis=-1), "int32")}

    def get_config(self):
        return {
            "processors": self.processors,
            "encoder": self.encoder,
            "augmentation": self.augmentation,
            "seed": self.seed,
        }
