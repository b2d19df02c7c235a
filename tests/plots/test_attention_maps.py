import numpy as np
import pytest

from mmgen_tf.plots import attention_maps

PICTURE = np.random.default_rng(0).integers(0, 256, (8, 8, 3)).astype("uint8")
MAPS = np.random.default_rng(1).random((4, 2, 2)).astype("float32")


def test_a_picture_and_one_under_each_word(tmp_path):
    figure = attention_maps(PICTURE, ["red", "apple"], MAPS)
    assert [axes.get_title(loc="left") for axes in figure.axes] == ["picture", "red", "apple"]
    assert [len(axes.images) for axes in figure.axes] == [1, 2, 2]
    for axes, weights in zip(figure.axes[1:], MAPS):
        np.testing.assert_array_equal(axes.images[0].get_array(), PICTURE)
        shade = np.asarray(axes.images[1].get_array())
        assert shade[np.unravel_index(weights.argmax(), (2, 2))] == 0 and shade.max() == 1
    figure.savefig(tmp_path / "maps.png")
    assert (tmp_path / "maps.png").stat().st_size > 1000


def test_grey_pictures_and_even_attention():
    figure = attention_maps(PICTURE[..., 0], ["one"], np.full((1, 2, 2), 0.5))
    assert len(figure.axes) == 2 and np.asarray(figure.axes[1].images[1].get_array()).min() == 1


@pytest.mark.parametrize("words, maps", [(["a"] * 5, MAPS), ([], MAPS), (["a"], MAPS[0])])
def test_a_map_a_word(words, maps):
    with pytest.raises(ValueError, match="attention_maps expected at least one word"):
        attention_maps(PICTURE, words, maps)
