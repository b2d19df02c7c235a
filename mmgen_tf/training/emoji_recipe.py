"""What the recipes on emoji share: how captions and pictures are read."""

import numpy as np

from mmgen_tf.data import glove
from mmgen_tf.modalities.image.image_processor import ImageProcessor
from mmgen_tf.modalities.text.text_processor import TextProcessor

SIDE = {"height": 64, "width": 64, "channels": 3}
FREQUENT_WORDS = 20_000


def emoji_processors(columns, **image):
    """Of pictures in -1..1, and of captions: the training captions' words, then the most frequent words of GloVe that
    are not among them, so that a caption of a concept never seen can be read."""
    text = TextProcessor.adapted(columns["text"], sequence_length=12)
    words = list(text.modality.vocabulary[2:])
    known = set(words)
    words += [w for w in glove.frequent_words(FREQUENT_WORDS) if w.isalpha() and w not in known]
    return {"image": ImageProcessor(**SIDE, **image), "text": TextProcessor(vocabulary=words, sequence_length=12)}


def with_glove(encoder_class, processor, trainable_embedding=False, **options):
    """A text encoder over GloVe's vectors, which stay as they are or, of words that training meets, learn.

    A word that GloVe lacks, as the name of a style, has a vector at random (Kim 2014): with nought it could not be told
    from the other such words.
    """
    vocabulary = processor.modality.vocabulary
    vectors, known = glove.word_vectors(vocabulary)
    lacking = np.flatnonzero(~known[2:]) + 2  # but for padding and unknown words, which say nothing
    vectors[lacking] = np.random.default_rng(0).normal(0.0, vectors[known].std(), (len(lacking), vectors.shape[1]))
    encoder = encoder_class(
        len(vocabulary), embedding_dim=vectors.shape[1], trainable_embedding=trainable_embedding, **options
    )
    encoder.build()
    encoder.embedding.embeddings.assign(vectors)
    return encoder
