import numpy as np
import pytest
from tiny_models import captions, mvae, pictures

from mmgen_tf.plots import conditional_grid

INPUTS = {"image": list(pictures(3)), "text": captions(3)}


def test_a_row_an_input_and_a_column_a_draw():
    model = mvae()
    figure = conditional_grid(model, INPUTS, "image", ["image", "text"], num_samples=2, seed=3)
    grid = np.array(figure.axes).reshape(3, 5)
    assert [[len(axes.images) for axes in line] for line in grid] == [[1, 1, 1, 0, 0]] * 3
    titles = [axes.get_title(loc="left") for axes in grid[0]]
    assert titles == ["given: image", "drawn: image", "", "drawn: text", ""]
    drawn = model.generate({"image": INPUTS["image"]}, to=["image", "text"], num_samples=2, seed=3)
    for row, line in enumerate(grid):
        np.testing.assert_array_equal(line[0].images[0].get_array(), INPUTS["image"][row][..., 0])
        for sample in range(2):
            np.testing.assert_array_equal(line[1 + sample].images[0].get_array(), drawn["image"][row][sample][..., 0])
            assert " ".join(line[3 + sample].texts[0].get_text().split()) == drawn["text"][row][sample]


def test_one_draw_and_missing_values(tmp_path):
    inputs = {"image": [INPUTS["image"][0], None], "text": [None, "thin one"]}
    figure = conditional_grid(mvae(), inputs, ["text", "image"], "image", num_samples=1)
    grid = np.array(figure.axes).reshape(2, 3)
    assert grid[0, 0].texts[0].get_text() == grid[1, 1].texts[0].get_text() == "missing"
    assert [len(axes.images) for axes in grid.flat] == [0, 1, 1, 0, 0, 1]
    figure.savefig(tmp_path / "grid.png")
    assert (tmp_path / "grid.png").stat().st_size > 1000


def test_seeds():
    def drawn(seed):
        return np.asarray(conditional_grid(model, INPUTS, "text", "image", 1, seed).axes[1].images[0].get_array())

    model = mvae()
    np.testing.assert_array_equal(drawn(1), drawn(1))
    assert (drawn(1) != drawn(2)).any()


def test_errors():
    with pytest.raises(ValueError, match=r"inputs \['image', 'text'\]; received given=\['sound'\], to=\['image'\]"):
        conditional_grid(mvae(), INPUTS, "sound", "image")
    with pytest.raises(ValueError, match=r"received given=\[\]"):
        conditional_grid(mvae(), INPUTS, [], "image")
    with pytest.raises(ValueError, match="did you mean 'image'"):
        conditional_grid(mvae(), INPUTS, "text", "imag")
