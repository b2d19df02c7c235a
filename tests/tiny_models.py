"""Models and examples so small that a test can train them many times."""

import numpy as np

from mmgen_tf.fusion.cross_attention_fusion import CrossAttentionFusion
from mmgen_tf.fusion.early_fusion import EarlyFusion
from mmgen_tf.layers.dense_network import DenseNetwork
from mmgen_tf.layers.differentiable_augmentation import DifferentiableAugmentation
from mmgen_tf.layers.gaussian_encoder import GaussianEncoder
from mmgen_tf.layers.joined_networks import JoinedNetworks
from mmgen_tf.layers.latent_flow import LatentFlow
from mmgen_tf.layers.picture_damage import TASKS
from mmgen_tf.layers.random_affine import RandomAffine
from mmgen_tf.layers.unit_encoder import UnitEncoder
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
from mmgen_tf.models.classifier.fusion_classifier import FusionClassifier
from mmgen_tf.models.classifier.image_classifier import ImageClassifier
from mmgen_tf.models.contrastive.dual_encoder import DualEncoder
from mmgen_tf.models.gan.attention_gan import AttentionGAN
from mmgen_tf.models.gan.attention_generator import AttentionGenerator
from mmgen_tf.models.gan.conditional_gan import ConditionalGAN
from mmgen_tf.models.gan.dcgan_generator import DCGANGenerator
from mmgen_tf.models.gan.image_repair_gan import ImageRepairGAN
from mmgen_tf.models.gan.joint_gan import JointGAN
from mmgen_tf.models.gan.mlp_discriminator import MLPDiscriminator
from mmgen_tf.models.gan.mlp_generator import MLPGenerator
from mmgen_tf.models.gan.pair_discriminator import PairDiscriminator
from mmgen_tf.models.gan.patch_discriminator import PatchDiscriminator
from mmgen_tf.models.gan.projection_discriminator import ProjectionDiscriminator
from mmgen_tf.models.gan.residual_discriminator import ResidualDiscriminator
from mmgen_tf.models.gan.residual_generator import ResidualGenerator
from mmgen_tf.models.gan.unet_generator import UNetGenerator
from mmgen_tf.models.gan.vaegan import VAEGAN
from mmgen_tf.models.rnn.attention_text_decoder import AttentionTextDecoder
from mmgen_tf.models.rnn.multimodal_rnn import MultimodalRNN
from mmgen_tf.models.transformer.multimodal_transformer import MultimodalTransformer
from mmgen_tf.models.transformer.transformer_text_decoder import TransformerTextDecoder
from mmgen_tf.models.vae.cmvae import CMVAE
from mmgen_tf.models.vae.crmvae import CRMVAE
from mmgen_tf.models.vae.cvae import CVAE
from mmgen_tf.models.vae.dmvae import DMVAE
from mmgen_tf.models.vae.jmvae import JMVAE
from mmgen_tf.models.vae.jnf import JNF
from mmgen_tf.models.vae.mhvae import MHVAE
from mmgen_tf.models.vae.mmjsd import MMJSD
from mmgen_tf.models.vae.mmvae import MMVAE
from mmgen_tf.models.vae.mmvae_plus import MMVAEPlus
from mmgen_tf.models.vae.mopoe import MoPoE
from mmgen_tf.models.vae.mvae import MVAE
from mmgen_tf.models.vae.mvtcae import MVTCAE
from mmgen_tf.models.vae.nexus import Nexus
from mmgen_tf.models.vae.telbo import TELBO

WORDS = ("thick", "thin", "one", "two")
WORD_IDS = len(WORDS) + 2  # with padding and unknown
SIDE = {"height": 8, "width": 8}


def pictures(count, seed=0):
    """uint8 noise, a different one in each row."""
    return np.random.default_rng(seed).integers(0, 256, (count, 8, 8, 1)).astype("uint8")


def captions(count):
    """Two words each, over and over in all four ways."""
    return [f"{WORDS[i % 2]} {WORDS[2 + i // 2 % 2]}" for i in range(count)]


def captioned_pictures(count=19):
    """Columns for a ConditionalGAN; 19 rows in batches of 4 leave an uneven last batch."""
    return {"image": pictures(count), "text": captions(count)}


def labelled_pictures(count=19):
    """Columns for an ImageClassifier."""
    return {"image": pictures(count), "label": np.arange(count) % 3}


def labelled_patterns(count=19):
    """Columns for a VAE of pictures and labels: one black and white pattern a label, so that there is much to learn."""
    labels = np.arange(count) % 3
    patterns = 255 * np.random.default_rng(0).integers(0, 2, (3, 8, 8, 1))
    return {"image": patterns[labels].astype("uint8"), "label": labels}


def _gan(generator, discriminator, **kwargs):
    processors = {"image": ImageProcessor(**SIDE), "text": TextProcessor(vocabulary=WORDS, sequence_length=4)}
    encoder = TextEncoder(len(WORDS) + 2, output_dim=8, embedding_dim=4)
    return ConditionalGAN(processors, encoder, generator, discriminator, **{"mismatch_weight": 1.0, **kwargs})


def mlp_gan(dropout=0.3, **kwargs):
    """The article's pair, with one hidden layer."""
    return _gan(
        MLPGenerator(noise_dim=4, condition_dim=8, hidden_dims=(16,), **SIDE),
        MLPDiscriminator(condition_dim=8, hidden_dims=(16,), dropout=dropout, **SIDE),
        **kwargs,
    )


def dcgan(**kwargs):
    """The convolutional pair, with two filters."""
    return _gan(
        DCGANGenerator(noise_dim=4, condition_dim=8, filters=2, text_dim=4, **SIDE),
        ProjectionDiscriminator(condition_dim=8, filters=4, feature_dim=8, **SIDE),
        **kwargs,
    )


def residual_gan(**kwargs):
    """The residual pair with attention, seen through augmentation, some sentences left out."""
    model = _gan(
        ResidualGenerator(noise_dim=4, condition_dim=8, channels=1, filters=(4, 4, 2), attention=1, text_dim=4, **SIDE),
        ResidualDiscriminator(condition_dim=8, channels=1, filters=(4, 8), attention=1, **SIDE),
        augmentation=DifferentiableAugmentation(fill=-1.0),
        condition_dropout=0.2,
        **kwargs,
    )
    model.build()
    for part in (model.generator, model.discriminator):
        part.self_attention.gamma.assign(0.5)  # at 0, where training starts, nothing else of it learns
    return model


def attention_gan(**kwargs):
    """One stage, from 4 to 8 pixels."""
    return AttentionGAN(
        pair_processors(),
        ConvTextEncoder(WORD_IDS, 8, 4),
        AttentionGenerator(4, 8, 8, side=8, channels=1, filters=(8, 8, 4), stages=1, text_dim=4),
        [
            ResidualDiscriminator(8, side, side, 1, filters=(4,) * depth, attention=0)
            for side, depth in ((4, 1), (8, 2))
        ],
        RegionEncoder(channels=1, filters=(4, 4), output_dim=8, **SIDE),
        **{"temperature": 0.5, "matching_weight": 0.1, **kwargs},  # what an untrained matcher says is hard to heed
    )


ANSWERS = ["two thin", "thick", "one"]


def told_pictures(count=19):
    """Columns for a model that answers questions about pictures: each answer goes with its picture."""
    columns = captioned_pictures(count)
    return {**columns, "answer": [ANSWERS[row % 3] for row in range(count)]}


def _text_model(cls, decoder, dropout, question="text", **kwargs):
    text = {"vocabulary": WORDS, "sequence_length": 4}
    return cls(
        {"image": ImageProcessor(**SIDE), "text": TextProcessor(**text), "answer": TextProcessor("answer", **text)},
        encoders={
            "image": RegionEncoder(channels=1, filters=(4, 4), output_dim=6, whole=False, **SIDE),
            question: TokenEmbedding(WORD_IDS, 6),
        },
        fusion=EarlyFusion({"image": 6, question: 6}, 8, {"image": 4, question: 4}, 1, 2, 8, dropout),
        decoder=decoder,
        **{"output": "answer", "label_smoothing": 0.1, "modality_dropout": 0.2, **kwargs},
    )


def multimodal_transformer(dropout=0.1, **kwargs):
    """One layer on either side, eight wide."""
    return _text_model(
        MultimodalTransformer, TransformerTextDecoder(WORD_IDS, 4, 8, 1, 2, 8, dropout), dropout, **kwargs
    )


def multimodal_rnn(dropout=0.1, cell="gru", **kwargs):
    """Eight numbers of state."""
    decoder = AttentionTextDecoder(WORD_IDS, 4, 8, 8, cell, dropout)
    return _text_model(MultimodalRNN, decoder, dropout, **{"attention_regularizer": 0.5, **kwargs})


def described_videos(count=19):
    """Columns for a model that says what a clip of three frames shows."""
    return {"video": pictures(3 * count).reshape(count, 3, 8, 8, 1), "text": captions(count)}


def video_rnn(dropout=0.1, **kwargs):
    """Three frames, eight numbers of state."""
    frames = FrameSequenceEncoder(MLPImageEncoder(hidden_dims=(8,), **SIDE), frames=3, output_dim=6)
    return MultimodalRNN(
        {
            "video": VideoProcessor(frames=3, channels=1, **SIDE),
            "text": TextProcessor(vocabulary=WORDS, sequence_length=4),
        },
        encoders={"video": frames},
        fusion=EarlyFusion({"video": 6}, 8, {"video": 3}, num_layers=0, dropout=dropout),
        decoder=AttentionTextDecoder(WORD_IDS, 4, 8, 8, "lstm", dropout),
        requires=["video"],
        **kwargs,
    )


def answered_pictures(count=19):
    """Columns for a FusionClassifier: a picture, a sentence and a class."""
    return {**captioned_pictures(count), "answer": np.arange(count) % 3}


def fusion_classifier(fusion=None, **kwargs):
    """A picture's four regions and a sentence's words."""
    widths = {"image": 6, "text": 6}
    return FusionClassifier(
        {**pair_processors(), "answer": LabelProcessor("answer", "abc")},
        encoders={
            "image": RegionEncoder(channels=1, filters=(4, 4), output_dim=6, whole=False, **SIDE),
            "text": TokenEmbedding(WORD_IDS, 6),
        },
        fusion=fusion(widths) if fusion else CrossAttentionFusion(widths, 8, 1, 2, 8),
        **{"output": "answer", "modality_dropout": 0.2, **kwargs},
    )


def dual_encoder(**kwargs):
    """Dense picture tower, deep averaging text tower, moved pictures."""
    return DualEncoder(
        pair_processors(),
        {
            "image": UnitEncoder(MLPImageEncoder(hidden_dims=(8,), **SIDE), 6),
            "text": UnitEncoder(TextEncoder(WORD_IDS, 8, 4), 6),
        },
        **{"augmentation": {"image": RandomAffine(shift=1)}, **kwargs},
    )


def pair_processors(**image):
    """One picture and one sentence."""
    return {"image": ImageProcessor(**SIDE, **image), "text": TextProcessor(vocabulary=WORDS, sequence_length=4)}


def repair_columns(count=19):
    """Columns for an ImageRepairGAN: colours in blocks, and sentences; damaged, mask and task only to generate from."""
    random = np.random.default_rng(0)
    image = np.kron(random.integers(0, 256, (count, 2, 2, 3)), np.ones((1, 4, 4, 1))).astype("uint8")
    hole = 255 * (random.random((count, 8, 8, 1)) < 0.3).astype("uint8")
    tasks = [TASKS[number % len(TASKS)] for number in range(count)]
    return {"image": image, "text": captions(count), "damaged": image, "mask": hole, "task": tasks}


def image_repair_gan(symmetric=False, **kwargs):
    """Two halvings and sentences."""
    rgb, more = {"channels": 3, **SIDE}, {"input_channels": 12, "channels": 4} if symmetric else {"input_channels": 8}
    return ImageRepairGAN(
        {
            "image": ImageProcessor(**rgb),
            "damaged": ImageProcessor("damaged", **rgb),
            "mask": ImageProcessor("mask", range=(0, 1), **SIDE),
            "task": LabelProcessor("task", TASKS),
            "text": TextProcessor(vocabulary=WORDS, sequence_length=4),
        },
        UNetGenerator(condition_dim=8, filters=(4, 4), modulate=symmetric, **more, **SIDE),
        PatchDiscriminator(input_channels=11, filters=(4, 4), **SIDE),
        TextEncoder(WORD_IDS, output_dim=8, embedding_dim=4),
        **{
            "l1_weight": 10.0,
            "feature_weight": 1.0,
            "residual": True,
            "symmetric": symmetric,
            "condition_dropout": 0.2 if symmetric else 0.0,
            "augmentation": RandomAffine(shift=1, mirror=0.5),
            **kwargs,
        },
    )


def joint_gan(**kwargs):
    """Picture and sentence from four numbers."""
    return JointGAN(
        pair_processors(),
        trunk=DenseNetwork(4, (8,), 6),
        text_generator=TextDecoder(WORD_IDS, 4, 6, embedding_dim=4, hidden_dim=8),
        text_encoder=ConvTextEncoder(WORD_IDS, 8, 4),
        image_generator=MLPGenerator(noise_dim=2, condition_dim=8, hidden_dims=(16,), **SIDE),
        discriminator=ProjectionDiscriminator(condition_dim=8, filters=4, feature_dim=8, **SIDE),
        text_discriminator=PairDiscriminator({"text": ConvTextEncoder(WORD_IDS, 8, 4)}, hidden_dim=8),
        **{"mismatch_weight": 0.5, **kwargs},
    )


def vaegan(**kwargs):
    """Dense encoders, decoders and discriminators, eight latent numbers."""

    def judge(name, network):
        return PairDiscriminator({name: network, "latent": DenseNetwork(8, (), 4)}, hidden_dim=8)

    return VAEGAN(
        pair_processors(range=(0, 1)),
        encoders={
            "image": GaussianEncoder(MLPImageEncoder(hidden_dims=(16,), **SIDE), 8),
            "text": GaussianEncoder(ConvTextEncoder(WORD_IDS, 8, 4), 8),
        },
        decoders={
            "image": MLPImageDecoder(8, hidden_dims=(16,), **SIDE),
            "text": TextDecoder(WORD_IDS, 4, 8, embedding_dim=4, hidden_dim=8),
        },
        discriminators={
            "image": judge("image", MLPImageEncoder(hidden_dims=(8,), **SIDE)),
            "text": judge("text", ConvTextEncoder(WORD_IDS, 8, 4)),
        },
        **{"mismatch_weight": 0.5, **kwargs},
    )


def image_classifier(**kwargs):
    """Two stages of two convolutions, and random affine maps."""
    processors = {"image": ImageProcessor(**SIDE), "label": LabelProcessor(classes=("a", "b", "c"))}
    encoder = ImageEncoder(filters=(4, 4), output_dim=8, **SIDE)
    return ImageClassifier(processors, encoder, RandomAffine(), **kwargs)


def mvae(**kwargs):
    """Dense encoders and decoders for pictures and sentences, eight latent numbers."""
    return MVAE(
        processors={
            "image": ImageProcessor(range=(0, 1), **SIDE),
            "text": TextProcessor(vocabulary=WORDS, sequence_length=4),
        },
        encoders={
            "image": GaussianEncoder(MLPImageEncoder(hidden_dims=(16,), **SIDE), 8),
            "text": GaussianEncoder(TextEncoder(len(WORDS) + 2, output_dim=8, embedding_dim=4), 8),
        },
        decoders={
            "image": MLPImageDecoder(8, hidden_dims=(16,), **SIDE),
            "text": TextDecoder(len(WORDS) + 2, 4, 8, embedding_dim=4, hidden_dim=8),
        },
        **{"weights": {"text": 2.0}, **kwargs},
    )


def vae_networks():
    """dict of modality -> feature network of eight numbers."""
    return {
        "image": MLPImageEncoder(hidden_dims=(8,), **SIDE),
        "label": LabelEncoder(3, hidden_dims=(8,)),
    }


def vae_parts(width=8, read=8):
    """processors, encoders of `width` latent numbers, decoders that read `read` of them."""
    return {
        "processors": {
            "image": ImageProcessor(range=(0, 1), **SIDE),
            "label": LabelProcessor(classes=("a", "b", "c")),
        },
        "encoders": {name: GaussianEncoder(network, width) for name, network in vae_networks().items()},
        "decoders": {
            "image": MLPImageDecoder(read, hidden_dims=(16,), **SIDE),
            "label": LabelDecoder(3, read, hidden_dims=(8,)),
        },
    }


def joint_encoder():
    """Sees picture and label, eight latent numbers."""
    return GaussianEncoder(JoinedNetworks(vae_networks(), 8), 8)


def jnf():
    """With flows that are not the identity, so that each of their weights has a gradient."""
    flows = {name: LatentFlow(8, layers=2, hidden_dim=4) for name in ("image", "label")}
    model = JNF(**vae_parts(), joint_encoder=joint_encoder(), flows=flows)
    model.build()
    draw = np.random.default_rng(0)
    for flow in flows.values():
        for weight in flow.trainable_weights:
            weight.assign(weight + draw.normal(0, 0.1, weight.shape))
    return model


def mhvae():
    """Two levels of four and eight latent numbers."""
    return MHVAE(**{**vae_parts(), "encoders": vae_networks()}, level_dims=(4, 8), hidden_dim=8)


def cvae():
    """Label -> picture, with a prior of its own for each label."""
    parts, label = vae_parts(), {"label": vae_networks()["label"]}
    return CVAE(
        parts["processors"], "image", joint_encoder(), JoinedNetworks(label, 4),
        MLPImageDecoder(12, hidden_dims=(16,), **SIDE),
        prior=GaussianEncoder(JoinedNetworks({"label": vae_networks()["label"]}, 8), 8),
    )  # fmt: skip


BOTH = ("image", "label")
# kind -> how to make a tiny one, and the modalities that its training rows may lack
VAE_KINDS = {
    "cmvae": (lambda: CMVAE(**vae_parts(), private_dim=3, clusters=3), BOTH),
    "crmvae": (lambda: CRMVAE(**vae_parts()), BOTH),
    "cvae": (cvae, ()),
    "dmvae": (lambda: DMVAE(**vae_parts(), private_dim=3), BOTH),
    "jmvae": (lambda: JMVAE(**vae_parts(), joint_encoder=joint_encoder()), ()),
    "jnf": (jnf, ()),
    "mhvae": (mhvae, BOTH),
    "mmjsd": (lambda: MMJSD(**vae_parts()), BOTH),
    "mmvae": (lambda: MMVAE(**vae_parts(), num_samples=3, estimator="dreg", all_experts=True), BOTH),
    "mmvae_plus": (lambda: MMVAEPlus(**vae_parts(), private_dim=3, num_samples=2), BOTH),
    "mopoe": (lambda: MoPoE(**vae_parts(), private_dim=3), BOTH),
    "mvtcae": (lambda: MVTCAE(**vae_parts()), BOTH),
    "nexus": (lambda: Nexus(**vae_parts(), top_dim=6, message_dim=5, hidden_dim=8), BOTH),
    "telbo": (lambda: TELBO(**vae_parts(), joint_encoder=joint_encoder(), single_weights={"label": 2.0}), ()),
}
