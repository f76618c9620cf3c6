"""Generates a small shop's catalogue: drawn products with titles, in the format of the Flipkart sample."""

import csv
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from demo.products.catalogue import CATEGORIES, kinds_of
from demo.products.kind import Kind
from demo.products.scene import draw_product
from demo.products.titles import BRANDS, product_title
from vision.ml.types import ProgressCallback

TABLE: Final = "products.csv"
IMAGES: Final = "Images"
STAGE: Final = "drawing products"
_HEADER: Final = ("uniq_id", "product_name", "product_category_tree", "image", "brand", "description")
#: Share of products under a wrong category.
_MISFILED: Final = 0.02
#: Number of files that repeat an earlier one of their category.
_REPEATS: Final = 5
#: Smaller catalogues have no faults.
_FEWEST_FOR_FAULTS: Final = 40
_JPEG_QUALITY: Final = (70, 92)


@dataclass(frozen=True, slots=True)
class _Plan:
    """One row to be written; ``repeats`` is the row whose file it copies."""

    kind: Kind
    category: str
    uniq_id: str
    brand: str
    quality: int
    repeats: int | None = None


def generate(folder: Path, *, per_class: int, seed: int, on_progress: ProgressCallback) -> Path:
    """Writes ``per_class`` products of each category and their images; returns the path of the CSV file.

    As in a real catalogue a few files repeat others, one is missing, one is cut off, and two products in a hundred
    are filed under a wrong category. The same seed writes the same files.
    """
    images = folder / IMAGES
    images.mkdir(parents=True, exist_ok=True)
    plans = _plan(per_class, seed)
    faults = (len(plans) // 3, len(plans) // 2) if len(plans) >= _FEWEST_FOR_FAULTS else ()
    with (folder / TABLE).open("w", encoding="utf-8", newline="") as stream:
        table = csv.writer(stream)
        table.writerow(_HEADER)
        for row, plan in enumerate(plans):
            source = row if plan.repeats is None else plan.repeats
            image, look = draw_product(plan.kind, np.random.default_rng([seed, source]))
            title = product_title(plan.kind, look, plan.brand)
            name = f"{plan.uniq_id}.jpg"
            image.save(images / name, "JPEG", quality=plan.quality)
            tree = json.dumps([f"{plan.category} >> {plan.kind.name.capitalize()} >> {title}"], ensure_ascii=False)
            description = f"{title}: a {plan.kind.name} by {plan.brand}."
            table.writerow((plan.uniq_id, title, tree, name, plan.brand, description))
            if row in faults[:1]:
                (images / name).unlink()
            elif row in faults[1:]:
                content = (images / name).read_bytes()
                (images / name).write_bytes(content[: len(content) // 2])
            on_progress(row + 1, len(plans), STAGE)
    return folder / TABLE


def _plan(per_class: int, seed: int) -> list[_Plan]:
    """The rows in random order; the repeats come last and copy intact files of one category."""
    rng = np.random.default_rng([seed, per_class, len(BRANDS)])
    categories = rng.permutation(np.repeat(CATEGORIES, per_class)).tolist()
    plans = []
    for category in categories:
        kinds = kinds_of(category)
        filed = category
        if len(categories) >= _FEWEST_FOR_FAULTS and rng.random() < _MISFILED:
            filed = str(rng.choice([other for other in CATEGORIES if other != category]))
        uniq_id, brand = rng.bytes(16).hex(), str(rng.choice(BRANDS))
        plans.append(_Plan(kinds[rng.integers(len(kinds))], filed, uniq_id, brand, int(rng.integers(*_JPEG_QUALITY))))
    return plans if len(plans) < _FEWEST_FOR_FAULTS else _with_repeats(plans, rng)


def _with_repeats(plans: list[_Plan], rng: np.random.Generator) -> list[_Plan]:
    """The last rows of one category copy the files of its first rows."""
    category = str(rng.choice(CATEGORIES))
    rows = [row for row, plan in enumerate(plans) if plan.category == category and plan.kind.category == category]
    count = min(_REPEATS, len(rows) // 4)
    for number, row in enumerate(rows[-count:] if count else []):
        original = plans[rows[number // 2]]
        repeats = rows[number // 2]
        plans[row] = _Plan(original.kind, category, plans[row].uniq_id, plans[row].brand, original.quality, repeats)
    return plans
