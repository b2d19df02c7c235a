"""An exponential moving average of chosen weights, for every optimizer and every tf.distribute strategy."""

import contextlib

import keras


class WeightAverage:
    """Keeps `average <- decay * average + (1 - decay) * weight` beside the weights of a model.

    Its variables belong to no layer, so that presets do not hold them; `Resume` saves them with the rest.

    Args:
        variables: the weights to average.
        decay: in [0, 1). Early steps use min(decay, (1 + n) / (10 + n)), so that the start is forgotten.
    """

    def __init__(self, variables, decay):
        if not 0.0 <= decay < 1.0:
            raise ValueError(f"ema_decay must lie in [0, 1); received {decay}.")
        self.decay = decay
        self.weights = list(variables)
        self.count = keras.Variable(0.0, trainable=False, aggregation="only_first_replica", name="average_count")
        self.averages = [
            keras.Variable(keras.ops.copy(w.value), trainable=False, aggregation="only_first_replica", name="average")
            for w in self.weights
        ]

    @property
    def variables(self):
        return [self.count, *self.averages]

    def update(self):
        """Moves the averages one step towards the weights; called once at the end of each train step."""
        decay = keras.ops.minimum(self.decay, (1.0 + self.count) / (10.0 + self.count))
        for average, weight in zip(self.averages, self.weights):
            average.assign(average + (1.0 - keras.ops.cast(decay, average.dtype)) * (weight - average))
        self.count.assign(self.count + 1.0)

    @contextlib.contextmanager
    def applied(self):
        """Within it the model has the averaged weights, afterwards its own again."""
        own = [keras.ops.convert_to_numpy(w) for w in self.weights]
        self.overwrite()
        try:
            yield
        finally:
            for weight, value in zip(self.weights, own):
                weight.assign(value)

    def overwrite(self):
        """Gives the model the averaged weights for good, once an update has been made."""
        if float(keras.ops.convert_to_numpy(self.count)):
            for weight, average in zip(self.weights, self.averages):
                weight.assign(keras.ops.convert_to_numpy(average))
