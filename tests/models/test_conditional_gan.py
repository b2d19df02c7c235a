"""ConditionalGAN: the contract for both pairs, and what is its own: objectives, penalties, averages."""

from contracts import run_model_contract
from tiny_models import captioned_pictures, dcgan, mlp_gan

GAN = {"objectives": {"optimizer": "generator_loss", "discriminator_optimizer": "discriminator_loss"}}


def test_mlp_pair_keeps_the_contract(tmp_path):
    run_model_contract(mlp_gan, captioned_pictures(), tmp_path, make_exact=lambda: mlp_gan(dropout=0.0), **GAN)


def test_dcgan_pair_keeps_the_contract(tmp_path):
    run_model_contract(dcgan, captioned_pictures(), tmp_path, **GAN)
