"""Objects to JSON and back, for registered classes only: loading a config runs no code from it."""

import difflib
import importlib
import inspect

# Where the package's own registered classes live: a config may name these, and no module but these is ever imported.
HOMES = {
    "AttentionGAN": "mmgen_tf.models.gan.attention_gan",
    "AttentionGenerator": "mmgen_tf.models.gan.attention_generator",
    "AttentionTextDecoder": "mmgen_tf.models.rnn.attention_text_decoder",
    "AudioProcessor": "mmgen_tf.modalities.audio.audio_processor",
    "BackboneImageEncoder": "mmgen_tf.modalities.image.backbone_image_encoder",
    "BackboneImageProcessor": "mmgen_tf.modalities.image.backbone_image_processor",
    "BackboneTextEncoder": "mmgen_tf.modalities.text.backbone_text_encoder",
    "CMVAE": "mmgen_tf.models.vae.cmvae",
    "ConditionalGAN": "mmgen_tf.models.gan.conditional_gan",
    "ConvImageDecoder": "mmgen_tf.modalities.image.conv_image_decoder",
    "ConvImageEncoder": "mmgen_tf.modalities.image.conv_image_encoder",
    "ConvTextEncoder": "mmgen_tf.modalities.text.conv_text_encoder",
    "CRMVAE": "mmgen_tf.models.vae.crmvae",
    "CrossAttentionFusion": "mmgen_tf.fusion.cross_attention_fusion",
    "CVAE": "mmgen_tf.models.vae.cvae",
    "DCGANGenerator": "mmgen_tf.models.gan.dcgan_generator",
    "DenseNetwork": "mmgen_tf.layers.dense_network",
    "DifferentiableAugmentation": "mmgen_tf.layers.differentiable_augmentation",
    "DMVAE": "mmgen_tf.models.vae.dmvae",
    "DualEncoder": "mmgen_tf.models.contrastive.dual_encoder",
    "DualEncoderFusion": "mmgen_tf.fusion.dual_encoder_fusion",
    "EarlyFusion": "mmgen_tf.fusion.early_fusion",
    "FusionClassifier": "mmgen_tf.models.classifier.fusion_classifier",
    "FrameSequenceEncoder": "mmgen_tf.modalities.video.frame_sequence_encoder",
    "GatedFusion": "mmgen_tf.fusion.gated_fusion",
    "GaussianEncoder": "mmgen_tf.layers.gaussian_encoder",
    "ImageClassifier": "mmgen_tf.models.classifier.image_classifier",
    "ImageEncoder": "mmgen_tf.modalities.image.image_encoder",
    "ImageProcessor": "mmgen_tf.modalities.image.image_processor",
    "GivenRegions": "mmgen_tf.modalities.image.given_regions",
    "ImageRepairGAN": "mmgen_tf.models.gan.image_repair_gan",
    "JMVAE": "mmgen_tf.models.vae.jmvae",
    "JNF": "mmgen_tf.models.vae.jnf",
    "JoinedNetworks": "mmgen_tf.layers.joined_networks",
    "JointGAN": "mmgen_tf.models.gan.joint_gan",
    "LabelDecoder": "mmgen_tf.modalities.label.label_decoder",
    "LabelEncoder": "mmgen_tf.modalities.label.label_encoder",
    "LabelProcessor": "mmgen_tf.modalities.label.label_processor",
    "LateFusion": "mmgen_tf.fusion.late_fusion",
    "LatentFlow": "mmgen_tf.layers.latent_flow",
    "LatentMixture": "mmgen_tf.layers.latent_mixture",
    "LogMelProcessor": "mmgen_tf.modalities.audio.log_mel_processor",
    "MHVAE": "mmgen_tf.models.vae.mhvae",
    "MLPDiscriminator": "mmgen_tf.models.gan.mlp_discriminator",
    "MLPGenerator": "mmgen_tf.models.gan.mlp_generator",
    "MLPImageDecoder": "mmgen_tf.modalities.image.mlp_image_decoder",
    "MLPImageEncoder": "mmgen_tf.modalities.image.mlp_image_encoder",
    "MMJSD": "mmgen_tf.models.vae.mmjsd",
    "MMVAE": "mmgen_tf.models.vae.mmvae",
    "MMVAEPlus": "mmgen_tf.models.vae.mmvae_plus",
    "MoPoE": "mmgen_tf.models.vae.mopoe",
    "MultimodalRNN": "mmgen_tf.models.rnn.multimodal_rnn",
    "MultimodalTransformer": "mmgen_tf.models.transformer.multimodal_transformer",
    "MVAE": "mmgen_tf.models.vae.mvae",
    "MVTCAE": "mmgen_tf.models.vae.mvtcae",
    "Nexus": "mmgen_tf.models.vae.nexus",
    "PairDiscriminator": "mmgen_tf.models.gan.pair_discriminator",
    "PatchDiscriminator": "mmgen_tf.models.gan.patch_discriminator",
    "ProjectionDiscriminator": "mmgen_tf.models.gan.projection_discriminator",
    "RandomAffine": "mmgen_tf.layers.random_affine",
    "RandomBinarization": "mmgen_tf.layers.random_binarization",
    "RegionEncoder": "mmgen_tf.modalities.image.region_encoder",
    "ResidualDiscriminator": "mmgen_tf.models.gan.residual_discriminator",
    "ResidualGenerator": "mmgen_tf.models.gan.residual_generator",
    "TELBO": "mmgen_tf.models.vae.telbo",
    "TextDecoder": "mmgen_tf.modalities.text.text_decoder",
    "TextEncoder": "mmgen_tf.modalities.text.text_encoder",
    "TextProcessor": "mmgen_tf.modalities.text.text_processor",
    "TokenEmbedding": "mmgen_tf.modalities.text.token_embedding",
    "TokenizerProcessor": "mmgen_tf.modalities.text.tokenizer_processor",
    "TransformerTextDecoder": "mmgen_tf.models.transformer.transformer_text_decoder",
    "UNetGenerator": "mmgen_tf.models.gan.unet_generator",
    "UnitEncoder": "mmgen_tf.layers.unit_encoder",
    "VAEGAN": "mmgen_tf.models.gan.vaegan",
    "VideoProcessor": "mmgen_tf.modalities.video.video_processor",
}
_CLASSES = {}


def register(cls):
    """Class decorator: lets `cls` appear in a preset's `config.json`, under its own name.

    Raises:
        ValueError: if another class holds that name.
    """
    held = _CLASSES.setdefault(cls.__name__, cls)
    if held is not cls and (held.__module__, held.__qualname__) != (cls.__module__, cls.__qualname__):
        raise ValueError(f"{cls.__name__!r} is already registered by {held.__module__}; received {cls.__module__}.")
    _CLASSES[cls.__name__] = cls
    return cls


def to_config(value):
    """JSON-ready form of `value`: registered objects become `{"class": name, "config": {...}}`, containers recurse."""
    if isinstance(value, dict):
        return {key: to_config(item) for key, item in sorted(value.items())}
    if isinstance(value, (list, tuple)):
        return [to_config(item) for item in value]
    if type(value).__name__ in _CLASSES:
        return {"class": type(value).__name__, "config": to_config(value.get_config())}
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    raise TypeError(
        f"Only JSON values and objects of classes registered with @mmgen_tf.register can be saved; received {value!r}."
    )


def from_config(value):
    """The inverse of `to_config`.

    Raises:
        ValueError: for a class that is not registered (the near names are given) or a key its constructor lacks.
    """
    if isinstance(value, list):
        return [from_config(item) for item in value]
    if not isinstance(value, dict):
        return value
    if set(value) != {"class", "config"}:
        return {key: from_config(item) for key, item in value.items()}
    name = value["class"]
    if name not in _CLASSES and name in HOMES:
        importlib.import_module(HOMES[name])
    if name not in _CLASSES:
        near = difflib.get_close_matches(str(name), {**HOMES, **_CLASSES}, n=3, cutoff=0.5)
        hint = f"; did you mean {' or '.join(near)}?" if near else ""
        raise ValueError(f"The config names a class that is not registered: {name!r}{hint}")
    return construct(_CLASSES[name], from_config(value["config"]))


def construct(cls, config):
    """`cls(**config)`, refusing keys that the constructor does not name."""
    accepted = config_keys(cls)
    unknown = sorted(set(config) - set(accepted))
    if unknown:
        near = difflib.get_close_matches(unknown[0], accepted, n=1)
        hint = f" (did you mean {near[0]!r}?)" if near else ""
        raise ValueError(f"{cls.__name__} has no config key {unknown}{hint}; it takes {sorted(accepted)}.")
    return cls(**config)


def config_keys(cls):
    """The names that `cls` takes: its own parameters, and those of a base with `takes_config` that gets the rest."""
    keys = []
    for base in (cls, *(b for b in cls.__mro__[1:] if vars(b).get("takes_config"))):
        parameters = inspect.signature(base).parameters.values()
        keys += [p.name for p in parameters if p.kind not in (p.VAR_KEYWORD, p.VAR_POSITIONAL)]
        if not any(p.kind is p.VAR_KEYWORD for p in parameters):
            break
    return sorted(set(keys))
