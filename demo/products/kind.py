"""A kind of product."""

from collections.abc import Callable
from dataclasses import dataclass

from demo.products.look import Look
from demo.products.pen import Pen


@dataclass(frozen=True, slots=True)
class Kind:
    """How a kind of product is drawn; its titles choose from ``nouns`` and ``details``."""

    category: str
    name: str
    draw: Callable[[Pen, Look], None]
    nouns: tuple[str, ...]
    details: tuple[str, ...]
