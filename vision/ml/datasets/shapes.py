"""Which columns of a CSV file hold what."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from vision.ml.types import BenchmarkError
from vision.ml.wording import gettext_noop as _

_IMAGE_NAMES: Final = ("image", "image_path", "filename", "file", "path")
_LABEL_NAMES: Final = ("label", "class", "category", "target")
_TEXT_NAMES: Final = ("text", "title", "product_name", "name", "caption", "description")


def as_written(value: str) -> str:
    return value


def first_level(tree: str) -> str:
    """The root of a category tree written as ``["Root >> Branch >> Leaf"]``; the brackets may be absent."""
    try:
        levels = json.loads(tree)
    except ValueError:
        levels = [tree]
    path = levels[0] if isinstance(levels, list) and levels and isinstance(levels[0], str) else tree
    return path.split(">>")[0].strip()


@dataclass(frozen=True, slots=True)
class CsvShape:
    """The columns of the image's file name, of its class and of its text; ``class_of`` reads the class's cell."""

    image: str
    label: str
    text: str | None = None
    class_of: Callable[[str], str] = as_written


FLIPKART: Final = CsvShape("image", "product_category_tree", "product_name", first_level)


def detect_shape(header: Sequence[str]) -> CsvShape:
    """The shape of a file with this header: Flipkart's, or columns of usual names. Raises BenchmarkError."""
    if {FLIPKART.image, FLIPKART.label, FLIPKART.text} <= set(header):
        return FLIPKART
    image, label = _find(header, _IMAGE_NAMES), _find(header, _LABEL_NAMES)
    if image is None or label is None:
        raise BenchmarkError(
            _("The CSV file needs a column of image files ({images}) and one of classes ({labels}); it has: {header}."),
            images=", ".join(_IMAGE_NAMES),
            labels=", ".join(_LABEL_NAMES),
            header=", ".join(header),
        )
    return CsvShape(image, label, _find(header, _TEXT_NAMES))


def _find(header: Sequence[str], names: Sequence[str]) -> str | None:
    """The column that bears the first of the names, whatever its case."""
    by_name = {column.lower(): column for column in reversed(header)}
    return next((by_name[name] for name in names if name in by_name), None)
