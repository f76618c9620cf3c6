"""Images decoded once, to small arrays in a folder that is addressed by their files' hashes."""

import hashlib
import io
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import ExifTags, Image, JpegImagePlugin

from vision.ml.atomic_files import atomic_writer
from vision.ml.types import BenchmarkError
from vision.ml.wording import gettext_noop as _

#: Short side of a cached image; the usual resize before a 224-pixel crop.
SHORT_SIDE: Final = 256
#: A banner is shrunk further, until its long side is this.
MAX_LONG_SIDE: Final = 1024
#: What one image may take in memory once decoded.
MAX_DECODED_PIXELS: Final = 25_000_000
#: A JPEG is shrunk up to eight times while it is decoded, so that its file may declare more. Its coefficients take six
#: bytes a pixel at worst, when it is progressive.
MAX_JPEG_PIXELS: Final = 100_000_000
FORMATS: Final = ("JPEG", "PNG", "WEBP", "GIF", "BMP")
_JPEG_MARK: Final = b"\xff\xd8\xff"
_JPEG_QUALITY: Final = 85
#: What turns an image upright, by its orientation. Source: EXIF 2.32, tag 0x0112.
_UPRIGHT: Final = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


class BrokenImage(BenchmarkError):  # noqa: N818
    """Bytes that are not a complete image of a known format."""


class OversizedImage(BenchmarkError):  # noqa: N818
    """An image that would take more memory than an image may."""


class MissingImageError(BenchmarkError):
    """An image that the cache does not hold."""


class Fit(StrEnum):
    """How an image is brought to a square: squashed (as Keras does), or its short side fitted and its centre cut."""

    SQUASH = "squash"
    CROP = "crop"


class Interpolation(StrEnum):
    BILINEAR = "bilinear"
    BICUBIC = "bicubic"


_FILTERS: Final = {
    Interpolation.BILINEAR: Image.Resampling.BILINEAR,
    Interpolation.BICUBIC: Image.Resampling.BICUBIC,
}


class ImageCache:
    """Decoded images under the sha256 of their files. Several processes may fill one folder at the same time."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __contains__(self, sha256: str) -> bool:
        return self._path(sha256).exists()

    def add(self, data: bytes) -> str:
        """The sha256 of a file's bytes, which are decoded unless they were before.

        Raises BrokenImage or OversizedImage.
        """
        sha256 = hashlib.sha256(data).hexdigest()
        path = self._path(sha256)
        if not path.exists():
            pixels = decode(data)
            with atomic_writer(path, is_synced=False) as stream:
                np.save(stream, pixels)
        return sha256

    def remove(self, sha256: str) -> None:
        """Forgets an image, if it is there."""
        self._path(sha256).unlink(missing_ok=True)

    def read(self, sha256: str) -> NDArray[np.uint8]:
        """The pixels, (H, W, 3), red first. Raises MissingImageError."""
        try:
            pixels: NDArray[np.uint8] = np.load(self._path(sha256), allow_pickle=False)
        except FileNotFoundError as error:
            raise MissingImageError(
                _("Image {sha256} is not in {folder}: import the data set again."), sha256=sha256, folder=self.folder
            ) from error
        return pixels

    def jpeg(self, sha256: str, side: int) -> bytes:
        """A JPEG file of at most ``side`` pixels each way, for pages; never enlarged."""
        image = Image.fromarray(self.read(sha256))
        image.thumbnail((side, side), Image.Resampling.LANCZOS)
        stream = io.BytesIO()
        image.save(stream, "JPEG", quality=_JPEG_QUALITY, optimize=True)
        return stream.getvalue()

    def _path(self, sha256: str) -> Path:
        return self.folder / sha256[:2] / f"{sha256}.npy"


def pixels(
    cache: ImageCache, hashes: Sequence[str], size: int, fit: Fit, interpolation: Interpolation = Interpolation.BICUBIC
) -> NDArray[np.uint8]:
    """Square images for a network, (B, 3, size, size); small ones are enlarged."""
    batch = np.empty((len(hashes), 3, size, size), dtype=np.uint8)
    for position, sha256 in enumerate(hashes):
        batch[position] = to_square(cache.read(sha256), size, fit, interpolation)
    return batch


def to_square(
    array: NDArray[np.uint8], size: int, fit: Fit, interpolation: Interpolation = Interpolation.BICUBIC
) -> NDArray[np.uint8]:
    """One image (H, W, 3) as (3, size, size)."""
    image = Image.fromarray(array)
    if fit is Fit.SQUASH:
        image = image.resize((size, size), _FILTERS[interpolation])
    else:
        width, height = image.size
        short = min(width, height)
        fitted = (size * width // short, size * height // short)
        image = image.resize(fitted, _FILTERS[interpolation])
        left, top = (fitted[0] - size) // 2, (fitted[1] - size) // 2
        image = image.crop((left, top, left + size, top + size))
    return np.asarray(image).transpose(2, 0, 1)


def decode(data: bytes) -> NDArray[np.uint8]:
    """The pixels of a file, (H, W, 3) uint8, upright, on white, its short side at most ``SHORT_SIDE``.

    Small images keep their size. Of an animation the first image counts. The size that the file declares is looked
    at before any pixel is made. Raises BrokenImage or OversizedImage.
    """
    try:
        image = _open(data)
        target = _target(image.size)
        image.draft(None, (2 * target[0], 2 * target[1]))
        _refuse_oversized(image.size, MAX_DECODED_PIXELS)
        image.load()
        small = _on_white(image).resize(target, Image.Resampling.BICUBIC, reducing_gap=2.0)
        # Of the image as it was opened: conversions between modes lose its metadata.
        turn = _UPRIGHT.get(image.getexif().get(ExifTags.Base.Orientation, 1))
        return np.asarray(small if turn is None else small.transpose(turn))
    except OversizedImage:
        raise
    except Exception as error:  # decoders raise anything on hostile bytes: struct.error, SyntaxError, IndexError…
        raise BrokenImage(
            _("This is not a whole image ({formats}): {reason}"), formats=", ".join(FORMATS), reason=error
        ) from error


def _open(data: bytes) -> Image.Image:
    """The image with its declared size known and nothing decoded."""
    if data.startswith(_JPEG_MARK):
        # Not through Image.open, whose own limit knows nothing of drafts.
        jpeg = JpegImagePlugin.JpegImageFile(io.BytesIO(data))
        _refuse_oversized(jpeg.size, MAX_JPEG_PIXELS)
        return jpeg
    try:
        return Image.open(io.BytesIO(data), formats=FORMATS)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        most = MAX_DECODED_PIXELS / 1e6
        raise OversizedImage(_("The image has more than {most:.0f} megapixels."), most=most) from error


def _refuse_oversized(size: tuple[int, int], most: int) -> None:
    if size[0] * size[1] > most:
        megapixels = size[0] * size[1] / 1e6
        raise OversizedImage(
            _("The image has {size:.1f} megapixels; at most {most:.0f} are read."), size=megapixels, most=most / 1e6
        )


def _target(size: tuple[int, int]) -> tuple[int, int]:
    """The size to be kept."""
    scale = min(1.0, SHORT_SIDE / min(size), MAX_LONG_SIDE / max(size))
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))


def _on_white(image: Image.Image) -> Image.Image:
    """As RGB; what is transparent becomes white."""
    if image.mode.startswith("I"):  # 16 bits
        grey = np.asarray(image)
        shown = np.where(grey == image.info.get("transparency", -1), 255, grey >> 8)
        return Image.fromarray(shown.astype(np.uint8)).convert("RGB")
    if image.has_transparency_data:
        whole = image.convert("RGBA")
        image = Image.alpha_composite(Image.new("RGBA", whole.size, "white"), whole)
    return image.convert("RGB")
