"""Every kind of product that can be drawn."""

from typing import Final

from vision.ml.synthetic.kind import Kind
from vision.ml.synthetic.products import baby, beauty, computers, decor, furnishing, kitchen, watches

KINDS: Final[tuple[Kind, ...]] = (
    *(*baby.KINDS, *beauty.KINDS, *computers.KINDS, *decor.KINDS),
    *(*furnishing.KINDS, *kitchen.KINDS, *watches.KINDS),
)
CATEGORIES: Final[tuple[str, ...]] = tuple(sorted({kind.category for kind in KINDS}))


def kinds_of(category: str) -> tuple[Kind, ...]:
    return tuple(kind for kind in KINDS if kind.category == category)
