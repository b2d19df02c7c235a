import numpy as np
import pytest
import tensorflow as tf
from tiny_models import captions, dcgan, mvae, pictures

from mmgen_tf.noise import Noise
from mmgen_tf.plots import latent_interpolation, latent_traversal
from mmgen_tf.plots.latent_traversal import interpolate

PICTURE, OTHER = pictures(2)


def posterior_mean(model, picture):
    values = {"image": model.processors["image"].preprocess(picture[None]), "text": tf.zeros((1, 4), tf.int32)}
    return model.encode(values, {"image": tf.constant([True]), "text": tf.constant([False])})[0].numpy()


def decoded(model, z):
    tensor = model.decode(tf.constant(z, tf.float32), ("image",), Noise(0))["image"]
    return model.processors["image"].postprocess(tensor).numpy()[..., 0]


def shown(axes):
    return np.asarray(axes.images[0].get_array())


def test_a_row_a_dimension_and_a_column_an_offset():
    model = mvae()
    figure = latent_traversal(model, {"image": PICTURE}, "image", dimensions=[2, 5], span=2.0, steps=5)
    grid = np.array(figure.axes).reshape(2, 5)
    mean = posterior_mean(model, PICTURE)
    for line, dimension in zip(grid, (2, 5)):
        z = np.repeat(mean, 5, axis=0)
        z[:, dimension] += np.linspace(-2, 2, 5)
        for axes, expected in zip(line, decoded(model, z)):
            np.testing.assert_allclose(shown(axes).astype(int), expected, atol=1)
        assert (shown(line[0]) != shown(line[-1])).any()
    assert [axes.get_title(loc="left") for axes in grid[0]] == ["-2.0", "-1.0", "+0.0", "+1.0", "+2.0"]
    assert [line[0].get_ylabel() for line in grid] == ["z[2]", "z[5]"]


def test_the_dimensions_used_most_come_first():
    model = mvae()
    model.build()
    kernel, bias = model.encoders["image"].mean.get_weights()
    bias[6] += 50.0
    model.encoders["image"].mean.set_weights([kernel, bias])
    figure = latent_traversal(model, {"image": PICTURE}, ["image", "text"], steps=2)
    grid = np.array(figure.axes).reshape(16, 2)
    assert [line[0].get_ylabel() for line in grid[:2]] == ["z[6] image", "z[6] text"]
    assert [(len(axes.images), len(axes.texts)) for axes in grid[:2, 0]] == [(1, 0), (0, 1)]


def test_interpolation_ends_at_the_two_examples():
    model = mvae()
    figure = latent_interpolation(model, {"image": PICTURE}, {"image": OTHER}, "image", steps=4)
    assert len(figure.axes) == 4 and figure.axes[-1].get_title(loc="left") == "1.00"
    for axes, picture in ((figure.axes[0], PICTURE), (figure.axes[-1], OTHER)):
        expected = decoded(model, posterior_mean(model, picture))[0]
        np.testing.assert_allclose(shown(axes).astype(int), expected, atol=1)
    mixed = latent_interpolation(model, {"image": PICTURE}, {"text": captions(1)[0]}, ["image", "text"], steps=3)
    assert [len(axes.images) for axes in mixed.axes] == [1, 1, 1, 0, 0, 0]


def test_the_arc_and_the_line():
    one, other, half = np.array([3.0, 0.0]), np.array([0.0, 5.0]), [0.0, 0.5, 1.0]
    np.testing.assert_allclose(interpolate(one, other, half), [one, [4 * 0.5**0.5] * 2, other], atol=1e-12)
    np.testing.assert_allclose(interpolate(one, other, half, spherical=False), [one, [1.5, 2.5], other])
    for end in (2 * one, -one, 0 * one):
        np.testing.assert_allclose(interpolate(one, end, half), [one, (one + end) / 2, end])


def test_errors():
    model = mvae()
    with pytest.raises(ValueError, match=r"dimensions in 0..7; received \[8\]"):
        latent_traversal(model, {"image": PICTURE}, "image", dimensions=[8])
    with pytest.raises(ValueError, match="at least 2 steps; received 1"):
        latent_traversal(model, {"image": PICTURE}, "image", steps=1)
    with pytest.raises(ValueError, match="one 'image', not a list"):
        latent_traversal(model, {"image": [PICTURE]}, "image")
    with pytest.raises(ValueError, match="at least one of"):
        latent_interpolation(model, {}, {"image": OTHER}, "image")
    with pytest.raises(ValueError, match="did you mean 'text'"):
        latent_traversal(model, {"image": PICTURE}, "texts")
    with pytest.raises(ValueError, match="did you mean 'image'"):
        latent_traversal(model, {"images": PICTURE}, "image")
    with pytest.raises(TypeError, match="ConditionalGAN has not both"):
        latent_traversal(dcgan(), {"text": "thin one"}, "image")
