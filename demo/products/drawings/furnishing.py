"""Fabrics of the home."""

import numpy as np

from demo.products.colours import CREAM, GOLD, STEEL, WHITE, WOOD, darker, lighter, mix
from demo.products.kind import Kind
from demo.products.look import Look
from demo.products.outlines import arc, box, curve, ellipse, moved, polygon, smooth
from demo.products.paints import Shading, lit, metal, rounded
from demo.products.pen import Pen

CATEGORY = "Home Furnishing"


def draw_curtains(pen: Pen, look: Look) -> None:
    if look.chance(0.7):
        pen.fill(box(-0.62, -0.8, 0.62, 0.75), Shading(((206, 226, 240), (240, 244, 240)), downwards=True))
        for x in (-0.62, 0.0, 0.62):
            pen.stroke(polygon((x, -0.8), (x, 0.75)), 0.05, WHITE)
    gap = look.between(0.05, 0.4)
    for side in (-1, 1):
        near, far = sorted((side * gap, side * 0.98))
        hem = [(near + (far - near) * step / 6, 0.98 + 0.03 * (step % 2)) for step in range(7)]
        panel = np.array([(near, -0.9), (far, -0.9), *reversed(hem)])
        pen.fill(panel, look.cloth(pen.pose.size * 0.3))
        folds = 5
        for fold in range(folds):
            left = near + (far - near) * fold / folds
            width = (far - near) / folds
            dark = polygon((left, -0.9), (left + width * 0.45, -0.9), (left + width * 0.4, 1.0), (left, 1.0))
            pen.fill(dark, darker(look.main, 0.7), 0.24)
            light = polygon(
                (left + width * 0.6, -0.9),
                (left + width * 0.85, -0.9),
                (left + width * 0.85, 1.0),
                (left + width * 0.6, 1.0),
            )
            pen.fill(light, (255, 255, 255), 0.14)
            pen.fill(ellipse(left + width / 2, -0.91, 0.045), metal(STEEL))
    pen.tube(polygon((-1.12, -0.92), (1.12, -0.92)), 0.06, look.choose((WOOD, GOLD, (70, 66, 64))))
    for x in (-1.14, 1.14):
        pen.fill(ellipse(x, -0.92, 0.08), rounded(WOOD))


def draw_cushion(pen: Pen, look: Look) -> None:
    places = look.choose(
        (
            ((0.0, 0.0, 0.95),),
            ((-0.42, -0.1, 0.68), (0.42, 0.15, 0.66)),
            ((-0.5, 0.2, 0.55), (0.1, -0.2, 0.58), (0.6, 0.3, 0.5)),
        )
    )
    for x, y, size in places:
        part = pen.at(x, y, size, look.between(-0.25, 0.25))
        puffy = smooth(
            [(-0.92, -0.9), (0, -0.76), (0.92, -0.9), (0.8, 0), (0.92, 0.9), (0, 0.78), (-0.92, 0.9), (-0.8, 0)], 12
        )
        part.shadow(moved(puffy * 0.96, 0.05, 0.1), 0.4, 0.12)
        part.fill(puffy, look.cloth(part.pose.size * 0.4))
        part.fill(
            smooth([(-0.8, 0.7), (0, 0.45), (0.8, 0.7), (0.86, 0.86), (0, 0.76), (-0.86, 0.86)]), (20, 16, 26), 0.16
        )
        part.fill(ellipse(-0.2, -0.25, 0.5, 0.42), (255, 255, 255), 0.12)
        part.stroke(np.vstack([puffy, puffy[:1]]), 0.03, darker(look.main, 0.3))


def draw_bed(pen: Pen, look: Look) -> None:
    wood = look.choose((WOOD, darker(WOOD, 0.45), (226, 222, 214)))
    pen.fill(box(-1.05, -0.85, 1.05, 0.1, 0.08), lit(wood))
    pen.fill(box(-0.92, -0.72, 0.92, 0.1, 0.05), lit(darker(wood, 0.15)))
    pen.shadow(polygon((-1.2, 0.75), (1.2, 0.75), (1.25, 0.95), (-1.25, 0.95)), 0.4, 0.08)
    for x in (-0.5, 0.5):
        pillow = smooth([(x - 0.4, -0.3), (x, -0.38), (x + 0.4, -0.3), (x + 0.36, 0.08), (x, 0.1), (x - 0.36, 0.08)])
        pen.fill(pillow, look.cloth(pen.pose.size * 0.22) if look.chance(0.7) else lit(lighter(look.main, 0.6)))
        pen.fill(ellipse(x, 0.02, 0.32, 0.07), (20, 16, 26), 0.14)
    pen.fill(polygon((-0.98, 0.02), (0.98, 0.02), (1.2, 0.55), (-1.2, 0.55)), look.cloth(pen.pose.size * 0.26))
    pen.fill(polygon((-0.98, 0.02), (0.98, 0.02), (1.02, 0.12), (-1.02, 0.12)), look.accent)
    pen.fill(polygon((-1.2, 0.55), (1.2, 0.55), (1.17, 0.9), (-1.17, 0.9)), look.cloth(pen.pose.size * 0.26))
    pen.fill(polygon((-1.2, 0.55), (1.2, 0.55), (1.17, 0.9), (-1.17, 0.9)), (20, 16, 26), 0.22)
    for x in np.arange(-1.0, 1.05, 0.25):
        pen.stroke(curve([(x, 0.58), (x * 0.99, 0.74), (x * 0.985, 0.89)]), 0.015, darker(look.main, 0.5))


def draw_towels(pen: Pen, look: Look) -> None:
    pen.shadow(box(-0.85, 0.7, 0.9, 0.92, 0.1), 0.4, 0.1)
    count = int(look.between(2, 5.9))
    height = min(0.42, 1.5 / count)
    for number in range(count):
        bottom = 0.85 - number * height
        colour = mix(look.main, look.accent, number / count) if look.chance(0.8) else look.main
        half = 0.82 - 0.015 * number
        pen.fill(box(-half, bottom - height, half, bottom, height * 0.45), lit(colour))
        pen.stroke(
            polygon((-half + 0.1, bottom - height / 2), (half - 0.03, bottom - height / 2)), 0.02, darker(colour, 0.4)
        )
        pen.fill(box(half - 0.42, bottom - height, half - 0.32, bottom - height / 2), lighter(colour, 0.5))
        pen.stroke(arc(-half + height * 0.3, bottom - height / 2, height * 0.22, 1.6, 4.7), 0.02, darker(colour, 0.4))


def draw_rug(pen: Pen, look: Look) -> None:
    outer = polygon((-0.78, -0.5), (0.78, -0.5), (1.12, 0.62), (-1.12, 0.62))
    pen.shadow(moved(outer, 0.02, 0.05), 0.35, 0.05)
    for side, y, half in ((-1, -0.5, 0.78), (1, 0.62, 1.12)):
        for x in np.linspace(-half, half, 34):
            pen.stroke(polygon((x, y), (x * 1.01, y + side * 0.07)), 0.014, CREAM)
    pen.fill(outer, lit(look.main))
    pen.fill(moved(outer * (0.86, 0.84), 0, 0.01), lit(look.accent))
    pen.fill(moved(outer * (0.78, 0.75), 0, 0.015), look.cloth(pen.pose.size * 0.3))
    if look.chance(0.6):
        for size, colour in ((0.42, look.accent), (0.32, look.main), (0.16, lighter(look.accent, 0.4))):
            pen.fill(polygon((0, -size * 0.75), (size, 0.03), (0, size * 0.85), (-size, 0.03)), colour)


def draw_blanket(pen: Pen, look: Look) -> None:
    """A folded blanket, its corner turned back."""
    pen.shadow(box(-0.9, 0.3, 0.95, 0.88, 0.05), 0.4, 0.1)
    for layer in range(3):
        y = 0.75 - 0.1 * layer
        pen.fill(box(-0.92, y - 0.14, 0.92, y + 0.06, 0.09), lit(darker(look.main, 0.15 + 0.06 * (layer % 2))))
    pen.fill(polygon((-0.72, -0.6), (0.72, -0.6), (0.92, 0.5), (-0.92, 0.5)), look.cloth(pen.pose.size * 0.34))
    pen.fill(polygon((0.1, 0.5), (0.92, 0.5), (0.82, -0.05)), lit(look.accent))
    pen.stroke(polygon((0.1, 0.5), (0.82, -0.05)), 0.02, darker(look.accent, 0.4))
    pen.stroke(polygon((-0.72, -0.6), (0.72, -0.6)), 0.03, lighter(look.main, 0.35))


KINDS = (
    Kind(CATEGORY, "curtains", draw_curtains, ("Door Curtain", "Window Curtains"), ("Pack of 2", "7 ft")),
    Kind(CATEGORY, "cushion", draw_cushion, ("Cushion Cover", "Cushions Cover"), ("40 x 40 cm", "Pack of 5")),
    Kind(CATEGORY, "bedsheet", draw_bed, ("Double Bedsheet", "Cotton Bedsheet"), ("King Size", "2 Pillow Covers")),
    Kind(CATEGORY, "towels", draw_towels, ("Bath Towel", "Cotton Towel Set"), ("Set of 4", "Terry")),
    Kind(CATEGORY, "rug", draw_rug, ("Carpet", "Floor Rug"), ("4 x 6 ft", "Anti-slip")),
    Kind(CATEGORY, "blanket", draw_blanket, ("Fleece Blanket", "AC Blanket"), ("Single", "Double")),
)
