import io
import struct
import threading
import warnings
import zlib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from tests.builders.image_datasets import image_bytes
from vision.ml.images import (
    MAX_LONG_SIDE,
    BrokenImage,
    Fit,
    ImageCache,
    Interpolation,
    MissingImageError,
    OversizedImage,
    decode,
    pixels,
    to_square,
)


def _file(image: Image.Image, file_format: str, **options: object) -> bytes:
    stream = io.BytesIO()
    image.save(stream, file_format, **options)
    return stream.getvalue()


def _png_declaring(width: int, height: int) -> bytes:
    """A few hundred bytes whose header declares a large image."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 100)) + chunk(b"IEND", b"")
    )


def test_decode_gives_rgb_with_a_short_side_of_256_at_most() -> None:
    array = decode(image_bytes(size=(800, 512), file_format="JPEG"))
    assert array.shape == (256, 400, 3)
    assert array.dtype == np.uint8


def test_decode_never_enlarges() -> None:
    assert decode(image_bytes(size=(37, 21))).shape == (21, 37, 3)


def test_decode_keeps_the_pixels_of_a_small_lossless_image() -> None:
    data = image_bytes(size=(30, 20))
    np.testing.assert_array_equal(decode(data), np.asarray(Image.open(io.BytesIO(data))))


def test_decode_bounds_the_long_side_of_a_banner() -> None:
    assert decode(image_bytes(size=(4000, 300))).shape == (77, MAX_LONG_SIDE, 3)


def test_decode_takes_the_first_image_of_an_animation() -> None:
    first, second = Image.new("RGB", (10, 10), (255, 0, 0)), Image.new("RGB", (10, 10), (0, 0, 255))
    array = decode(_file(first, "GIF", save_all=True, append_images=[second]))
    assert array[5, 5].tolist() == [255, 0, 0]


def test_decode_reads_a_jpeg_of_93_megapixels_by_draft() -> None:
    """As the real sample had one: its file is small beside what it would take in memory."""
    half = Image.new("RGB", (9372, 10000), (180, 40, 40))
    half.paste((20, 20, 200), (0, 0, 9372, 5000))
    data = _file(half, "JPEG", quality=30)
    assert len(data) < 2_000_000
    array = decode(data)
    assert array.shape == (273, 256, 3)
    assert abs(array[20, 20].astype(int) - [20, 20, 200]).max() < 12
    assert abs(array[-20, 20].astype(int) - [180, 40, 40]).max() < 12


def test_decode_refuses_a_jpeg_that_declares_over_100_megapixels() -> None:
    data = bytearray(image_bytes(file_format="JPEG"))
    place = data.index(b"\xff\xc0") + 5
    data[place : place + 4] = struct.pack(">HH", 20000, 20000)
    with pytest.raises(OversizedImage, match=r"400\.0 megapixels"):
        decode(bytes(data))


@pytest.mark.parametrize(("width", "height"), [(5001, 5000), (10000, 10000), (13000, 13000), (60000, 60000)])
def test_decode_refuses_a_bomb_before_it_makes_a_pixel(width: int, height: int) -> None:
    with pytest.raises(OversizedImage, match="megapixels"):
        decode(_png_declaring(width, height))


def test_decode_refuses_a_bomb_where_warnings_are_not_errors() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with pytest.raises(OversizedImage):
            decode(_png_declaring(10000, 10000))


@pytest.mark.parametrize(
    "data",
    [b"", b"not an image", b"<svg xmlns='http://www.w3.org/2000/svg'/>", image_bytes()[:200]]
    + [image_bytes(size=(99, 99), file_format=kind)[:-900] for kind in ("JPEG", "PNG", "GIF", "BMP")],
)
def test_decode_refuses_what_is_not_a_whole_image(data: bytes) -> None:
    with pytest.raises(BrokenImage, match="not a whole image"):
        decode(data)


@settings(deadline=None, max_examples=150)
@given(
    kind=st.sampled_from(["JPEG", "PNG", "GIF", "BMP", "WEBP"]),
    place=st.integers(0, 10**6),
    content=st.binary(min_size=1, max_size=8),
)
def test_decode_of_damaged_bytes_gives_pixels_or_says_why_not(kind: str, place: int, content: bytes) -> None:
    data = bytearray(image_bytes(size=(24, 18), file_format=kind))
    place %= len(data)
    data[place : place + len(content)] = content
    try:
        array = decode(bytes(data))
    except (BrokenImage, OversizedImage):
        return
    assert array.dtype == np.uint8
    assert array.ndim == 3


def test_the_cache_names_an_image_by_the_hash_of_its_file(tmp_path: Path) -> None:
    cache, data = ImageCache(tmp_path), image_bytes()
    sha256 = cache.add(data)
    assert sha256 in cache
    assert [path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*.npy")] == [f"{sha256[:2]}/{sha256}.npy"]
    np.testing.assert_array_equal(cache.read(sha256), decode(data))


def test_the_cache_decodes_an_image_once(tmp_path: Path) -> None:
    cache, data = ImageCache(tmp_path), image_bytes()
    path = tmp_path / cache.add(data)[:2] / f"{cache.add(data)}.npy"
    before = path.stat().st_mtime_ns
    cache.add(data)
    assert path.stat().st_mtime_ns == before


def test_the_cache_keeps_nothing_of_a_broken_image(tmp_path: Path) -> None:
    with pytest.raises(BrokenImage):
        ImageCache(tmp_path).add(b"broken")
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_the_cache_may_be_filled_by_several_at_once(tmp_path: Path) -> None:
    files = [image_bytes(seed=seed) for seed in range(5)]
    threads = [threading.Thread(target=lambda: [ImageCache(tmp_path).add(data) for data in files]) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(list(tmp_path.rglob("*.npy"))) == 5
    assert list(tmp_path.rglob("*.part")) == []


def test_an_image_that_was_never_added_is_named(tmp_path: Path) -> None:
    with pytest.raises(MissingImageError, match="import the data set again"):
        ImageCache(tmp_path).read("ab" * 32)


def test_jpeg_fits_the_side_asked_for(tmp_path: Path) -> None:
    cache = ImageCache(tmp_path)
    image = Image.open(io.BytesIO(cache.jpeg(cache.add(image_bytes(size=(200, 100))), 60)))
    assert (image.format, image.size) == ("JPEG", (60, 30))


def test_pixels_gives_a_batch_of_squares(tmp_path: Path) -> None:
    cache = ImageCache(tmp_path)
    hashes = [cache.add(image_bytes(size=(60, 30))), cache.add(image_bytes(size=(500, 700)))]
    batch = pixels(cache, hashes, 64, Fit.CROP)
    assert batch.shape == (2, 3, 64, 64)
    assert batch.dtype == np.uint8


def test_squash_shows_the_whole_image_and_crop_its_centre() -> None:
    array = np.zeros((40, 80, 3), dtype=np.uint8)
    array[:, :20] = (255, 0, 0)
    array[:, 60:] = (0, 0, 255)
    assert to_square(array, 40, Fit.CROP).max() == 0
    squashed = to_square(array, 40, Fit.SQUASH)
    assert squashed[:, 20, 2].tolist() == [255, 0, 0]
    assert squashed[:, 20, -3].tolist() == [0, 0, 255]


@settings(deadline=None, max_examples=60)
@given(st.integers(1, 90), st.integers(1, 90), st.integers(8, 40), st.sampled_from(Fit), st.sampled_from(Interpolation))
def test_any_image_fits_any_square(height: int, width: int, size: int, fit: Fit, interpolation: Interpolation) -> None:
    array = np.full((height, width, 3), 77, dtype=np.uint8)
    square = to_square(array, size, fit, interpolation)
    assert square.shape == (3, size, size)
    assert (square == 77).all()
