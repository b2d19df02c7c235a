"""Damaged picture -> whole picture: holes filled, colours found, details drawn, by one adversarial network."""

import difflib

import numpy as np
import tensorflow as tf
from keras import ops

from mmgen_tf.layers.best_symmetry import best_symmetry
from mmgen_tf.layers.picture_damage import TASKS, PictureDamage
from mmgen_tf.layers.smooth_fill import smooth_fill
from mmgen_tf.models.gan.adversarial_model import AdversarialModel
from mmgen_tf.noise import Noise
from mmgen_tf.registry import register

KINDS = {"damaged": "image", "image": "image", "mask": "image", "task": "label"}


@register
class ImageRepairGAN(AdversarialModel):
    """pix2pix (Isola et al. 2017) for several kinds of damage at once: a U-Net repairs a picture, which a discriminator
    of patches judges beside the damaged one. Training needs whole pictures only; each step damages them itself.

        generator:      generator(D(y, G(y))) + l1_weight |x - G(y)|
                        + feature_weight sum over k of |D_k(y, x) - D_k(y, G(y))| + perceptual_weight d(x, G(y))
        discriminator:  real(D(y, x)) + fake(D(y, G(y)))

    with y the damaged picture, its mask and the name of the task, |.| the mean over the pixels that may differ, and D_k
    the discriminator's maps (Wang et al. 2018, eq. 4), d a `PerceptualDistance`. What a hole leaves is kept as it is. A
    `residual` generator says what to add to the damaged picture, where nothing is missing in it. Where pictures are
    often `symmetric`, a hole begins as a smooth fill (Gortler et al. 1996), and the generator says for each place of it
    how much it takes from the mirror image or turn of the picture that fits what is known best (`best_symmetry`), and
    what to add:

        G(y) = (1 - g) fill(y) + g turn(fill(y)) + 2 r,  with r and g the generator's answer

    Args:
        processors: dict of `image` and `damaged`, pictures in -1..1, of `mask`, one channel in 0..1, of `task`, a
            `LabelProcessor` over `TASKS`, and optionally of `text`.
        generator: `UNetGenerator` of 4 + len(TASKS) input channels and 3 output channels, of symmetric pictures of 4
            more and 4.
        discriminator: `PatchDiscriminator` of 7 + len(TASKS) input channels.
        text_encoder: None, or layer, int `(batch, words)` -> `(batch, condition_dim)`; a picture may lack its text.
        l1_weight: of the absolute error.
        feature_weight: of the distance in the discriminator's maps.
        perceptual_weight: of d, divided as |.| by the share of the picture that may differ.
        residual: whether the generator's answer is added, doubled, to a picture without holes.
        symmetric: whether pictures often have a symmetry of the square, as emoji do; the answer is then always added.
        hole_share: share of the pictures that get a hole while training, in [0, 1); the other tasks share the rest.
        condition_dropout: share of training rows whose text is left out, so that a picture can be repaired without.
        augmentation: None, or layer `(pictures, noise)` -> pictures, on the whole pictures while training.
        seed: of initial noise streams and shuffling.

    Raises:
        ValueError: for other processors, another generator, or a share outside [0, 1).

    Example:
        >>> model = mmgen_tf.zoo.load("image_repair_emoji")
        >>> model.repair(grey_picture, "colourise").shape
        (64, 64, 3)

    Reference: Isola, Zhu, Zhou & Efros, Image-to-Image Translation with Conditional Adversarial Networks, CVPR 2017.
    Wang, Liu, Zhu, Tao, Kautz & Catanzaro, High-Resolution Image Synthesis and Semantic Manipulation with Conditional
    GANs, CVPR 2018. Gortler, Grzeszczuk, Szeliski & Cohen, The Lumigraph, SIGGRAPH 1996.
    """

    loss_names = ("generator_loss", "discriminator_loss", "loss", "l1_loss")

    def __init__(
        self, processors, generator, discriminator, text_encoder=None, l1_weight=100.0, feature_weight=0.0,
        perceptual_weight=0.0, residual=False, symmetric=False, hole_share=0.25, condition_dropout=0.0,
        augmentation=None, seed=0, **kwargs,
    ):  # fmt: skip
        kinds = {name: processor.modality.kind for name, processor in processors.items()}
        if kinds != KINDS | ({"text": "text"} if text_encoder is not None else {}):
            raise ValueError(
                f"ImageRepairGAN takes processors of {KINDS}, and of text with its encoder; received {kinds}."
            )
        if tuple(processors["task"].modality.vocabulary) != TASKS:
            raise ValueError(f"task must count through {TASKS}; received {processors['task'].modality.vocabulary}.")
        if not 0.0 <= hole_share < 1.0:
            raise ValueError(f"hole_share must lie in [0, 1); received {hole_share}.")
        wanted = (len(TASKS) + (8 if symmetric else 4), 4 if symmetric else 3)
        if (generator.input_channels, generator.channels) != wanted:
            raise ValueError(
                f"With symmetric={symmetric} the generator must have {wanted[0]} input channels and {wanted[1]} output "
                f"channels; received {generator.input_channels} and {generator.channels}."
            )
        super().__init__(
            processors, inputs=sorted(set(kinds) - {"image"}), outputs=["image"], requires=["damaged", "task"],
            complete=["image"], seed=seed, **kwargs,
        )  # fmt: skip
        self.generator, self.discriminator, self.text_encoder = generator, discriminator, text_encoder
        self.l1_weight, self.feature_weight, self.perceptual_weight = l1_weight, feature_weight, perceptual_weight
        self.residual, self.symmetric = residual, symmetric
        self.hole_share, self.condition_dropout, self.augmentation = hole_share, condition_dropout, augmentation
        height, width, _ = processors["image"].modality.shape
        self.damage = PictureDamage(height, width)

    def players(self):
        makers = [self.generator] + ([self.text_encoder] if self.text_encoder is not None else [])
        return makers, [self.discriminator]

    def directions(self):
        """Damaged picture, mask and task -> picture; the mask may be left out where nothing is missing."""
        return [(("damaged", "mask", "task"), ("image",))]

    def example_inputs(self, columns):
        """The columns, and their pictures damaged in every way in turn."""
        count = len(columns["image"])
        return columns | self.damaged(columns["image"], [TASKS[row % len(TASKS)] for row in range(count)])

    def damaged(self, pictures, tasks, seed=0):
        """Whole pictures, uint8 `(n, height, width, 3)`, damaged as their `tasks` name: columns `damaged`, `mask`, 255
        where something is missing, and `task`, as `generate` takes them."""
        numbers = tf.constant([TASKS.index(task) for task in tasks])
        made = self.damage(tf.constant(np.asarray(pictures, "float32") / 255.0), numbers, noise=Noise(seed))
        damaged, mask = (np.round(255.0 * part.numpy()).astype("uint8") for part in made)
        return {"damaged": damaged, "mask": mask, "task": list(tasks)}

    # The model ---------------------------------------------------------------------------------------------------

    def seen(self, damaged, mask, task):
        """What generator and discriminator see beside a picture: `(batch, height, width, 4 + len(TASKS))`."""
        ways = ops.one_hot(task, len(TASKS), dtype="float32")[:, None, None] + ops.zeros_like(mask)
        return ops.concatenate([damaged, mask, ways], axis=-1)

    def repaired(self, damaged, mask, task, text, has_text, training):
        """Whole pictures in -1..1; outside a hole the damaged picture stays."""
        condition = None
        if self.text_encoder is not None:
            condition = self.text_encoder(text)
            condition = ops.where(has_text[:, None], condition, ops.zeros_like(condition))
        holed, seen, start = (task == 0)[:, None, None, None], self.seen(damaged, mask, task), damaged
        if self.symmetric:
            start = smooth_fill(damaged, mask)
            turned, its_mask = best_symmetry(start, mask)
            seen = ops.concatenate([self.seen(start, mask, task), turned, its_mask], axis=-1)
        made = self.generator(seen, condition, training=training)
        if self.symmetric:
            share = ops.where(holed, (made[..., 3:] + 1.0) / 2.0, 0.0)
            made = start + share * (turned - start) + 2.0 * made[..., :3]
        elif self.residual:
            made = ops.where(holed, made, damaged + 2.0 * made)
        open_ = ops.where(holed, mask, 1.0)
        return open_ * made + (1.0 - open_) * damaged

    # Training ----------------------------------------------------------------------------------------------------

    def imagine(self, batch, noise, training):
        rows = tf.shape(batch["image"])[0]
        place = (noise.uniform((rows,)) - self.hole_share) / (1.0 - self.hole_share)  # below 0 for a hole
        task = tf.cast(tf.floor(place * (len(TASKS) - 1)), tf.int32) + 1
        task = tf.maximum(task, 0)
        whole = batch["image"]
        if training and self.augmentation is not None:
            whole = self.augmentation(whole, noise=noise)
        damaged, mask = self.damage((whole + 1.0) / 2.0, task, noise=noise)
        damaged = 2.0 * damaged - 1.0
        text, has_text = (batch["text"], batch["present"]["text"]) if self.text_encoder is not None else (None, None)
        if training and text is not None and self.condition_dropout:
            has_text &= noise.uniform((rows,)) >= self.condition_dropout
        made = self.repaired(damaged, mask, task, text, has_text, training)
        return {"whole": whole, "damaged": damaged, "mask": mask, "task": task, "made": made}

    def judged(self, pictures, made):
        """Logits of the patches of pictures beside what they are made from."""
        beside = self.seen(made["damaged"], made["mask"], made["task"])
        return ops.concatenate([pictures, beside], axis=-1)

    def generator_losses(self, batch, made, noise, training):
        judge = self.discriminator
        maps = judge.maps(self.judged(made["made"], made), training=training)
        adversarial = ops.mean(self.adversarial.generator(judge.judged(maps, training)), axis=(1, 2))
        if self.feature_weight:
            real = judge.maps(self.judged(made["whole"], made), training=training)
            far = [ops.mean(ops.abs(ops.stop_gradient(a) - b), axis=(1, 2, 3)) for a, b in zip(real, maps, strict=True)]
            adversarial += self.feature_weight * sum(ops.cast(each, "float32") for each in far)
        error = ops.mean(ops.abs(made["made"] - made["whole"]), axis=(1, 2, 3))
        area = ops.where(made["task"] == 0, ops.mean(made["mask"], axis=(1, 2, 3)), 1.0)
        area = ops.maximum(area, 1e-3)
        l1_loss = error / area
        loss = adversarial + self.l1_weight * l1_loss
        loss += self.perceptual_loss(made["made"], made["whole"], noise, training) / area
        return {"generator_loss": loss, "l1_loss": l1_loss}

    def discriminator_loss(self, batch, made, noise, training):
        pictures = ops.concatenate([self.judged(made["whole"], made), self.judged(made["made"], made)])
        patches = self.discriminator.patches(ops.stop_gradient(pictures), training=training)
        on_real, on_made = ops.split(patches, 2)
        return ops.mean(self.adversarial.real(on_real) + self.adversarial.fake(on_made), axis=(1, 2))

    def penalised(self, batch, made):
        return made["whole"], made["made"], lambda pictures: self.discriminator(self.judged(pictures, made), True)

    # Generation --------------------------------------------------------------------------------------------------

    def sample(self, given, present, to, noise):
        mask = given["mask"] * tf.cast(present["mask"], tf.float32)[:, None, None, None]
        text, has_text = (given["text"], present["text"]) if self.text_encoder is not None else (None, None)
        return {"image": self.repaired(given["damaged"], mask, given["task"], text, has_text, training=False)}

    def repair(self, picture, task, mask=None, text=None):
        """One picture, or several `(n, height, width, channels)`, repaired by the name of the task.

        Args:
            picture: uint8, grey or RGB, of the model's size, or for "upscale_2x" and "upscale_4x" half or a quarter of
                it.
            task: one of `TASKS`.
            mask: uint8 `(height, width)` or `(height, width, 1)`, one for each picture: 255 where something is missing;
                needed for "inpaint".
            text: None, or what the picture shows, for a model that reads text.

        Raises:
            ValueError: for another task, size, or a missing mask.
        """
        if task not in TASKS:
            near = difflib.get_close_matches(str(task), TASKS, n=1) or TASKS
            raise ValueError(f"Unknown task {task!r}; did you mean {' or '.join(near)}?")
        if task == "inpaint" and mask is None:
            raise ValueError("inpaint needs a mask: uint8, 255 where something is missing; received none.")
        picture = np.asarray(picture)
        single = picture.ndim == 2 or (picture.ndim == 3 and picture.shape[-1] in (1, 3))
        pictures = self._fitted(picture[None] if single else picture, task)
        inputs = {"damaged": pictures, "task": [task] * len(pictures)}
        for name, value in (("mask", mask), ("text", text)):
            if value is not None:
                inputs[name] = [value] if single else list(value)
        made = self.generate(inputs, to="image")
        return made[0] if single else made

    def _fitted(self, pictures, task):
        """uint8 `(n, height, width, 3)` of the model's size."""
        height, width, _ = self.modalities["image"].shape
        factor = {"upscale_2x": 2, "upscale_4x": 4}.get(task, 1)
        pictures = pictures[..., None] if pictures.ndim == 3 else pictures
        sizes = {(height, width), (height // factor, width // factor)}
        if pictures.dtype != np.uint8 or pictures.shape[1:3] not in sizes or pictures.shape[-1] not in (1, 3):
            wanted = " or ".join(f"{h} x {w}" for h, w in sorted(sizes))
            raise ValueError(
                f"{task} expected uint8 pictures of {wanted}, grey or RGB; received {pictures.dtype} of shape "
                f"{pictures.shape[1:]}."
            )
        pictures = np.repeat(pictures, 3, axis=-1) if pictures.shape[-1] == 1 else pictures
        if pictures.shape[1] != height:
            large = self.damage.enlarged(pictures.astype("float32") / 255.0).numpy()
            pictures = np.round(255.0 * large).astype("uint8")
        return pictures

    def get_config(self):
        names = (
            "processors", "generator", "discriminator", "text_encoder", "l1_weight", "feature_weight",
            "perceptual_weight", "residual", "symmetric", "hole_share", "condition_dropout", "augmentation", "seed",
        )  # fmt: skip
        return {name: getattr(self, name) for name in names}
