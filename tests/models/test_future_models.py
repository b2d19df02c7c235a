"""The contract must hold what comes later: three models of kinds that are not here yet, each from the public base."""

import keras
import numpy as np
import tensorflow as tf
from contracts import run_model_contract
from keras import ops
from tiny_models import SIDE, captions, pictures

import mmgen_tf
from mmgen_tf.modalities.audio.audio_processor import AudioProcessor
from mmgen_tf.modalities.image.image_processor import ImageProcessor
from mmgen_tf.modalities.label.label_processor import LabelProcessor
from mmgen_tf.modalities.text.text_processor import TextProcessor
from mmgen_tf.modality import blank_missing
from mmgen_tf.models.replicated_model import global_mean


@mmgen_tf.register
class MeanFusion(mmgen_tf.GenerativeModel):
    """Any modalities in, any out: the mean of what is there is decoded into everything."""

    def __init__(self, processors, dim=8, seed=0):
        super().__init__(processors, seed=seed)
        self.dim, dense = dim, keras.layers.Dense
        self.into = {name: dense(dim, activation="tanh", name=f"into_{name}") for name in self.processors}
        self.out_of = {name: dense(self.width(name), dtype="float32", name=f"from_{name}") for name in self.processors}

    def width(self, name):
        modality = self.modalities[name]
        return len(modality.vocabulary) if modality.kind == "label" else int(np.prod(modality.shape))

    def flat(self, name, value):
        if self.modalities[name].kind == "label":
            return ops.one_hot(value, self.width(name))
        return ops.reshape(value, (-1, self.width(name)))

    def build(self, input_shape=None):
        for name in self.processors:
            self.into[name].build((None, self.width(name)))
            self.out_of[name].build((None, self.dim))
        self.built = True

    def fuse(self, values, present):
        values = blank_missing(values, {name: present[name] for name in self.processors})
        weight = ops.stack([ops.cast(present[name], "float32") for name in self.processors])[..., None]
        features = ops.stack([self.into[name](self.flat(name, values[name])) for name in self.processors])
        return ops.sum(ops.cast(features, "float32") * weight, axis=0) / ops.maximum(ops.sum(weight, axis=0), 1.0)

    def compute_losses(self, batch, noise, training=False):
        z, loss = self.fuse(batch, batch["present"]), 0.0
        for name, target in blank_missing(batch, batch["present"]).items():
            error = ops.mean(ops.square(self.out_of[name](z) - self.flat(name, target)), axis=-1)
            loss += ops.where(batch["present"][name], error, 0.0)
        return {"loss": loss}

    def sample(self, given, present, to, noise):
        z, tensors = self.fuse(given, present), {}
        for name in to:
            out, modality = self.out_of[name](z), self.modalities[name]
            is_label = modality.kind == "label"
            tensors[name] = ops.argmax(out, axis=-1) if is_label else ops.reshape(out, (-1, *modality.shape))
        return tensors

    def get_config(self):
        return {"processors": self.processors, "dim": self.dim, "seed": self.seed}


@mmgen_tf.register
class Rewriter(mmgen_tf.GenerativeModel):
    """Text to text, word by word: a GRU cell reads the one and writes the other."""

    def __init__(self, processors, dim=8, seed=0):
        super().__init__(processors, ["question"], ["answer"], ["question"], ["question", "answer"], seed=seed)
        self.dim, self.words = dim, len(self.modalities["answer"].vocabulary)
        self.embedding = keras.layers.Embedding(self.words, dim)
        self.reader, self.writer = keras.layers.GRUCell(dim), keras.layers.GRUCell(dim)
        self.to_word = keras.layers.Dense(self.words, dtype="float32")

    def build(self, input_shape=None):
        self.embedding.build((None, None))
        for layer in (self.reader, self.writer, self.to_word):
            layer.build((None, self.dim))
        self.built = True

    def read(self, question):
        state = ops.zeros_like(self.embedding(question[:, 0]))
        for step in range(question.shape[1]):
            state, _ = self.reader(self.embedding(question[:, step]), [state])
        return state

    def write(self, state, choose):
        """Logits `(batch, words, vocabulary)`; `choose(step, logits)` says which word the next step sees."""
        word, steps = ops.zeros_like(ops.cast(state[:, 0], "int32")), []
        for step in range(self.modalities["answer"].shape[0]):
            state, _ = self.writer(self.embedding(word), [state])
            steps.append(self.to_word(state))
            word = choose(step, steps[-1])
        return ops.stack(steps, axis=1)

    def compute_losses(self, batch, noise, training=False):
        answer = batch["answer"]
        logits = self.write(self.read(batch["question"]), lambda step, logits: answer[:, step])
        errors = keras.losses.sparse_categorical_crossentropy(answer, logits, from_logits=True)
        return {"loss": ops.sum(errors, axis=1)}

    def sample(self, given, present, to, noise, temperature=0.0):
        words = []

        def choose(step, logits):
            if temperature:
                logits = logits / temperature + noise.gumbel(ops.shape(logits))
            words.append(ops.argmax(logits, axis=-1))
            return words[-1]

        self.write(self.read(given["question"]), choose)
        return {"answer": ops.stack(words, axis=1)}

    def get_config(self):
        return {"processors": self.processors, "dim": self.dim, "seed": self.seed}


@mmgen_tf.register
class TwoHeadedGAN(mmgen_tf.GenerativeModel):
    """Picture and word together from noise: two heads, one judge of the pair, an optimizer for either side."""

    loss_names = ("loss", "judge_loss")

    def __init__(self, processors, dim=8, seed=0):
        super().__init__(processors, inputs=[], complete=["picture", "word"], seed=seed)
        self.dim, self.words, dense = dim, len(self.modalities["word"].vocabulary), keras.layers.Dense
        self.trunk, self.to_picture = dense(dim, activation="relu"), dense(64, activation="tanh", dtype="float32")
        self.to_word, self.judge = dense(self.words, dtype="float32"), keras.Sequential([dense(dim, "relu"), dense(1)])

    def build(self, input_shape=None):
        for layer, width in ((self.trunk, 4), (self.to_picture, self.dim), (self.to_word, self.dim)):
            layer.build((None, width))
        self.judge.build((None, 64 + self.words))
        self.built = True

    def compile(self, optimizer=None, judge_optimizer=None, **kwargs):
        self.judge_optimizer = keras.optimizers.get(judge_optimizer or keras.optimizers.Adam(1e-3))
        super().compile(optimizer, **kwargs)

    @property
    def optimizers(self):
        return {"maker": self.optimizer, "judge": self.judge_optimizer}

    def optimized_variables(self):
        makers = [weight for layer in (self.trunk, self.to_picture, self.to_word) for weight in layer.trainable_weights]
        return {"maker": makers, "judge": self.judge.trainable_weights}

    def make(self, count, noise):
        x = self.trunk(noise.normal((count, 4)))
        word = self.to_word(x) + noise.gumbel((count, self.words))
        return self.to_picture(x), ops.softmax(word)

    def compute_losses(self, batch, noise, training=False):
        real = ops.reshape(batch["picture"], (-1, 64)), ops.one_hot(batch["word"], self.words)
        fake = self.make(tf.shape(real[0])[0], noise)
        on_real, on_fake = (ops.cast(self.judge(ops.concatenate(pair, -1)), "float32")[:, 0] for pair in (real, fake))
        return {"loss": ops.softplus(-on_fake), "judge_loss": ops.softplus(-on_real) + ops.softplus(on_fake)}

    def train_step(self, batch):
        noise, trained = self.noise(batch), self.optimized_variables()
        with tf.GradientTape() as making, tf.GradientTape() as judging:
            losses = self.compute_losses(batch, noise, training=True)
            loss, judge_loss = global_mean(losses["loss"]), global_mean(losses["judge_loss"])
        self.minimize(self.optimizer, making, loss, trained["maker"])
        self.minimize(self.judge_optimizer, judging, judge_loss, trained["judge"])
        return self.log(losses)

    def sample(self, given, present, to, noise):
        picture, word = self.make(tf.shape(present["rows"])[0], noise)
        made = {"picture": ops.reshape(picture, (-1, 8, 8, 1)), "word": ops.argmax(word, axis=-1)}
        return {name: made[name] for name in to}

    def get_config(self):
        return {"processors": self.processors, "dim": self.dim, "seed": self.seed}


def mean_fusion():
    processors = [ImageProcessor("left", **SIDE), ImageProcessor("right", **SIDE), AudioProcessor("sound", 16, 16)]
    processors.append(LabelProcessor("word", ("one", "two", "three")))
    return MeanFusion({processor.modality.name: processor for processor in processors})


def rewriter():
    words = {"vocabulary": ("thick", "thin", "one", "two"), "sequence_length": 4}
    return Rewriter({name: TextProcessor(name, **words) for name in ("question", "answer")})


def joint_gan():
    word = LabelProcessor("word", ("one", "two", "three"))
    return TwoHeadedGAN({"picture": ImageProcessor("picture", **SIDE), "word": word})


def test_four_modalities_any_in_any_out(tmp_path):
    sounds = np.random.default_rng(0).uniform(-1, 1, (19, 16)).astype("float32")
    columns = {"left": pictures(19), "right": pictures(19, seed=1), "sound": sounds, "word": np.arange(19) % 3}
    run_model_contract(mean_fusion, columns, tmp_path, missing=("left", "right", "sound", "word"))
    model = mean_fusion()
    model.compile()
    rows = [{"left": picture, "word": None if row % 2 else "two"} for row, picture in enumerate(columns["left"])]
    model.fit(rows, batch_size=8, verbose=0)
    answer = model.generate({"left": [columns["left"][0], None], "word": ["one", None]}, num_samples=2)
    assert set(answer) == {"right", "sound"} and answer["sound"].shape == (2, 2, 16)


def test_sequence_to_text_word_by_word(tmp_path):
    columns = {"question": captions(19), "answer": [text.split()[1] for text in captions(19)]}
    run_model_contract(rewriter, columns, tmp_path)
    keras.utils.set_random_seed(0)
    model = rewriter()
    model.compile(keras.optimizers.Adam(0.02))
    model.fit(columns, batch_size=19, epochs=150, verbose=0)
    assert model.generate({"question": ["thin one", "thick two"]}) == ["one", "two"]
    sampled = model.generate({"question": "thin one"}, num_samples=64, seed=0, temperature=3.0)
    assert len(set(sampled)) > 3


def test_picture_and_word_together_from_noise(tmp_path):
    columns = {"picture": pictures(19), "word": np.arange(19) % 3}
    objectives = {"optimizer": "loss", "judge_optimizer": "judge_loss"}
    run_model_contract(joint_gan, columns, tmp_path, objectives=objectives)
    made = joint_gan().generate(num_samples=5, seed=1)
    assert made["picture"].shape == (5, 8, 8, 1) and len(made["word"]) == 5
