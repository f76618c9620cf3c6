"""Images of every mode: greys, palettes, transparency, sixteen bits; upright in all of them."""

import io

import numpy as np
import pytest
from PIL import Image, ImageOps

from vision.ml.images import decode

ORIENTATION = 0x0112


def _file(image: Image.Image, file_format: str, **options: object) -> bytes:
    stream = io.BytesIO()
    image.save(stream, file_format, **options)
    return stream.getvalue()


@pytest.mark.parametrize("mode", ["L", "P", "CMYK", "1"])
def test_decode_turns_every_colour_mode_into_rgb(mode: str) -> None:
    image = Image.new("RGB", (20, 10), (255, 255, 255)).convert(mode)
    array = decode(_file(image, "JPEG" if mode == "CMYK" else "PNG"))
    assert array.shape == (10, 20, 3)
    assert array.min() > 250


def test_decode_puts_transparent_images_on_white() -> None:
    image = Image.new("RGBA", (10, 10), (0, 0, 0, 0))
    image.putpixel((2, 3), (10, 20, 30, 255))
    array = decode(_file(image, "PNG"))
    assert array[0, 0].tolist() == [255, 255, 255]
    assert array[3, 2].tolist() == [10, 20, 30]


def test_decode_keeps_the_greys_of_sixteen_bits() -> None:
    grey = Image.fromarray(np.full((8, 8), 0x8000, dtype=np.uint16))
    assert decode(_file(grey, "PNG"))[0, 0].tolist() == [128, 128, 128]


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize(
    ("mode", "file_format"),
    [("RGB", "JPEG"), ("L", "JPEG"), ("CMYK", "JPEG"), ("RGB", "WEBP"), ("RGBA", "WEBP")]
    + [(mode, "PNG") for mode in ("RGB", "RGBA", "L", "LA", "P", "1", "I;16")],
)
def test_decode_turns_the_image_upright_in_every_mode(mode: str, file_format: str, orientation: int) -> None:
    shown = np.full((20, 40), 255, dtype=np.uint8)
    shown[:8, :10] = 0  # a dark corner
    image = Image.fromarray(shown.astype(np.uint16) * 257) if mode == "I;16" else Image.fromarray(shown).convert(mode)
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    upright = np.asarray(ImageOps.exif_transpose(_with_exif(Image.fromarray(shown), exif)))
    array = decode(_file(image, file_format, exif=exif))
    assert array.shape == (*upright.shape, 3)
    assert np.abs(array[..., 0].astype(int) - upright).mean() < 12


def test_decode_shows_a_transparent_grey_of_sixteen_bits_as_white() -> None:
    grey = np.full((8, 8), 0x8000, dtype=np.uint16)
    grey[0] = 0x1234
    array = decode(_file(Image.fromarray(grey), "PNG", transparency=0x1234))
    assert (array[0, 0].tolist(), array[1, 0].tolist()) == ([255] * 3, [128] * 3)


def _with_exif(image: Image.Image, exif: Image.Exif) -> Image.Image:
    return Image.open(io.BytesIO(_file(image, "PNG", exif=exif)))
