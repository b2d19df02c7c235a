"""Every component of mmgen_tf, one row each. `test_components.py` takes every row through the same battery."""

import dataclasses

import numpy as np

from mmgen_tf import registry
from mmgen_tf.fusion.cross_attention_fusion import CrossAttentionFusion
from mmgen_tf.fusion.dual_encoder_fusion import DualEncoderFusion
from mmgen_tf.fusion.early_fusion import EarlyFusion
from mmgen_tf.fusion.gated_fusion import GatedFusion
from mmgen_tf.fusion.late_fusion import LateFusion
from mmgen_tf.layers.dense_network import DenseNetwork
from mmgen_tf.layers.differentiable_augmentation import DifferentiableAugmentation
from mmgen_tf.layers.gaussian_encoder import GaussianEncoder
from mmgen_tf.layers.joined_networks import JoinedNetworks
from mmgen_tf.layers.latent_flow import LatentFlow
from mmgen_tf.layers.latent_mixture import LatentMixture
from mmgen_tf.layers.random_affine import RandomAffine
from mmgen_tf.layers.random_binarization import RandomBinarization
from mmgen_tf.layers.unit_encoder import UnitEncoder
from mmgen_tf.modalities.audio.audio_processor import AudioProcessor
from mmgen_tf.modalities.audio.log_mel_processor import LogMelProcessor
from mmgen_tf.modalities.image.conv_image_decoder import ConvImageDecoder
from mmgen_tf.modalities.image.conv_image_encoder import ConvImageEncoder
from mmgen_tf.modalities.image.given_regions import GivenRegions
from mmgen_tf.modalities.image.image_encoder import ImageEncoder
from mmgen_tf.modalities.image.image_processor import ImageProcessor
from mmgen_tf.modalities.image.mlp_image_decoder import MLPImageDecoder
from mmgen_tf.modalities.image.mlp_image_encoder import MLPImageEncoder
from mmgen_tf.modalities.image.region_encoder import RegionEncoder
from mmgen_tf.modalities.label.label_decoder import LabelDecoder
from mmgen_tf.modalities.label.label_encoder import LabelEncoder
from mmgen_tf.modalities.label.label_processor import LabelProcessor
from mmgen_tf.modalities.text.conv_text_encoder import ConvTextEncoder
from mmgen_tf.modalities.text.text_decoder import TextDecoder
from mmgen_tf.modalities.text.text_encoder import TextEncoder
from mmgen_tf.modalities.text.text_processor import TextProcessor
from mmgen_tf.modalities.text.token_embedding import TokenEmbedding
from mmgen_tf.modalities.video.frame_sequence_encoder import FrameSequenceEncoder
from mmgen_tf.modalities.video.video_processor import VideoProcessor
from mmgen_tf.models.gan.attention_generator import AttentionGenerator
from mmgen_tf.models.gan.dcgan_generator import DCGANGenerator
from mmgen_tf.models.gan.mlp_discriminator import MLPDiscriminator
from mmgen_tf.models.gan.mlp_generator import MLPGenerator
from mmgen_tf.models.gan.pair_discriminator import PairDiscriminator
from mmgen_tf.models.gan.patch_discriminator import PatchDiscriminator
from mmgen_tf.models.gan.projection_discriminator import ProjectionDiscriminator
from mmgen_tf.models.gan.residual_discriminator import ResidualDiscriminator
from mmgen_tf.models.gan.residual_generator import ResidualGenerator
from mmgen_tf.models.gan.unet_generator import UNetGenerator
from mmgen_tf.models.rnn.attention_text_decoder import AttentionTextDecoder
from mmgen_tf.models.transformer.transformer_text_decoder import TransformerTextDecoder
from mmgen_tf.noise import Noise


@dataclasses.dataclass(frozen=True)
class Descriptor:
    """One component.

    Args:
        cls: the class.
        config: constructor arguments as in a preset's config, none of them the default where that can be.
        inputs: what it is called with: arguments of three rows for a layer, human values for a processor.
        shape: of what comes out, or a tuple of them.
        loss: how much the tensor of a processor's value may change, on average, by becoming a value and a tensor again;
            None where the value itself comes back exactly.
    """

    cls: type
    config: dict
    inputs: dict | list
    shape: tuple
    loss: float | None = None

    def make(self):
        """A new instance, as loading a preset makes it."""
        return registry.from_config({"class": self.cls.__name__, "config": self.config})

    def call(self, layer):
        """What a layer gives for the inputs; the ones that are functions are called first."""
        return layer(**{name: value() if callable(value) else value for name, value in self.inputs.items()})


def floats(*shape):
    return np.random.default_rng(0).uniform(-1, 1, shape).astype("float32")


def tokens(*shape):
    return np.random.default_rng(0).integers(0, 7, shape).astype("int32")


PICTURE = {"height": 8, "width": 12, "channels": 3}
PICTURES, CONDITION, Z = floats(3, 8, 12, 3), floats(3, 5), floats(3, 4)
TEXT_ENCODER = {
    "vocabulary_size": 7, "output_dim": 5, "embedding_dim": 3, "unit_scale": True, "trainable_embedding": False,
}  # fmt: skip

WIDTHS = {"image": 4, "text": 3}
FUSED = {
    "tokens": lambda: {"image": floats(3, 5, 4), "text": floats(3, 6, 3)},
    "there": lambda: {"image": np.ones((3, 5, 1), "float32"), "text": (floats(3, 6, 1) > 0).astype("float32")},
}
MEMORY = {"previous": tokens(3, 6), "memory": floats(3, 5, 4), "there": floats(3, 5) > -0.5}

LAYERS = [
    Descriptor(
        EarlyFusion,
        {
            "widths": WIDTHS, "output_dim": 8, "lengths": {"image": 5, "text": 6}, "num_layers": 1, "num_heads": 2,
            "hidden_dim": 7, "dropout": 0.2,
        },
        FUSED, (3, 8),
    ),
    *(
        Descriptor(
            LateFusion, {"widths": WIDTHS, "output_dim": 8, "mode": mode, "hidden_dim": 7, "rank": 2}, FUSED, (3, 8)
        )
        for mode in ("concatenate", "sum", "outer_product")
    ),
    Descriptor(DualEncoderFusion, {"widths": WIDTHS, "output_dim": 8, "shared_dim": 7}, FUSED, (3, 8)),
    Descriptor(
        CrossAttentionFusion,
        {"widths": WIDTHS, "output_dim": 8, "num_layers": 2, "num_heads": 2, "hidden_dim": 7}, FUSED, (3, 8),
    ),
    Descriptor(GatedFusion, {"widths": WIDTHS, "output_dim": 8, "hidden_dim": 7}, FUSED, (3, 8)),
    Descriptor(
        FrameSequenceEncoder,
        {"frame_encoder": {"class": "ImageEncoder", "config": {**PICTURE, "filters": [2, 4], "output_dim": 5}},
         "frames": 2, "output_dim": 6},
        {"videos": floats(3, 2, 8, 12, 3)}, (3, 6),
    ),
    Descriptor(GivenRegions, {"output_dim": 4, "dropout": 0.2}, {"vectors": floats(3, 5, 4)}, (3, 4)),
    Descriptor(
        TokenEmbedding, {"vocabulary_size": 7, "output_dim": 5, "pad_id": 2}, {"tokens": tokens(3, 6)}, (3, 5)
    ),
    Descriptor(
        TransformerTextDecoder,
        {
            "vocabulary_size": 7, "sequence_length": 6, "width": 4, "num_layers": 2, "num_heads": 2, "hidden_dim": 5,
            "dropout": 0.2,
        },
        MEMORY, ((3, 6, 7), (3, 6, 5)),
    ),
    *(
        Descriptor(
            AttentionTextDecoder,
            {"vocabulary_size": 7, "sequence_length": 6, "width": 4, "hidden_dim": 5, "cell": cell, "dropout": 0.2},
            MEMORY, ((3, 6, 7), (3, 6, 5)),
        )
        for cell in ("gru", "lstm")
    ),
    Descriptor(TextEncoder, TEXT_ENCODER, {"tokens": tokens(3, 6)}, (3, 5)),
    Descriptor(
        TextDecoder,
        {
            "vocabulary_size": 7, "sequence_length": 6, "latent_dim": 4, "embedding_dim": 3, "hidden_dim": 5,
            "word_dropout": 0.1,
        },
        {"z": Z, "previous": tokens(3, 6)}, (3, 6, 7),
    ),
    Descriptor(
        GaussianEncoder, {"network": {"class": "TextEncoder", "config": TEXT_ENCODER}, "latent_dim": 2},
        {"values": tokens(3, 6)}, ((3, 2), (3, 2)),
    ),
    Descriptor(ImageEncoder, {**PICTURE, "filters": [2, 4], "output_dim": 5}, {"images": PICTURES}, (3, 5)),
    Descriptor(
        MLPImageEncoder, {**PICTURE, "hidden_dims": [6, 5], "dropout": 0.5, "seed": 3}, {"images": PICTURES}, (3, 5)
    ),
    Descriptor(
        MLPImageDecoder,
        {**PICTURE, "latent_dim": 4, "hidden_dims": [6, 7], "likelihood": "gaussian", "scale": 0.5},
        {"z": Z}, (3, 8, 12, 3),
    ),
    Descriptor(
        RandomAffine, {"rotation": 20.0, "zoom": 0.2, "shift": 1.0, "mirror": 0.5},
        {"images": PICTURES, "noise": lambda: Noise(0)},
        (3, 8, 12, 3),
    ),
    Descriptor(
        RandomBinarization, {}, {"images": np.abs(PICTURES), "noise": lambda: Noise(0)}, (3, 8, 12, 3)
    ),
    Descriptor(
        UnitEncoder, {"network": {"class": "TextEncoder", "config": TEXT_ENCODER}, "output_dim": 2},
        {"values": tokens(3, 6)}, (3, 2),
    ),
    Descriptor(DenseNetwork, {"input_dim": 4, "hidden_dims": [5, 6], "output_dim": 3}, {"values": Z}, (3, 3)),
    Descriptor(
        JoinedNetworks,
        {"networks": {"label": {"class": "LabelEncoder", "config": {"classes": 7, "hidden_dims": [5]}},
                      "text": {"class": "TextEncoder", "config": TEXT_ENCODER}}, "output_dim": 4},
        {"values": lambda: {"label": tokens(3), "text": tokens(3, 6)}}, (3, 4),
    ),
    Descriptor(
        ConvImageEncoder,
        {**PICTURE, "filters": [2, 3], "output_dim": 5, "dropout": 0.1, "batch_normalization": True, "seed": 3},
        {"images": PICTURES}, (3, 5),
    ),
    Descriptor(
        ConvImageDecoder,
        {**PICTURE, "latent_dim": 4, "filters": [3, 2], "likelihood": "gaussian", "scale": 0.5}, {"z": Z}, (3, 8, 12,
        3),
    ),
    Descriptor(LabelEncoder, {"classes": 7, "hidden_dims": [5, 6]}, {"labels": tokens(3)}, (3, 6)),
    Descriptor(LabelDecoder, {"classes": 7, "latent_dim": 4, "hidden_dims": [5]}, {"z": Z}, (3, 7)),
    Descriptor(LatentFlow, {"latent_dim": 4, "layers": 3, "hidden_dim": 5, "seed": 3}, {"z": Z}, (3,)),
    Descriptor(
        LatentMixture, {"latent_dim": 4, "components": 2, "covariance": "diagonal", "seed": 3}, {"z": Z}, (3,)
    ),
    Descriptor(
        MLPGenerator, {**PICTURE, "noise_dim": 4, "condition_dim": 5, "hidden_dims": [6, 7]},
        {"noise": Z, "condition": CONDITION}, (3, 8, 12, 3),
    ),
    Descriptor(
        DCGANGenerator, {**PICTURE, "noise_dim": 4, "condition_dim": 5, "filters": 2, "text_dim": 3},
        {"noise": Z, "condition": CONDITION}, (3, 8, 12, 3),
    ),
    Descriptor(
        MLPDiscriminator,
        {**PICTURE, "condition_dim": 5, "hidden_dims": [6, 7], "dropout": 0.1, "slope": 0.1, "seed": 3},
        {"image": PICTURES, "condition": CONDITION}, (3,),
    ),
    Descriptor(
        ProjectionDiscriminator, {**PICTURE, "condition_dim": 5, "filters": 2, "feature_dim": 6},
        {"image": PICTURES, "condition": CONDITION}, (3,),
    ),
    Descriptor(
        ConvTextEncoder,
        {"vocabulary_size": 7, "output_dim": 5, "embedding_dim": 3, "kernel_size": 2, "trainable_embedding": False,
         "unit_scale": True, "dropout": 0.25},
        {"tokens": tokens(3, 6)}, (3, 5),
    ),
    Descriptor(
        PairDiscriminator,
        {"networks": {"label": {"class": "LabelEncoder", "config": {"classes": 7, "hidden_dims": [5]}},
                      "text": {"class": "TextEncoder", "config": TEXT_ENCODER}}, "hidden_dim": 4},
        {"values": lambda: {"label": tokens(3), "text": tokens(3, 6)}}, (3,),
    ),
    Descriptor(
        UNetGenerator,
        {**PICTURE, "input_channels": 3, "condition_dim": 5, "filters": [2, 4], "refine_filters": [3],
         "modulate": True},
        {"x": PICTURES, "condition": CONDITION}, (3, 8, 12, 3),
    ),
    Descriptor(
        PatchDiscriminator, {"height": 8, "width": 12, "input_channels": 3, "filters": [2, 4]}, {"x": PICTURES}, (3,)
    ),
    Descriptor(
        RegionEncoder, {**PICTURE, "filters": [2, 3], "output_dim": 5, "whole": True}, {"images": PICTURES}, (3, 5)
    ),
    Descriptor(
        AttentionGenerator,
        {
            "noise_dim": 4, "condition_dim": 5, "word_dim": 3, "side": 8, "channels": 3, "filters": [4, 3, 2],
            "stages": 1, "text_dim": 3,
        },
        {"noise": Z, "condition": CONDITION, "words": floats(3, 6, 3), "there": np.ones((3, 6, 1), "float32")},
        ([(3, 4, 4, 3), (3, 8, 8, 3)], (3, 4, 4, 6)),
    ),
    Descriptor(
        ResidualGenerator,
        {**PICTURE, "noise_dim": 4, "condition_dim": 5, "filters": [4, 3, 2], "attention": 1, "text_dim": 3},
        {"noise": Z, "condition": CONDITION}, (3, 8, 12, 3),
    ),
    Descriptor(
        ResidualDiscriminator, {**PICTURE, "condition_dim": 5, "filters": [2, 4], "attention": 1},
        {"image": PICTURES, "condition": CONDITION}, (3,),
    ),
    Descriptor(
        DifferentiableAugmentation, {"policy": ["color", "translation"], "fill": 1.0},
        {"pictures": PICTURES, "noise": lambda: Noise(0)}, (3, 8, 12, 3),
    ),
]  # fmt: skip

PROCESSORS = [
    Descriptor(
        ImageProcessor, {**PICTURE, "name": "sketch", "range": [0.0, 1.0]},
        list(tokens(2, 8, 12, 3).astype("uint8")), (2, 8, 12, 3),
    ),
    Descriptor(
        TextProcessor, {"name": "caption", "vocabulary": ["thick", "seven"], "sequence_length": 4},
        ["thick seven", "seven"], (2, 4),
    ),
    Descriptor(
        VideoProcessor, {**PICTURE, "name": "clip", "frames": 2, "frame_rate": 4.0, "range": [0.0, 1.0]},
        list(tokens(2, 2, 8, 12, 3).astype("uint8")), (2, 2, 8, 12, 3),
    ),
    Descriptor(LabelProcessor, {"name": "digit", "classes": ["a", "b"]}, ["b", "a"], (2,)),
    Descriptor(
        AudioProcessor, {"name": "spoken", "samples": 6, "sample_rate": 3}, [floats(6), floats(6)], (2, 6)
    ),
    Descriptor(
        LogMelProcessor,
        {
            "name": "spoken", "samples": 512, "sample_rate": 4000, "frame_length": 64, "frame_step": 32, "mel_bins": 8,
            "griffin_lim_steps": 5,
        },
        [floats(512), floats(512) / 5], (2, 16, 8, 1), loss=0.02,
    ),
]  # fmt: skip
