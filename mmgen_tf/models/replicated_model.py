"""A Keras model whose steps are the same on one replica and on many: the measured fixes, in one place."""

import keras
import tensorflow as tf
from keras import ops

from mmgen_tf.noise import Noise


def replica_count():
    """How many replicas share the current step; 1 outside a strategy."""
    return tf.distribute.get_strategy().num_replicas_in_sync


def sum_over_replicas(value):
    """The sum of a tensor (or a list of tensors) over all replicas; the value itself where there is one."""
    if replica_count() == 1:
        return value
    return tf.distribute.get_replica_context().all_reduce(tf.distribute.ReduceOp.SUM, value)


def global_mean(rows):
    """The mean of per-row losses `(batch,)` over the *global* batch, as this replica's share of it.

    Optimizers add up the gradients of all replicas, so shares add up to the gradient of the exact mean, also where
    replicas hold different numbers of rows.
    """
    rows = ops.cast(rows, "float32")
    count = sum_over_replicas(tf.cast(tf.shape(rows)[0], tf.float32))
    return tf.reduce_sum(rows) / tf.maximum(count, 1.0)


def clip_by_global_norm(gradients, limit):
    """Clips the gradient of the whole batch, not each replica's share; returns shares again."""
    count = replica_count()
    if count > 1:
        gradients = sum_over_replicas(gradients)
    clipped, _ = tf.clip_by_global_norm(gradients, limit)
    return [g / count for g in clipped] if count > 1 else clipped


def dense_gradient(gradient, variable):
    """The gradient of an embedding as a plain tensor, which XLA and all-reduce both take."""
    if not isinstance(gradient, tf.IndexedSlices):
        return gradient
    return tf.math.unsorted_segment_sum(gradient.values, gradient.indices, variable.shape[0])


def next_rows(values, batch):
    """For each row, the value of the row after it in the *global* batch (the first follows the last)."""
    if replica_count() == 1:
        return tf.roll(values, -1, axis=0)
    here = tf.identity(values)  # on this replica's device, which several workers ask for
    everyone = tf.distribute.get_replica_context().all_gather(here, axis=0)
    return tf.gather(everyone, (batch["row"][:, 0] + 1) % tf.shape(everyone)[0])


def all_rows(values):
    """The rows of a tensor on every replica, in the order of the global batch; gradients go back to each."""
    if replica_count() == 1:
        return values
    return tf.distribute.get_replica_context().all_gather(tf.identity(values), axis=0)


class ReplicatedModel(keras.Model):
    """`keras.Model` made safe under every `tf.distribute` strategy.

    Overrides Keras's private hooks `_maybe_symbolic_build`, `make_train_function` and `make_test_function`, which is
    why setup.cfg pins Keras's range: without them `fit` fails under MultiWorkerMirroredStrategy.

    Args:
        seed: of every draw the model makes while it trains.
    """

    def __init__(self, seed=0, **kwargs):
        super().__init__(**kwargs)
        self.seed = seed
        self.noise_seed = keras.random.SeedGenerator(seed, name="noise_seed")
        self.gradient_clip_norm = None

    def noise(self, batch):
        """This step's `Noise`; every replica gets its own rows of the same global draws."""
        return Noise(self.noise_seed.next(), batch.get("row") if replica_count() > 1 else None)

    def minimize(self, optimizer, tape, loss, variables):
        """One update of `variables` by `optimizer` from a loss made of `global_mean`s under `tape`."""
        gradients = [dense_gradient(g, v) for g, v in zip(tape.gradient(loss, variables), variables)]
        if self.gradient_clip_norm:
            gradients = clip_by_global_norm(gradients, self.gradient_clip_norm)
        optimizer.apply(gradients, variables)

    def check_shares(self, rows):
        """Raises ValueError if a batch of so many rows leaves a replica without any, which no collective survives."""
        count = self.distribute_strategy.num_replicas_in_sync
        if count > 1 and (count - 1) * -(-rows // count) >= rows:
            raise ValueError(
                f"A batch of {rows} examples leaves some of {count} replicas without any; "
                "choose another batch_size, or drop_remainder=True."
            )

    def decorrelate_replicas(self):
        """Gives the layers' own seeds (Dropout and the like) another stream on every replica."""
        strategy = self.distribute_strategy
        if strategy.num_replicas_in_sync == 1:
            return
        states = [v for v in self.variables if v.path.endswith("seed_generator_state")]
        states = [v for v in states if v is not self.noise_seed.state]
        for state in states:
            state.assign(ops.convert_to_numpy(state))

        @tf.function
        def shift():
            def on_replica():
                replica = tf.distribute.get_replica_context().replica_id_in_sync_group
                for state in states:
                    step = tf.cast(replica, state.value.dtype) * 7919
                    state.value.assign(state.value + tf.stack([step, tf.zeros_like(step)]))

            strategy.run(on_replica)

        if states:
            shift()

    def _maybe_symbolic_build(self, iterator=None, data_batch=None):
        if not self.built:
            self.build()

    def _across_workers(self, step):
        strategy = self.distribute_strategy
        workers = isinstance(strategy, tf.distribute.MultiWorkerMirroredStrategy)
        if not workers or strategy.num_replicas_in_sync == 1:
            return step
        return lambda data: {name: ops.reshape(value, (1,)) for name, value in step(data).items()}

    def make_train_function(self, force=False):
        if self.train_function is None or force:
            self.train_function = self._make_function(self._across_workers(self.train_step))
        return self.train_function

    def make_test_function(self, force=False):
        if self.test_function is None or force:
            self.test_function = self._make_function(self._across_workers(self.test_step))
        return self.test_function
