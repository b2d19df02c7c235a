"""rnn_video_sprites: a clip of a small person -> a sentence that says who it is, and what it does in which direction.

Command:   mmgen train rnn_video_sprites --out runs/rnn_video_sprites --data-dir DATA
Hardware:  2 CPU cores
Wall time: 5 minutes
Seed:      0
Result:    all_attributes_right 1.0 on 346 clips of 173 combinations that were held out (metrics.json)
"""

from mmgen_tf.fusion.early_fusion import EarlyFusion
from mmgen_tf.modalities.image.image_encoder import ImageEncoder
from mmgen_tf.modalities.text.text_processor import TextProcessor
from mmgen_tf.modalities.video.frame_sequence_encoder import FrameSequenceEncoder
from mmgen_tf.modalities.video.video_processor import VideoProcessor
from mmgen_tf.models.rnn.attention_text_decoder import AttentionTextDecoder
from mmgen_tf.models.rnn.multimodal_rnn import MultimodalRNN
from mmgen_tf.training import Recipe
from mmgen_tf.training.recipe_steps import adam_with_cosine

SIDE = {"height": 64, "width": 64, "channels": 3}
FRAMES, WIDTH = 8, 128


def build_model(columns, settings):
    """The wiring: what goes in, what comes out, which part does what."""
    text = TextProcessor.adapted(columns["text"])
    frame = ImageEncoder(**SIDE, filters=(8, 16, 32, 48), output_dim=WIDTH)
    return MultimodalRNN(
        {"video": VideoProcessor(frames=FRAMES, **SIDE), "text": text},
        encoders={"video": FrameSequenceEncoder(frame, FRAMES, WIDTH)},
        fusion=EarlyFusion({"video": WIDTH}, WIDTH, {"video": FRAMES}, num_layers=0, dropout=settings["dropout"]),
        decoder=AttentionTextDecoder(
            len(text.modality.vocabulary), text.modality.shape[0], WIDTH, hidden_dim=192, dropout=settings["dropout"]
        ),
        requires=["video"],
        attention_regularizer=settings["attention_regularizer"],
        seed=settings["seed"],
    )


recipe = Recipe(
    name="rnn_video_sprites",
    dataset="sprite_videos",
    settings={
        "seed": 0, "batch_size": 32, "epochs": 8, "learning_rate": 1e-3, "dropout": 0.1,
        "attention_regularizer": 0.01, "ema_decay": 0.99,
    },
    build_model=build_model,
    compile_model=adam_with_cosine(warmup_steps=100),
)  # fmt: skip
