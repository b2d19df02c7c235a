"""How thick and how slanted a drawn digit is: the measurements of Morpho-MNIST, vectorised over a batch.

Both are read off the picture itself, so that a generated picture is scored with the ruler its caption was written
with. A picture is enlarged four times and binarised at half intensity; a picture with no ink then measures NaN.

Reference: Castro, Tan, Kainz, Konukoglu, Glocker, "Morpho-MNIST: Quantitative Assessment and Diagnostics for
Representation Learning", JMLR 20 (2019), section 2.2.
"""

import dataclasses

import numpy as np

THICKNESS_NAMES = ("thin", "medium", "thick")
SLANT_NAMES = ("left", "upright", "right")

_SCALE = 4
_CHUNK = 250


@dataclasses.dataclass(frozen=True)
class Terciles:
    """The two thresholds that cut each measurement of a set of pictures into three equal classes.

    Args:
        thickness: `(low, high)` in pixels; below is thin, above is thick.
        slant: `(low, high)` in degrees; below leans left, above leans right, relative to the other pictures.
    """

    thickness: tuple
    slant: tuple

    @classmethod
    def fit(cls, thickness, slant):
        """The terciles of float arrays (n,) of measurements, NaN left out, rounded to 4 decimals."""
        cuts = (np.round(np.nanpercentile(values, (100 / 3, 200 / 3)), 4).tolist() for values in (thickness, slant))
        return cls(*map(tuple, cuts))

    def classify(self, images):
        """Classes of uint8 images (n, h, w) or (n, h, w, 1): `{"thickness": int32 (n,), "slant": int32 (n,)}`.

        Numbers count through `THICKNESS_NAMES` and `SLANT_NAMES`; a picture without ink is -1 in both.
        """
        thickness, slant = measure_strokes(images)
        return self.classify_measures(thickness, slant)

    def classify_measures(self, thickness, slant):
        """`classify` for float arrays (n,) already measured."""
        return {
            name: np.where(np.isnan(values), -1, np.digitize(values, cuts)).astype("int32")
            for name, values, cuts in (("thickness", thickness, self.thickness), ("slant", slant, self.slant))
        }


def measure_strokes(images):
    """Measures the stroke thickness and the slant of each picture of a batch.

    Args:
        images: uint8 (n, h, w) or (n, h, w, 1), bright ink on black.

    Returns:
        `(thickness, slant)`, float32 (n,) each. Thickness in pixels of the given picture. Slant in degrees from the
        vertical: **positive leans right**, like "/", negative leans left. NaN where there is no ink; a slant is NaN
        too where the ink is a single level row.

    Raises:
        ValueError: if the shape or dtype is another.
        ImportError: if scipy is missing.
    """
    images = np.asarray(images)
    if images.ndim == 4 and images.shape[-1] == 1:
        images = images[..., 0]
    if images.ndim != 3 or images.dtype != np.uint8:
        raise ValueError(
            f"Expected uint8 images of shape (n, h, w) or (n, h, w, 1); received {images.dtype} {images.shape}."
        )
    measured = [np.zeros((2, 0), "float32")]
    for start in range(0, len(images), _CHUNK):
        ink = _enlarge(images[start : start + _CHUNK]) > 127.5
        measured.append(np.stack([_thickness(ink), _slant(ink)]))
    thickness, slant = np.concatenate(measured, axis=1)
    return thickness, slant


def _enlarge(images):
    """Bilinear enlargement by `_SCALE`: uint8 (n, h, w) -> float32 (n, 4h, 4w). Its weights are eighths, so exact."""
    rows, columns = (_interpolation(size) for size in images.shape[1:])
    return rows @ images.astype("float32") @ columns.T


def _interpolation(size):
    """The matrix float32 (4 size, size) that interpolates linearly between pixel centres, clamped at the border."""
    centres = (np.arange(_SCALE * size) + 0.5) / _SCALE - 0.5
    distance = np.abs(np.clip(centres, 0, size - 1)[:, None] - np.arange(size))
    return np.maximum(1 - distance, 0).astype("float32")


def _thickness(ink):
    """Twice the mean distance from the ridge of the strokes to the background: bool (n, h, w) -> float32 (n,).

    The pictures are stacked into one tall picture with background between them, and of several empty rows only one is
    kept. The background nearest to an inked pixel is then never another picture's, so one planar transform serves all.
    """
    ndimage = _ndimage()
    bordered = np.pad(ink, ((0, 0), (1, 1), (1, 1)))
    stacked = bordered.reshape(-1, bordered.shape[-1])
    inked = stacked.any(axis=1)
    kept = np.flatnonzero(inked | np.r_[True, inked[:-1]])
    stacked = stacked[kept]
    distance = np.zeros(stacked.shape, "float32")
    where = np.flatnonzero(stacked)
    if where.size:
        nearest = ndimage.distance_transform_edt(stacked, return_distances=False, return_indices=True)
        offsets = np.stack(np.unravel_index(where, stacked.shape)) - nearest.reshape(2, -1)[:, where]
        distance.flat[where] = np.sqrt(np.square(offsets, dtype="float32").sum(axis=0))
    highest = ndimage.maximum_filter(distance, size=3)
    ridge = where[distance.flat[where] == highest.flat[where]]
    owner = kept[ridge // stacked.shape[1]] // bordered.shape[1]
    count = np.bincount(owner, minlength=len(ink))
    total = np.bincount(owner, weights=distance.flat[ridge], minlength=len(ink))
    return _ratio(2 / _SCALE * total, count).astype("float32")


def _slant(ink):
    """The angle of the horizontal shear, arctan(-mu11 / mu02) in degrees: bool (n, h, w) -> float32 (n,)."""
    ink = ink.astype("float64")
    y, x = (np.arange(size, dtype="float64") for size in ink.shape[1:])
    by_row, by_column, area = ink.sum(axis=2), ink.sum(axis=1), ink.sum(axis=(1, 2))
    mean_y, mean_x = _ratio(by_row @ y, area), _ratio(by_column @ x, area)
    mu11 = _ratio((ink @ x * y).sum(axis=1), area) - mean_x * mean_y
    mu02 = _ratio(by_row @ y**2, area) - mean_y**2
    return np.degrees(np.arctan(_ratio(-mu11, mu02))).astype("float32")


def _ratio(numerator, denominator):
    """numerator / denominator, NaN where the denominator is zero or itself NaN, and no warning."""
    return np.divide(numerator, denominator, out=np.full(numerator.shape, np.nan), where=denominator > 1e-9)


def _ndimage():
    try:
        from scipy import ndimage
    except ImportError as error:
        raise ImportError('Measuring strokes needs scipy: pip install "mmgen_tf[data]".') from error
    return ndimage


# Cut on the 60,000 training pictures, so that a picture can be scored where there is no dataset. Preparing the dataset
# measures them again and refuses to go on if they differ. Produced by:
#   python -c "from mmgen_tf.data import builders; from mmgen_tf.data.builders.digits import stroke_measures as s; \
#     print(s.Terciles.fit(*s.measure_strokes(builders.load('digits', 'train', columns=['image'])['image'])))"
DIGITS_TERCILES = Terciles(thickness=(2.2907, 2.8323), slant=(-0.6301, 12.5947))
