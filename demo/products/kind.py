"""What a kind of product is: how it is drawn and called."""

from collections.abc import Callable
from dataclasses import dataclass

from demo.products.look import Look
from demo.products.pen import Pen


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of product of a category; ``nouns`` and ``details`` are what its titles choose from."""

    category: str
    name: str
    draw: Callable[[Pen, Look], None]
    nouns: tuple[str, ...]
    details: tuple[str, ...]
