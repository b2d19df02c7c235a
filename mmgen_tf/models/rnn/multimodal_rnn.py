"""Any modalities -> a sentence, by a recurrent network."""

from keras import ops

from mmgen_tf.models.conditional_text_model import ConditionalTextModel
from mmgen_tf.registry import register


@register
class MultimodalRNN(ConditionalTextModel):
    """Regions of a picture, frames of a video, words: a GRU or LSTM says a sentence about them and looks at them before
    each word (Show, Attend and Tell, soft; Xu et al. 2015). Of a video, `FrameSequenceEncoder` makes tokens.

    To `ConditionalTextModel`'s loss it adds the doubly stochastic regulariser (eq. 14), by which every place is looked
    at about as much over the sentence:

        attention_regularizer * mean over places of (1 - places / words * sum over words of a_tp)^2

    What a place gets is counted in shares of what places get on average, so that the weight does not depend on how many
    words and places there are.

    Args:
        attention_regularizer: its weight.
        **kwargs: of `ConditionalTextModel`.

    Example:
        >>> model = mmgen_tf.zoo.load("rnn_video_sprites")
        >>> model.generate({"video": frames}, to="text")
        'a woman with long red hair walks to the left'

    Reference: Xu, Ba, Kiros, Cho, Courville, Salakhutdinov, Zemel & Bengio, Show, Attend and Tell: Neural Image Caption
    Generation with Visual Attention, ICML 2015.
    """

    def __init__(self, processors, encoders, fusion, decoder, attention_regularizer=0.0, **kwargs):
        super().__init__(processors, encoders, fusion, decoder, **kwargs)
        self.attention_regularizer = attention_regularizer

    def regularizer(self, attention, mask, counted):
        if not self.attention_regularizer:
            return 0.0
        here, words = ops.cast(mask, "float32"), ops.sum(counted, axis=1, keepdims=True)
        places = ops.sum(here, axis=1, keepdims=True)
        shares = ops.sum(attention * counted[..., None], axis=1) * places / words
        return self.attention_regularizer * ops.sum(here * ops.square(1.0 - shares), axis=1) / places[:, 0]

    def get_config(self):
        return super().get_config() | {"attention_regularizer": self.attention_regularizer}
