"""The moving average of weights against one made by hand."""

import keras
import numpy as np
import pytest
from tiny_models import captioned_pictures, mlp_gan

from mmgen_tf.models.weight_average import WeightAverage


def averaged_by_hand(model, steps, decay):
    """Trains `steps` steps of one epoch each and averages what the generator and the text encoder were after each."""
    averages = [np.array(weight) for weight in model.averaged_variables()]

    class Average(keras.callbacks.Callback):
        def on_train_batch_end(self, batch, logs=None):
            kept = min(decay, (1 + self.params["done"]) / (10 + self.params["done"]))
            self.params["done"] += 1
            for average, weight in zip(averages, model.averaged_variables()):
                average += (1 - kept) * (np.array(weight) - average)

        def on_train_begin(self, logs=None):
            self.params["done"] = 0

    model.fit(captioned_pictures(), batch_size=4, epochs=-(-steps // 5), callbacks=[Average()], verbose=0)
    return averages


@pytest.mark.parametrize("decay", [0.2, 0.999])
def test_fit_ends_with_the_average_of_what_generate_uses(decay):
    model = mlp_gan()
    model.compile(keras.optimizers.Adam(0.01), keras.optimizers.SGD(0.1), ema_decay=decay)
    expected = averaged_by_hand(model, 10, decay)
    assert len(expected) == len(model.generator.weights) + len(model.text_encoder.weights)
    for weight, average in zip(model.averaged_variables(), expected):
        np.testing.assert_allclose(weight, average, atol=1e-6)


def test_applied_is_for_a_while_and_overwrite_for_good():
    weight = keras.Variable(1.0)
    average = WeightAverage([weight], 0.9)
    average.overwrite()
    assert float(weight) == 1.0  # no update yet: nothing to give
    weight.assign(3.0)
    average.update()
    expected = 1.0 + 0.9 * 2.0  # the first step keeps (1 + 0) / (10 + 0)
    with average.applied():
        assert float(weight) == pytest.approx(expected)
    assert float(weight) == 3.0
    with pytest.raises(KeyError), average.applied():
        raise KeyError
    assert float(weight) == 3.0
    average.overwrite()
    assert float(weight) == pytest.approx(expected)


@pytest.mark.parametrize("decay", [-0.1, 1.0])
def test_bad_decay_is_refused(decay):
    with pytest.raises(ValueError, match=rf"\[0, 1\); received {decay}"):
        WeightAverage([], decay)
