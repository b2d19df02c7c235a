"""Every kind of multimodal VAE keeps the contract: one row each, the whole battery."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from contracts import Case, check_export, check_preset, run_model_contract, weights_of
from tiny_models import VAE_KINDS, WORD_IDS, WORDS, labelled_patterns, vae_parts

from mmgen_tf.fusion.posterior import Posterior
from mmgen_tf.layers.gaussian_encoder import GaussianEncoder
from mmgen_tf.layers.latent_flow import LatentFlow
from mmgen_tf.layers.latent_mixture import LatentMixture
from mmgen_tf.modalities.image.image_processor import ImageProcessor
from mmgen_tf.modalities.image.mlp_image_decoder import MLPImageDecoder
from mmgen_tf.modalities.text.text_decoder import TextDecoder
from mmgen_tf.modalities.text.text_encoder import TextEncoder
from mmgen_tf.modalities.text.text_processor import TextProcessor
from mmgen_tf.models.vae.mmvae import MMVAE
from mmgen_tf.models.vae.mmvae_plus import MMVAEPlus
from mmgen_tf.models.vae.mopoe import MoPoE
from mmgen_tf.models.vae.mvtcae import MVTCAE
from mmgen_tf.noise import Noise
from mmgen_tf.registry import construct


@pytest.mark.parametrize("kind", VAE_KINDS)
def test_keeps_the_contract(kind, tmp_path):
    make, missing = VAE_KINDS[kind]
    run_model_contract(make, labelled_patterns(), tmp_path, missing=missing)


@pytest.mark.parametrize("kind", [kind for kind in VAE_KINDS if kind not in ("cvae",)])
def test_likelihood_bounds(kind, tmp_path):
    """The estimate rises with K, as an importance-weighted bound does, and it lies above the ELBO of the same q."""
    make, _ = VAE_KINDS[kind]
    case = Case(make, labelled_patterns(), tmp_path)
    model, batch = case.compiled(), case.batch(8)

    def mean(samples):
        return np.mean([np.mean(model.log_likelihood(batch, Noise(s), samples)) for s in range(12)])

    few, many = mean(2), mean(150)
    assert np.isfinite([few, many]).all() and few < many + 0.02


@pytest.mark.parametrize("kind", [kind for kind, (_, missing) in VAE_KINDS.items() if missing])
def test_a_modality_that_no_row_of_the_batch_has(kind, tmp_path):
    """Losses and one training step stay finite, whatever stands in the gap."""
    make, _ = VAE_KINDS[kind]
    case = Case(make, labelled_patterns(), tmp_path)
    model, batch = case.compiled(), case.batch(8)
    batch = {**batch, "image": batch["image"] * np.nan, "present": {**batch["present"], "image": np.zeros(8, bool)}}
    assert all(np.isfinite(rows).all() for rows in model.compute_losses(batch, Noise(0), training=True).values())
    model.train_step(batch)
    assert all(np.isfinite(weight).all() for weight in weights_of(model))


@pytest.mark.parametrize("kind", [kind for kind in VAE_KINDS if kind != "cvae"])
def test_corruption_is_of_what_encoders_read_in_training(kind, tmp_path):
    case = Case(VAE_KINDS[kind][0], labelled_patterns(), tmp_path)
    model, batch = case.compiled(), case.batch(8)
    model.augmentation = {"image": lambda values, noise: values / 2}
    model.corruption = {"image": lambda values, noise: values * np.nan}
    asked, seen = model.values_of(batch, Noise(0), training=True)
    np.testing.assert_array_equal(asked["image"], batch["image"] / 2)
    assert np.isnan(seen["image"]).all()
    assert np.isfinite(model.compute_losses(batch, Noise(0))["loss"]).all()
    assert np.isnan(model.compute_losses(batch, Noise(0), training=True)["loss"]).any()


def test_rows_without_any_modality_are_refused(tmp_path):
    make, _ = VAE_KINDS["mopoe"]
    model = Case(make, labelled_patterns(), tmp_path).compiled()
    rows = {"image": [labelled_patterns()["image"][0], None], "label": [0, None]}
    with pytest.raises(ValueError, match="at least one modality in every example.*; example 1 has none"):
        model.fit(rows, verbose=0)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"weights": {"sound": 1.0}}, r"weights names modalities \['sound'\]; expected some of \['image', 'label'\]"),
        ({"alpha": 1.5}, r"alpha must lie in \[0, 1\]; received 1.5"),
        ({"family": "norml"}, "Unknown latent family 'norml'; did you mean normal"),
        ({"encoders": {}}, r"encoders must be keyed by \['image', 'label'\]; received \[\]"),
        ({"processors": {**vae_parts()["processors"], "image": ImageProcessor(height=8, width=8)}},
         r"image: the bernoulli likelihood is of values in \(0.0, 1.0\); received a modality of range \(-1.0, 1.0\)"),
    ],
)  # fmt: skip
def test_wiring_that_cannot_be_is_refused(change, message):
    with pytest.raises(ValueError, match=message):
        MVTCAE(**{**vae_parts(), **change})


def test_likelihood_scales_private_widths_and_draws_must_be_positive():
    with pytest.raises(ValueError, match="scale must be positive; received 0"):
        MLPImageDecoder(4, likelihood="laplace", scale=0)
    with pytest.raises(ValueError, match="private_dim must lie between 0 and the encoders' width 8; received 8"):
        MMVAEPlus(**vae_parts(), private_dim=8)
    with pytest.raises(ValueError, match="draws must be at least 1; received 0"):
        MoPoE(**vae_parts(), draws=0)


def test_a_misspelt_setting_of_a_base_is_refused():
    """Kinds pass on what they do not name; what nobody names is still refused."""
    with pytest.raises(ValueError, match="MoPoE has no config key .'betta'.*did you mean 'beta'"):
        construct(MoPoE, {**vae_parts(), "betta": 2.0})


def test_mvtcae_with_alpha_0_is_the_weighted_elbo(tmp_path):
    case = Case(lambda: MVTCAE(**vae_parts(), alpha=0.0, beta=1.0), labelled_patterns(), tmp_path)
    losses = case.compiled().compute_losses(case.batch(8), Noise(0))
    np.testing.assert_allclose(losses["loss"], -losses["elbo"], rtol=1e-5)


def test_mixture_terms_agree_on_average(tmp_path):
    """One expert a row has the mean of all experts' terms."""
    case = Case(lambda: MMVAE(**vae_parts()), labelled_patterns(), tmp_path)
    model, batch = case.compiled(), case.batch(8)

    def mean(draws):
        losses = tf.function(lambda seed: model.compute_losses(batch, Noise(tf.stack([seed, 0])))["loss"])
        return np.mean([losses(tf.constant(seed)) for seed in range(draws)])

    one = mean(200)
    model.all_experts = True
    np.testing.assert_allclose(one, mean(100), rtol=0.01)


def test_private_parts_of_absent_modalities_come_from_the_auxiliary_prior(tmp_path):
    model = MMVAEPlus(**vae_parts(), private_dim=3, family="normal")
    model.build()
    model.auxiliary_log_variance.assign(np.full((2, 3), -4.0))
    batch = Case(lambda: model, labelled_patterns(), tmp_path).batch(4)
    present = {"image": np.ones(4, bool), "label": np.zeros(4, bool)}
    _, log_variance = model.encode(batch, present)
    np.testing.assert_allclose(np.array(log_variance)[:, model.private_slice("label")], -4.0, rtol=1e-4)


def test_mopoe_shares_one_part_and_keeps_the_others_apart(tmp_path):
    """A given modality speaks for u and its own w; what it cannot tell of the other is the prior."""
    case = Case(lambda: MoPoE(**vae_parts(), private_dim=3), labelled_patterns(), tmp_path)
    model, batch = case.compiled(), case.batch(4)
    present = {"image": np.ones(4, bool), "label": np.zeros(4, bool)}
    mean, log_variance = (np.array(part) for part in model.encode(batch, present))
    own, other = model.private_slice("image"), model.private_slice("label")
    assert mean.shape == (4, 5 + 2 * 3)
    assert np.abs(mean[:, own]).min() > 0
    np.testing.assert_array_equal(mean[:, other], 0.0)
    np.testing.assert_array_equal(log_variance[:, other], 0.0)
    plain = MoPoE(**vae_parts())
    assert (plain.latent_dim, plain.sampled_dim) == (8, 8)


def test_clusters_make_the_prior(tmp_path):
    case = Case(VAE_KINDS["cmvae"][0], labelled_patterns(), tmp_path)
    model = case.compiled()
    z = np.random.default_rng(0).normal(size=(5, model.latent_dim)).astype("float32")
    assert np.array(model.cluster(case.batch(8))).max() < 3
    private = model.family.log_density(z[:, 5:], np.zeros((5, 6), "float32"), np.zeros((5, 6), "float32"))
    densities = np.exp(np.array(model.cluster_log_densities(z[:, :5]), "float64")).sum(-1)
    np.testing.assert_allclose(model.log_prior(z), np.log(densities) + np.array(private), rtol=1e-4)


@pytest.mark.parametrize("sampler", [LatentMixture, LatentFlow])
def test_a_fitted_sampler_draws_in_the_priors_place_and_is_saved(sampler, tmp_path):
    case = Case(VAE_KINDS["mopoe"][0], labelled_patterns(60), tmp_path)
    model = case.compiled()
    model.fit(case.examples, epochs=20, verbose=0)
    before = model.generate(num_samples=5, seed=0)
    small = {"components": 2} if sampler is LatentMixture else {"layers": 2, "hidden_dim": 8}
    for _ in range(2):  # one takes the other's place
        model.fit_latent_sampler(sampler(5, **small), case.examples, steps=20)
    after = model.generate(num_samples=5, seed=0)
    assert np.any(after["image"] != before["image"])
    model.save_to_preset(tmp_path / "preset")
    for copy in (MoPoE.from_preset(tmp_path / "preset"), model.clone()):
        np.testing.assert_array_equal(copy.generate(num_samples=5, seed=0)["image"], after["image"])
    with pytest.raises(ValueError, match="a sampler of width 5; received 4"):
        model.fit_latent_sampler(sampler(4, **small), case.examples)


@pytest.mark.parametrize("kind", ["mvtcae", "mopoe", "mmvae_plus"])
def test_a_sampler_as_prior_has_a_say_where_something_is_given(kind, tmp_path):
    """A product, one with private parts, and a mixture with them; saved and exported they draw the same."""
    make, _ = VAE_KINDS[kind]

    def fitted():
        keras.utils.set_random_seed(1)
        model = make()
        config = model.get_config() | {"family": "normal", "sampler_as_prior": True, "num_candidates": 3}
        model = type(model)(**{**config, "latent_sampler": None})
        model.build()
        return model.fit_latent_sampler(LatentMixture(model.sampled_dim, 2), labelled_patterns(60), steps=3)

    case = Case(fitted, labelled_patterns(), tmp_path)
    check_preset(case)
    check_export(case)
    model = fitted()
    given = {"label": [0, 1]}
    informed = model.generate(given, to="image", num_samples=4, seed=0)
    model.latent_sampler.means.assign_add(np.full(model.latent_sampler.means.shape, 2.0))
    assert np.any(model.generate(given, to="image", num_samples=4, seed=0) != informed)


def test_what_is_missing_is_told_through_a_modality_that_says_all(tmp_path):
    def make():
        keras.utils.set_random_seed(2)
        parts = vae_parts()
        parts["processors"]["text"] = TextProcessor(vocabulary=WORDS, sequence_length=4)
        parts["encoders"]["text"] = GaussianEncoder(TextEncoder(WORD_IDS, 8, 4), 8)
        parts["decoders"]["text"] = TextDecoder(WORD_IDS, 4, 8, embedding_dim=4, hidden_dim=8)
        return MoPoE(**parts, through="label", latent_temperature=0.0)

    case = Case(make, labelled_patterns(), tmp_path)
    check_preset(case)
    check_export(case)
    model, picture = make(), labelled_patterns()["image"][:3]
    told = model.generate({"image": picture}, to="label")
    by_way = model.generate({"label": told}, to="text")
    assert model.generate({"image": picture}, to="text") == by_way
    direct = {to: model.generate({"image": picture}, to=to, through="") for to in ("image", "text")}
    np.testing.assert_array_equal(model.generate({"image": picture}, to="image"), direct["image"])
    both = model.generate({"image": picture}, to=["label", "text"])
    assert both == {"label": told, "text": by_way}
    given = {"image": picture, "label": told}
    assert model.generate(given, to="text") == model.generate(given, to="text", through="")
    alone = [model.generate(num_samples=4, seed=1, to=["image", "text"], through=through) for through in ("label", "")]
    np.testing.assert_array_equal(alone[0]["image"], alone[1]["image"])
    with pytest.raises(ValueError, match=r"through names modalities \['word'\]"):
        MoPoE(**vae_parts(), through="word")


def test_a_sampler_as_prior_is_a_mixture_of_normal_latents():
    with pytest.raises(ValueError, match="sampler_as_prior expected a normal family; received 'laplace'"):
        MMVAE(**vae_parts(), family="laplace", sampler_as_prior=True)
    with pytest.raises(ValueError, match="sampler_as_prior expected a LatentMixture; received a LatentFlow"):
        MVTCAE(**vae_parts(), sampler_as_prior=True).fit_latent_sampler(LatentFlow(8), labelled_patterns())


@pytest.mark.parametrize("kind", [kind for kind in VAE_KINDS if kind != "cvae"])
def test_one_of_several_candidates(kind):
    keras.utils.set_random_seed(1)
    model = VAE_KINDS[kind][0]()
    model.compile()
    given = {"image": labelled_patterns()["image"][:3]}
    answers = [model.generate(given, to="label", num_candidates=4, seed=0) for _ in range(2)]
    assert len(answers[0]) == 3 and list(answers[0]) == list(answers[1])
    assert set(model.generate(num_candidates=2, seed=0)) == set(model.output_names)
    with pytest.raises(ValueError, match="num_candidates must be at least 1; received 0"):
        model.generate(given, num_candidates=0)


def test_candidates_are_kept_by_importance():
    """From N(0, 1) and a likelihood N(1 | z, 0.1): the posterior's moments, in closed form."""
    model = MVTCAE(**vae_parts())
    model.build()
    model.log_prob = lambda name, z, values, present: -50.0 * keras.ops.square(z[:, 0] - 1.0)  # of every candidate
    rows, count = 500, 200
    posterior = Posterior(model.family, *np.zeros((2, rows, model.latent_dim), "float32"))
    values = {name: np.zeros(rows, "float32") for name in model.processors}
    present, noise = {name: np.full(rows, name == "image") for name in model.processors}, Noise(0)
    kept = model.resample(posterior.draw(noise, samples=count), posterior, values, present, noise).numpy()
    assert kept.shape == (rows, model.latent_dim)
    np.testing.assert_allclose(kept.mean(0), np.eye(model.latent_dim)[0] * 100 / 101, atol=0.15)
    np.testing.assert_allclose(kept.std(0)[0], 101**-0.5, rtol=0.15)
    np.testing.assert_allclose(kept.std(0)[1:], 1.0, rtol=0.15)
