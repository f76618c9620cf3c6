"""All kinds of products."""

from typing import Final

from demo.products.drawings import baby, beauty, computers, decor, furnishing, kitchen, watches
from demo.products.kind import Kind

KINDS: Final[tuple[Kind, ...]] = (
    *(*baby.KINDS, *beauty.KINDS, *computers.KINDS, *decor.KINDS),
    *(*furnishing.KINDS, *kitchen.KINDS, *watches.KINDS),
)
CATEGORIES: Final[tuple[str, ...]] = tuple(sorted({kind.category for kind in KINDS}))


def kinds_of(category: str) -> tuple[Kind, ...]:
    return tuple(kind for kind in KINDS if kind.category == category)
