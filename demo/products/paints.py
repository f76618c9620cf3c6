"""Fills of outlines: one colour, a shading, or a printed pattern."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from PIL import Image, ImageDraw

from demo.products.colours import Colour, darker, lighter


@dataclass(frozen=True)
class Shading:
    """A gradient of colours, from left to right or from top to bottom."""

    colours: tuple[Colour, ...]
    downwards: bool = False

    def render(self, width: int, height: int) -> Image.Image:
        length = height if self.downwards else width
        places = np.linspace(0, len(self.colours) - 1, length)
        stops = np.array(self.colours, dtype=np.float64)
        channels = [np.interp(places, np.arange(len(stops)), stops[:, channel]) for channel in range(3)]
        line = np.stack(channels, axis=1).round().astype(np.uint8)[None]  # (1, length, 3)
        image = Image.fromarray(line.transpose(1, 0, 2).copy() if self.downwards else line)
        return image.resize((width, height), Image.Resampling.NEAREST)


@dataclass(frozen=True)
class Pattern:
    """A print: ``draw`` puts it on a square image of the ground's colour; ``cell`` is its period in pixels."""

    ground: Colour
    ink: Colour
    second_ink: Colour
    kind: str
    cell: int

    def render(self, width: int, height: int) -> Image.Image:
        image = Image.new("RGB", (width, height), self.ground)
        PATTERNS[self.kind](ImageDraw.Draw(image), self, width, height)
        return image


Paint = Colour | Shading | Pattern


def rounded(colour: Colour) -> Shading:
    """A cylinder lit from the upper left."""
    return Shading(
        (darker(colour, 0.28), colour, lighter(colour, 0.38), colour, darker(colour, 0.18), darker(colour, 0.42))
    )


def metal(colour: Colour) -> Shading:
    """A polished cylinder."""
    light, dark = lighter(colour, 0.65), darker(colour, 0.45)
    return Shading((dark, colour, light, colour, dark, colour, lighter(colour, 0.3), dark))


def lit(colour: Colour) -> Shading:
    """A flat surface lit from above."""
    return Shading((lighter(colour, 0.22), colour, darker(colour, 0.16)), downwards=True)


def _stripes(draw: ImageDraw.ImageDraw, pattern: Pattern, width: int, height: int) -> None:
    for x in range(0, width, pattern.cell):
        draw.rectangle((x, 0, x + pattern.cell // 2, height), fill=pattern.ink)
        draw.rectangle((x + pattern.cell * 3 // 4, 0, x + pattern.cell * 3 // 4 + 2, height), fill=pattern.second_ink)


def _bands(draw: ImageDraw.ImageDraw, pattern: Pattern, width: int, height: int) -> None:
    for y in range(0, height, pattern.cell):
        draw.rectangle((0, y, width, y + pattern.cell // 3), fill=pattern.ink)
        draw.rectangle((0, y + pattern.cell // 2, width, y + pattern.cell // 2 + 3), fill=pattern.second_ink)


def _checks(draw: ImageDraw.ImageDraw, pattern: Pattern, width: int, height: int) -> None:
    half = max(pattern.cell // 2, 2)
    for row, y in enumerate(range(0, height, half)):
        for x in range(row % 2 * half, width, 2 * half):
            draw.rectangle((x, y, x + half, y + half), fill=pattern.ink if row % 4 else pattern.second_ink)


def _dots(draw: ImageDraw.ImageDraw, pattern: Pattern, width: int, height: int) -> None:
    radius = pattern.cell * 0.22
    for row, y in enumerate(range(pattern.cell // 2, height + pattern.cell, pattern.cell)):
        for x in range(pattern.cell // 2 - row % 2 * pattern.cell // 2, width + pattern.cell, pattern.cell):
            fill = pattern.ink if (x // pattern.cell + row) % 3 else pattern.second_ink
            draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=fill)


def _flowers(draw: ImageDraw.ImageDraw, pattern: Pattern, width: int, height: int) -> None:
    petal = pattern.cell * 0.17
    for row, y in enumerate(range(0, height + pattern.cell, pattern.cell)):
        for x in range(-(row % 2) * pattern.cell // 2, width + pattern.cell, pattern.cell):
            draw.line((x, y, x + petal, y + 3.2 * petal), fill=darker(pattern.second_ink, 0.3), width=3)
            for angle in np.arange(5) * 2 * np.pi / 5 + row:
                px, py = x + petal * 1.25 * np.cos(angle), y + petal * 1.25 * np.sin(angle)
                draw.ellipse((px - petal, py - petal, px + petal, py + petal), fill=pattern.ink)
            core = petal * 0.7
            draw.ellipse((x - core, y - core, x + core, y + core), fill=pattern.second_ink)


def _zigzag(draw: ImageDraw.ImageDraw, pattern: Pattern, width: int, height: int) -> None:
    half = max(pattern.cell // 2, 2)
    for row, y in enumerate(range(-half, height + pattern.cell, half + 4)):
        points = [(x, y + (half if i % 2 else 0)) for i, x in enumerate(range(-half, width + pattern.cell, half))]
        draw.line(points, fill=pattern.ink if row % 2 else pattern.second_ink, width=max(pattern.cell // 7, 2))


PATTERNS: Final[dict[str, Callable[[ImageDraw.ImageDraw, Pattern, int, int], None]]] = {
    "Striped": _stripes,
    "Banded": _bands,
    "Checkered": _checks,
    "Polka Dot": _dots,
    "Floral": _flowers,
    "Zigzag": _zigzag,
}
