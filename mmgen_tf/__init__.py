"""mmgen_tf: multimodal generation in Keras and TensorFlow."""

import importlib
import pathlib

__version__ = "0.1.0"

# In a checkout the zoo lies beside this package, in an installed wheel inside it (setup.cfg maps it there).
if not (pathlib.Path(__file__).parent / "zoo").is_dir():
    __path__.append(str(pathlib.Path(__file__).resolve().parent.parent))

_PLACES = {
    "AttentionGAN": "mmgen_tf.models.gan.attention_gan",
    "CMVAE": "mmgen_tf.models.vae.cmvae",
    "ConditionalGAN": "mmgen_tf.models.gan.conditional_gan",
    "CRMVAE": "mmgen_tf.models.vae.crmvae",
    "CVAE": "mmgen_tf.models.vae.cvae",
    "DualEncoder": "mmgen_tf.models.contrastive.dual_encoder",
    "DMVAE": "mmgen_tf.models.vae.dmvae",
    "FusionClassifier": "mmgen_tf.models.classifier.fusion_classifier",
    "FusedAdam": "mmgen_tf.fused_adam",
    "GenerativeModel": "mmgen_tf.models.generative_model",
    "ImageClassifier": "mmgen_tf.models.classifier.image_classifier",
    "ImageRepairGAN": "mmgen_tf.models.gan.image_repair_gan",
    "JMVAE": "mmgen_tf.models.vae.jmvae",
    "JNF": "mmgen_tf.models.vae.jnf",
    "JointGAN": "mmgen_tf.models.gan.joint_gan",
    "MHVAE": "mmgen_tf.models.vae.mhvae",
    "MMJSD": "mmgen_tf.models.vae.mmjsd",
    "MMVAE": "mmgen_tf.models.vae.mmvae",
    "MMVAEPlus": "mmgen_tf.models.vae.mmvae_plus",
    "Modality": "mmgen_tf.modality",
    "MoPoE": "mmgen_tf.models.vae.mopoe",
    "MultimodalRNN": "mmgen_tf.models.rnn.multimodal_rnn",
    "MultimodalTransformer": "mmgen_tf.models.transformer.multimodal_transformer",
    "MVAE": "mmgen_tf.models.vae.mvae",
    "MVTCAE": "mmgen_tf.models.vae.mvtcae",
    "Nexus": "mmgen_tf.models.vae.nexus",
    "Noise": "mmgen_tf.noise",
    "register": "mmgen_tf.registry",
    "TELBO": "mmgen_tf.models.vae.telbo",
    "VAEGAN": "mmgen_tf.models.gan.vaegan",
}
_ROOMS = (
    "data",
    "evaluation",
    "export",
    "fusion",
    "losses",
    "metrics",
    "modalities",
    "models",
    "plots",
    "training",
    "zoo",
)
__all__ = ["__version__", *_PLACES, *_ROOMS]


def __getattr__(name):
    """Imports public names on first use, so that `import mmgen_tf` costs nothing."""
    if name in _PLACES:
        return getattr(importlib.import_module(_PLACES[name]), name)
    if name in _ROOMS:
        return importlib.import_module(f"mmgen_tf.{name}")
    raise AttributeError(f"module 'mmgen_tf' has no attribute {name!r}; it has {', '.join(__all__)}")


def __dir__():
    return __all__
