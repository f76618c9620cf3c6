"""The look of one product: its colours, its material, and random variation."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from demo.products.colours import COLOURS, Colour
from demo.products.paints import PATTERNS, Paint, Pattern, lit

T = TypeVar("T")


@dataclass(frozen=True, eq=False)
class Look:
    """The colours and their names, and the random source of all other variation."""

    rng: np.random.Generator
    colour_name: str
    main: Colour
    accent: Colour
    print_name: str

    def chance(self, share: float) -> bool:
        return bool(self.rng.random() < share)

    def between(self, low: float, high: float) -> float:
        return float(self.rng.uniform(low, high))

    def choose(self, options: Sequence[T]) -> T:
        return options[int(self.rng.integers(len(options)))]

    def cloth(self, size: float) -> Paint:
        """The print of a fabric, its period in proportion to ``size`` in pixels; plain fabrics are only lit."""
        if self.print_name == "Plain":
            return lit(self.main)
        return Pattern(self.main, self.accent, _jitter(self.rng, self.accent, 50), self.print_name, max(round(size), 8))


def draw_look(rng: np.random.Generator) -> Look:
    """A random look: two distinguishable colours, and possibly a print."""
    names = list(COLOURS)
    first, second = rng.choice(len(names), size=2, replace=False)
    main, accent = (_jitter(rng, COLOURS[names[number]], 14) for number in (first, second))
    if sum(abs(a - b) for a, b in zip(main, accent, strict=True)) < 150:
        accent = (246, 244, 238) if sum(main) < 420 else (60, 62, 84)
    print_name = str(rng.choice(["Plain", *PATTERNS], p=[0.28, *[0.12] * len(PATTERNS)]))
    return Look(rng, names[int(first)], main, accent, print_name)


def _jitter(rng: np.random.Generator, colour: Colour, reach: int) -> Colour:
    red, green, blue = np.clip(np.array(colour) + rng.integers(-reach, reach + 1, 3), 0, 255).tolist()
    return red, green, blue
