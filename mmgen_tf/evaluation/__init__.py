"""Scores, cards and sample pictures: what a variant's folder says about it."""

from mmgen_tf.evaluation.card import render_card
from mmgen_tf.evaluation.evaluate import evaluate, read_metrics, write_metrics
from mmgen_tf.evaluation.publish import publish

__all__ = ["evaluate", "publish", "read_metrics", "render_card", "write_metrics"]
