"""Scores, cards and sample pictures: what a variant's folder says about it."""

from mmgen_tf.evaluation.card import render_card
from mmgen_tf.evaluation.evaluate import evaluate, protocol_of, read_metrics, write_metrics
from mmgen_tf.evaluation.judge import Judge
from mmgen_tf.evaluation.polydigits_protocol import with_half_missing
from mmgen_tf.evaluation.publish import publish

__all__ = [
    "Judge",
    "evaluate",
    "protocol_of",
    "publish",
    "read_metrics",
    "render_card",
    "with_half_missing",
    "write_metrics",
]
