"""Speed beside MultiVae (Senellart et al. 2023), the PyTorch library of multimodal VAEs: the same networks in one run.

    python -m benchmarks.multivae_throughput [--rounds 3] [--seconds 8] [--write FILE.json]

Needs the extra `bench` and `pip install multivae`. Training is each library's own loop (`fit`, `BaseTrainer`) over
arrays in memory, batch 128, ours with `compile(steps_per_execution=10, jit_compile=True)`; `bare` is MultiVae's
forward, backward and Adam on ready batches, without its data loader. Likelihoods are of K importance samples,
MultiVae's at the best of several `batch_size_K`. Both sides take turns.
"""

import argparse
import contextlib
import io
import os
import statistics
import tempfile
import time

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "1")  # as the `mmgen` command does

import numpy as np
import tensorflow as tf
import torch
from multivae import models as multivae
from multivae.data.datasets.base import DatasetOutput, MultimodalBaseDataset
from multivae.models.nn.base_architectures import BaseDecoder, BaseEncoder
from multivae.models.nn.default_architectures import Decoder_AE_MLP, Encoder_VAE_MLP
from multivae.trainers import BaseTrainer, BaseTrainerConfig
from pythae.models.base.base_utils import ModelOutput
from tensorflow.compat.v1 import profiler
from torch import nn

from benchmarks.report import ask, matmul_peak, tell
from mmgen_tf import MVAE, MoPoE
from mmgen_tf.data.builders.polydigits.digit_composer import MODALITIES
from mmgen_tf.data.pipeline import Examples
from mmgen_tf.noise import Noise
from mmgen_tf.training.binary_digits_recipe import LATENT, binary_digits_parts
from mmgen_tf.training.polydigits_recipe import polydigits_parts

BATCH, FILTERS, HIDDEN = 128, (32, 64), 256
SAMPLES = 1000


def digits(count):
    """Pictures of noise and labels: speed does not depend on what is drawn."""
    random = np.random.default_rng(0)
    image = random.integers(0, 2, (count, 28, 28, 1)) * 255
    return {"image": image.astype("uint8"), "label": random.integers(0, 10, count)}


def pictures(count):
    """Five coloured pictures a row."""
    random = np.random.default_rng(0)
    return {name: random.integers(0, 256, (count, 28, 28, 3)).astype("uint8") for name in MODALITIES}


def tensors(columns):
    """The same as MultiVae takes them: floats, channels first, labels one-hot."""
    told = {
        name: torch.from_numpy(c.transpose(0, 3, 1, 2) / 255.0).float() for name, c in columns.items() if c.ndim > 1
    }
    if "label" in columns:
        told["label"] = nn.functional.one_hot(torch.from_numpy(columns["label"]), 10).float()
    return told


def mvae():
    """MultiVae's own default networks: two hidden layers of 512 to read, one to draw."""
    return MVAE(**binary_digits_parts(decoder_dims=(512,)))


def peer_mvae():
    dims = {"image": (1, 28, 28), "label": (10,)}
    config = multivae.MVAEConfig(
        n_modalities=2, latent_dim=LATENT, input_dims=dims, use_subsampling=True, warmup=0,
        decoders_dist={"image": "bernoulli", "label": "categorical"},
    )  # fmt: skip
    parts = {"latent_dim": LATENT, "style_dim": 0}
    encoders, decoders = {}, {}
    for name, shape in dims.items():
        wanted = argparse.Namespace(input_dim=shape, **parts)
        encoders[name], decoders[name] = Encoder_VAE_MLP(wanted), Decoder_AE_MLP(wanted)
    return multivae.MVAE(config, encoders, decoders)


def mopoe():
    settings = {
        "encoder_filters": FILTERS, "decoder_filters": FILTERS[::-1], "hidden_dim": HIDDEN,
        "batch_normalization": False, "scale": 0.75,
    }  # fmt: skip
    return MoPoE(**polydigits_parts(LATENT, settings), beta=2.5)


class PeerEncoder(BaseEncoder):
    """`ConvImageEncoder` under a `GaussianEncoder`."""

    def __init__(self):
        super().__init__()
        self.latent_dim = LATENT
        self.layers = nn.Sequential(
            nn.Conv2d(3, FILTERS[0], 4, 2, 1), nn.ReLU(), nn.Conv2d(*FILTERS, 4, 2, 1), nn.ReLU(), nn.Flatten(),
            nn.Linear(49 * FILTERS[1], HIDDEN), nn.ReLU(),
        )  # fmt: skip
        self.mean, self.log_variance = nn.Linear(HIDDEN, LATENT), nn.Linear(HIDDEN, LATENT)

    def forward(self, x):
        features = self.layers(x)
        return ModelOutput(embedding=self.mean(features), log_covariance=self.log_variance(features))


class PeerDecoder(BaseDecoder):
    """`ConvImageDecoder`."""

    def __init__(self):
        super().__init__()
        self.latent_dim = LATENT
        self.layers = nn.Sequential(
            nn.Linear(LATENT, 49 * FILTERS[1]), nn.ReLU(), nn.Unflatten(1, (FILTERS[1], 7, 7)),
            nn.ConvTranspose2d(FILTERS[1], FILTERS[0], 4, 2, 1), nn.ReLU(), nn.ConvTranspose2d(FILTERS[0], 3, 4, 2, 1),
        )  # fmt: skip

    def forward(self, z):
        return ModelOutput(reconstruction=self.layers(z))


def peer_mopoe():
    config = multivae.MoPoEConfig(
        n_modalities=5, latent_dim=LATENT, input_dims={name: (3, 28, 28) for name in MODALITIES}, beta=2.5,
        decoders_dist=dict.fromkeys(MODALITIES, "laplace"),
        decoder_dist_params={name: {"scale": 0.75} for name in MODALITIES},
    )  # fmt: skip
    return multivae.MoPoE(config, {n: PeerEncoder() for n in MODALITIES}, {n: PeerDecoder() for n in MODALITIES})


def per_second(work, seconds):
    """Rows a second of `work()`, which returns how many it did, over about so many seconds."""
    begin, done = time.perf_counter(), 0
    while time.perf_counter() - begin < seconds:
        done += work()
    return done / (time.perf_counter() - begin)


def our_training(model, columns):
    rows = len(next(iter(columns.values()))) // BATCH * BATCH
    model.compile(steps_per_execution=10, jit_compile=True)

    def work():
        model.fit(columns, batch_size=BATCH, drop_remainder=True, verbose=0)
        return rows

    work()
    return work


def operations(model, columns):
    """Floating point operations of one row in a step of training, by TensorFlow's count of the step's graph."""
    batch = next(iter(Examples(columns, model.processors, BATCH, drop_remainder=True).batches()))
    graph = tf.function(model.train_step, autograph=False).get_concrete_function(batch).graph
    options = profiler.ProfileOptionBuilder(profiler.ProfileOptionBuilder.float_operation()).with_empty_output().build()
    return profiler.profile(graph, options=options).total_float_ops / BATCH


def peer_training(model, data, folder):
    """`BaseTrainer`'s epochs, and bare steps on ready batches."""
    config = BaseTrainerConfig(
        output_dir=folder, per_device_train_batch_size=BATCH, learning_rate=1e-3, num_epochs=1, no_cuda=True
    )
    rows = len(next(iter(data.values())))
    trainer = BaseTrainer(model, train_dataset=MultimodalBaseDataset(data), training_config=config)
    trainer.prepare_training()
    optimizer = torch.optim.Adam(model.parameters(), 1e-3)

    def epoch():
        with contextlib.redirect_stderr(io.StringIO()):
            trainer.train_step(1)
        return rows

    def bare():
        for index in torch.randperm(rows)[: rows // BATCH * BATCH].split(BATCH):
            optimizer.zero_grad()
            model(DatasetOutput(data={name: values[index] for name, values in data.items()})).loss.backward()
            optimizer.step()
        return rows // BATCH * BATCH

    return epoch, bare


def trained(name, ours, peer, columns, rounds, seconds, peak):
    """Training figures of one pair."""
    mine = our_training(ours, columns)
    with tempfile.TemporaryDirectory() as folder:
        epoch, bare = peer_training(peer, tensors(columns), folder)
        times = [[per_second(work, seconds) for work in (mine, epoch, bare)] for _ in range(rounds)]
    middle, flops = [statistics.median(side) for side in zip(*times, strict=True)], operations(ours, columns)
    return {
        f"{name}_train_ratio": round(statistics.median(a / b for a, b, _ in times), 2),
        f"{name}_train_ratio_bare": round(statistics.median(a / c for a, _, c in times), 2),
        f"{name}_train_samples_per_second": round(middle[0]),
        f"{name}_train_samples_per_second_multivae": round(middle[1]),
        f"{name}_train_samples_per_second_multivae_bare": round(middle[2]),
        f"{name}_train_mflop_per_sample": round(flops / 1e6, 1),
        f"{name}_train_share_of_matmul_peak": round(middle[0] * flops / peak, 3),
        f"{name}_parameters": sum(int(np.prod(v.shape)) for v in ours.trainable_variables),
        f"{name}_parameters_multivae": sum(p.numel() for p in peer.parameters()),
    }


def our_likelihood(model, columns, rows=8):
    """Rows a second of `log_likelihood`, a few rows and all their samples at once."""

    @tf.function(reduce_retracing=True, autograph=False)
    def step(raw):
        batch = {name: model.processors[name].preprocess(value) for name, value in raw.items()}
        here = {name: tf.ones([rows], tf.bool) for name in batch}
        return model.log_likelihood({**batch, "present": here}, Noise(0), SAMPLES)

    def work():
        step({name: tf.constant(column[:rows]) for name, column in columns.items()}).numpy()
        return rows

    work()
    return work


def peer_likelihood(model, data, size, rows=4):
    part = DatasetOutput(data={name: values[:rows] for name, values in data.items()})

    def work():
        model.compute_joint_nll(part, K=SAMPLES, batch_size_K=size)
        return rows

    return work


def likelihoods(ours, peer, columns, rounds, seconds):
    """Importance-weighted likelihoods of one pair."""
    mine, data = our_likelihood(ours, columns), tensors(columns)
    found = {size: per_second(peer_likelihood(peer, data, size), seconds / 2) for size in (100, 250, 500, 1000)}
    best = max(found, key=found.get)
    theirs = peer_likelihood(peer, data, best)
    times = [(per_second(mine, seconds), per_second(theirs, seconds)) for _ in range(rounds)]
    return {
        "likelihood_ratio": round(statistics.median(a / b for a, b in times), 2),
        "likelihood_rows_per_second": round(statistics.median(a for a, _ in times), 1),
        "likelihood_rows_per_second_multivae": round(statistics.median(b for _, b in times), 1),
        "likelihood_batch_size_K_of_multivae": best,
    }


def main():
    arguments = ask(__doc__, rounds=3)
    how = arguments.rounds, arguments.seconds
    ours, peer, columns = mvae(), peer_mvae(), digits(6400)
    report = {"threads": torch.get_num_threads(), "rounds": arguments.rounds, "K": SAMPLES}
    peak = max(matmul_peak() for _ in range(3))
    report["matmul_peak_gflops"] = round(peak / 1e9, 1)
    report |= trained("mvae", ours, peer, columns, *how, peak)
    report |= likelihoods(ours, peer, columns, *how)
    report |= trained("mopoe", mopoe(), peer_mopoe(), pictures(1280), *how, peak)
    tell(report, arguments.write)


if __name__ == "__main__":
    main()
