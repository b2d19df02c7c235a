"""What the recipes on Flickr8k share: a row for each caption, and photos as a frozen backbone sees them."""

from mmgen_tf.data.flickr8k_files import PER_PHOTO, SIDE
from mmgen_tf.modalities.image.backbone_image_processor import BackboneImageProcessor
from mmgen_tf.modalities.text.text_processor import TextProcessor


def caption_rows(columns, settings):
    """A recipe's `choose_columns`: each caption of at most `longest` words, of the settings, with its photo."""
    texts = ["text", *(f"text_{number}" for number in range(1, PER_PHOTO))]
    rows = [
        (photo, caption)
        for photo, *captions in zip(columns["image"], *(columns[name] for name in texts), strict=True)
        for caption in captions
        if len(caption.split()) <= settings["longest"]
    ]
    photos, captions = zip(*rows, strict=True)
    return {"image": list(photos), "text": list(captions)}


def photo_and_caption(columns, settings):
    """dict of processors: of photos, and of the words that occur `least` times, of the settings, in the captions."""
    length, least = settings["longest"] + 1, settings["least"]
    text = TextProcessor.adapted(columns["text"], sequence_length=length, least=least)
    return {"image": BackboneImageProcessor(height=SIDE, width=SIDE), "text": text}
