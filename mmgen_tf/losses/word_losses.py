"""How surprising each word of a sentence is, without the logits of all words of a batch at once."""

import tensorflow as tf

HELD = 2**20  # logits at once: 4 MiB, which a core's cache holds


def word_losses(hidden, kernel, target, smoothing=0.0):
    """Cross-entropy of words under `softmax(hidden @ kernel)`, in nats, with label smoothing (Szegedy et al. 2016).

    The logits of a batch over a vocabulary do not fit into a cache, and each pass over them costs more than making
    them; so those of a few words are made at a time, and made once more for the gradient (Wijmans et al. 2025).

    Args:
        hidden: float `(rows, words, width)`.
        kernel: float `(width, vocabulary)`.
        target: int `(rows, words)`.
        smoothing: e in `-(1 - e) log p(target) - e mean_v log p(v)`.

    Returns:
        float32 `(rows, words)`; and bool `(rows, words)`, whether no word is more probable than the target.

    Reference: Szegedy, Vanhoucke, Ioffe, Shlens & Wojna, Rethinking the Inception Architecture for Computer Vision,
    CVPR 2016. Wijmans, Huval, Hertzberg, Koltun & Krähenbühl, Cut Your Losses in Large-Vocabulary Language Models,
    ICLR 2025.
    """
    vocabulary, count = kernel.shape[1], tf.size(target)
    groups = tf.maximum(-(-count // max(1, HELD // vocabulary)), 1)
    size = -(-count // groups)

    def split(values):
        """All words in `groups` of `size`, the last filled up."""
        values = tf.reshape(values, (count, *values.shape[2:]))
        values = tf.pad(values, [[0, groups * size - count]] + [[0, 0]] * (values.shape.rank - 1))
        return tf.reshape(values, (groups, size, *values.shape[1:]))

    def together(values):
        values = tf.reshape(values, (groups * size, *values.shape[2:]))[:count]
        return tf.reshape(values, (*tf.unstack(tf.shape(target)), *values.shape[1:]))

    words = split(target)

    @tf.custom_gradient
    def told(hidden, kernel):
        vectors = split(hidden)

        def logits(group):
            return tf.cast(tf.matmul(vectors[group], kernel), tf.float32)

        def forward(group):
            values = logits(group)
            right = tf.gather(values, words[group], batch_dims=1)
            loss = tf.reduce_logsumexp(values, axis=-1) - (1.0 - smoothing) * right
            if smoothing:
                loss -= smoothing * tf.reduce_mean(values, axis=-1)
            return loss, right >= tf.reduce_max(values, axis=-1)

        def backward(of_loss, _):
            scale = split(tf.cast(of_loss, tf.float32))[..., None]

            def group_gradient(group, of_hidden, of_kernel):
                lacking = tf.nn.softmax(logits(group)) - smoothing / vocabulary
                places = tf.stack([tf.range(size), tf.cast(words[group], tf.int32)], axis=1)
                lacking = tf.tensor_scatter_nd_sub(lacking, places, tf.fill([size], 1.0 - smoothing))
                lacking = tf.cast(lacking * scale[group], kernel.dtype)
                of_hidden = of_hidden.write(group, tf.matmul(lacking, kernel, transpose_b=True))
                one = tf.matmul(vectors[group], lacking, transpose_a=True)
                return group + 1, of_hidden, of_kernel + tf.cast(one, tf.float32)

            _, of_hidden, of_kernel = tf.while_loop(
                lambda group, *_: group < groups,
                group_gradient,
                (0, tf.TensorArray(kernel.dtype, groups), tf.zeros(kernel.shape)),
                parallel_iterations=1,
            )
            return together(of_hidden.stack()), tf.cast(of_kernel, kernel.dtype)

        kinds = (tf.float32, tf.bool)
        loss, right = tf.map_fn(forward, tf.range(groups), fn_output_signature=kinds, parallel_iterations=1)
        return (together(loss), together(right)), backward

    return told(hidden, kernel)
