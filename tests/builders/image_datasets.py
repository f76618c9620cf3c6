"""Image data sets for vision.ml, without Django."""

import csv
import io
from pathlib import Path
from typing import Final

import numpy as np
import pytest
from PIL import Image

from vision.ml.datasets import read_dataset
from vision.ml.images import ImageCache
from vision.ml.types import Dataset, Item

ROOT: Final = Path(__file__).resolve().parents[2]
FLIPKART_FOLDER: Final = ROOT.parent / "shared" / "data" / "flipkart"
WEIGHTS_FOLDER: Final = ROOT.parent / "shared" / "data" / "weights"

needs_flipkart = pytest.mark.skipif(
    not FLIPKART_FOLDER.is_dir(), reason="The real sample is not here: ../shared/data/flipkart."
)
needs_real_weights = pytest.mark.skipif(
    not WEIGHTS_FOLDER.is_dir(), reason="The real weights are not here: ../shared/data/weights."
)
#: Classes of the tiny data set, and the colour that tells each from the others.
COLOURS: Final = {"Blue": (40, 60, 200), "Green": (40, 180, 60), "Red": (210, 50, 40)}


def ignore_progress(done: int, total: int, stage: str) -> None:
    """Listens to nothing."""


def image_bytes(
    colour: tuple[int, int, int] = (200, 30, 30),
    size: tuple[int, int] = (48, 40),
    file_format: str = "PNG",
    seed: int = 0,
) -> bytes:
    """A file whose pixels lie near one colour."""
    noise = np.random.default_rng(seed).integers(-25, 26, size=(size[1], size[0], 3))
    pixels = np.clip(np.array(colour) + noise, 0, 255).astype(np.uint8)
    stream = io.BytesIO()
    Image.fromarray(pixels).save(stream, file_format)
    return stream.getvalue()


def write_coloured_folder(folder: Path, per_class: int = 8) -> Path:
    """A CSV file (image, label, text) and an images folder; the classes differ by colour, the files by their noise."""
    images = folder / "images"
    images.mkdir(parents=True)
    rows = []
    for number in range(per_class):
        for label, colour in COLOURS.items():
            name = f"{label.lower()}-{number}.png"
            images.joinpath(name).write_bytes(image_bytes(colour, seed=number))
            rows.append((name, label, f"A {label.lower()} thing, number {number}"))
    with folder.joinpath("products.csv").open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([("image", "label", "text"), *rows])
    return folder


def coloured_dataset(folder: Path, per_class: int = 8) -> tuple[Dataset, ImageCache]:
    """The tiny data set, read: ``3 * per_class`` images; everything lies under ``folder``."""
    cache = ImageCache(folder / "cache")
    source = write_coloured_folder(folder / "source", per_class)
    return read_dataset(source, cache, name="coloured", on_progress=ignore_progress), cache


def dataset_of(labels: list[int], hashes: list[str] | None = None, source_rows: int | None = None) -> Dataset:
    """A data set without pixels: labels and, where they matter, hashes."""
    names = hashes or [f"hash-{row}" for row in range(len(labels))]
    items = tuple(Item(row, f"{row}.jpg", labels[row], f"thing {row}", names[row]) for row in range(len(labels)))
    classes = tuple(f"class {number}" for number in range(max(labels) + 1))
    return Dataset("built", classes, items, source_rows or len(labels))
