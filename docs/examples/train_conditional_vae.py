"""The model of conditional_vae.py, from a few rows to a SavedModel."""

import pathlib
import tempfile

import numpy as np
from conditional_vae import ConditionalVAE

from mmgen_tf.layers.gaussian_encoder import GaussianEncoder
from mmgen_tf.modalities.image.image_processor import ImageProcessor
from mmgen_tf.modalities.image.mlp_image_decoder import MLPImageDecoder
from mmgen_tf.modalities.image.mlp_image_encoder import MLPImageEncoder
from mmgen_tf.modalities.text.text_encoder import TextEncoder
from mmgen_tf.modalities.text.text_processor import TextProcessor

# bright and dark squares; with real pictures: columns = builders.load("digits", "train")
names, levels = ["dark", "bright"] * 32, np.array([60, 220] * 32, "uint8")
columns = {"image": np.full((64, 28, 28, 1), levels[:, None, None, None]), "text": [f"a {n} square" for n in names]}

text = TextProcessor.adapted(columns["text"])
model = ConditionalVAE(
    processors={"image": ImageProcessor(range=(0, 1)), "text": text},
    text_encoder=TextEncoder(len(text.modality.vocabulary), output_dim=16),
    encoder=GaussianEncoder(MLPImageEncoder(hidden_dims=(64,)), latent_dim=8),
    decoder=MLPImageDecoder(latent_dim=8 + 16, hidden_dims=(64,)),
)
model.compile()
model.fit(columns, batch_size=16, epochs=100, verbose=0)

room = pathlib.Path(tempfile.mkdtemp())
model.save_to_preset(room / "cvae")
model = ConditionalVAE.from_preset(room / "cvae")
drawn = model.generate({"text": ["a dark square", "a bright square"]}, num_samples=3, seed=0)
print(drawn.shape, drawn.mean(axis=(1, 2, 3, 4)).round())  # darker, then brighter
model.export(room / "saved")
