"""Any modalities -> a sentence, by a transformer."""

from mmgen_tf.models.conditional_text_model import ConditionalTextModel
from mmgen_tf.registry import register


@register
class MultimodalTransformer(ConditionalTextModel):
    """The tokens of all inputs - words, regions, frames - in one transformer encoder, and a causal decoder that looks
    at all of them (Vaswani et al. 2017; Cho et al. 2021, who give every task of pictures and words this one shape).

    Which modalities go in and which text comes out is the task: captioning, question answering, translation with a
    picture, dialogue, the description of a video. Arguments and objective are `ConditionalTextModel`'s.

    Example:
        >>> model = mmgen_tf.zoo.load("transformer_vqa_shapes")
        >>> model.generate({"image": picture, "question": "what color is the shape?"}, to="answer")
        'blue'

    Reference: Vaswani et al., Attention Is All You Need, NeurIPS 2017. Cho, Lei, Tan & Bansal, Unifying
    Vision-and-Language Tasks via Text Generation, ICML 2021.
    """
