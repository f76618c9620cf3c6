"""Training data: drawn products, their kinds, and texts that describe them."""

import os
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from demo.products.catalogue import CATEGORIES, KINDS
from demo.products.scene import draw_product
from demo.products.titles import BRANDS, product_title
from vision.ml.images import Fit, Interpolation, to_square
from vision.ml.prompts import SUGGESTED_DESCRIPTIONS, TEMPLATES
from vision.ml.types import ProgressCallback

SIDE: Final = 96
STAGE: Final = "drawing products"
#: Distinguishes these images from those of demo catalogues, whose seeds have two numbers.
_APART: Final = 1
_CHUNK: Final = 64
_TEMPLATES: Final = tuple(sorted({template for templates in TEMPLATES.values() for template in templates}))
#: Shares of captions: title, kind, category, description of the category.
_TELLING: Final = (0.4, 0.3, 0.2, 0.1)


@dataclass(frozen=True, eq=False)
class Lessons:
    """N drawn products: ``pixels`` (N, 3, SIDE, SIDE) uint8, ``kinds`` and ``categories`` (N,) numbers, titles."""

    pixels: NDArray[np.uint8]
    kinds: NDArray[np.int64]
    categories: NDArray[np.int64]
    titles: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Captions:
    """A text for each of B images; ``is_true`` (B, B) bool: which texts (columns) fit which images (rows)."""

    texts: tuple[str, ...]
    is_true: NDArray[np.bool_]


def draw_lessons(count: int, *, seed: int, on_progress: ProgressCallback) -> Lessons:
    """Equal numbers of every kind, to within one; the same seed draws the same products."""
    pixels = np.empty((count, 3, SIDE, SIDE), dtype=np.uint8)
    titles = []
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        drawn = pool.map(_draw, [seed] * count, range(count), chunksize=_CHUNK)
        for number, (image, title) in enumerate(drawn):
            pixels[number] = image
            titles.append(title)
            on_progress(number + 1, count, STAGE)
    kinds = np.arange(count) % len(KINDS)
    category_of = np.array([CATEGORIES.index(kind.category) for kind in KINDS])
    return Lessons(pixels, kinds, category_of[kinds], tuple(titles))


def caption(lessons: Lessons, positions: Sequence[int], rng: np.random.Generator) -> Captions:
    """Random texts of images. A title fits only its own image; other texts fit all images of the kind or category."""
    kinds, categories = lessons.kinds[positions], lessons.categories[positions]
    texts, columns = [], []
    for place, position in enumerate(positions):
        kind, template = KINDS[kinds[place]], str(rng.choice(_TEMPLATES))
        telling = rng.choice(4, p=_TELLING)
        if telling == 0:
            texts.append(lessons.titles[position])
            columns.append(np.arange(len(kinds)) == place)
        elif telling == 1:
            texts.append(template.format(kind.name))
            columns.append(kinds == kinds[place])
        else:
            descriptions = SUGGESTED_DESCRIPTIONS[kind.category]
            texts.append(template.format(kind.category) if telling == 2 else str(rng.choice(descriptions)))
            columns.append(categories == categories[place])
    return Captions(tuple(texts), np.stack(columns, axis=1))


def _draw(seed: int, number: int) -> tuple[NDArray[np.uint8], str]:
    rng = np.random.default_rng([seed, number, _APART])
    kind = KINDS[number % len(KINDS)]
    image, look = draw_product(kind, rng)
    square = to_square(np.asarray(image), SIDE, Fit.SQUASH, Interpolation.BILINEAR)
    return square, product_title(kind, look, str(rng.choice(BRANDS)))
