"""Clothes, toys and care for babies."""

import numpy as np

from demo.products.colours import WHITE, Colour, darker, lighter
from demo.products.kind import Kind
from demo.products.look import Look
from demo.products.outlines import arc, box, curve, ellipse, heart, moved, polygon, smooth, star, turned
from demo.products.paints import rounded
from demo.products.pen import Pen

CATEGORY = "Baby Care"


def draw_bodysuit(pen: Pen, look: Look) -> None:
    right = [
        (0.2, -0.78),
        (0.44, -0.72),
        (0.95, -0.34),
        (0.78, -0.02),
        (0.5, -0.2),
        (0.52, 0.35),
        (0.5, 0.6),
        (0.2, 0.92),
    ]
    outline = np.array([*right, *((-x, y) for x, y in reversed(right))])
    pen.shadow(moved(outline, 0.04, 0.06), 0.35, 0.08)
    pen.fill(outline, look.cloth(pen.pose.size * 0.26))
    _soft_folds(pen, ((-0.3, -0.1, 0.6), (0.28, 0.0, 0.7)), look.main)
    for side in (-1, 1):
        pen.stroke(polygon((side * 0.95, -0.34), (side * 0.78, -0.02)), 0.05, look.accent)
        pen.stroke(curve([(side * 0.5, 0.6), (side * 0.34, 0.66), (side * 0.2, 0.92)]), 0.05, look.accent)
    pen.fill(ellipse(0, -0.76, 0.22, 0.12), darker(look.main, 0.45))
    pen.stroke(arc(0, -0.78, 0.22, 0.0, np.pi, 0.16), 0.06, look.accent)
    for x in (-0.1, 0.0, 0.1):
        pen.fill(ellipse(x, 0.86, 0.025, count=12), WHITE)
    _motif(pen, look, 0.0, 0.02, 0.24)


def draw_dress(pen: Pen, look: Look) -> None:
    half = look.between(0.78, 0.98)
    hem = [(half - 2 * half * step / 8, 0.86 + 0.06 * (step % 2)) for step in range(9)]
    skirt = np.array([(0.34, -0.05), (half, 0.82), *hem, (-half, 0.82), (-0.34, -0.05)])
    bodice = polygon((0.18, -0.82), (0.36, -0.7), (0.36, 0.0), (-0.36, 0.0), (-0.36, -0.7), (-0.18, -0.82), (0, -0.64))
    pen.shadow(moved(skirt, 0.05, 0.06), 0.35, 0.08)
    pen.fill(skirt, look.cloth(pen.pose.size * 0.24))
    for x in (-0.6, -0.2, 0.2, 0.6):
        fold = polygon((x * 0.35, 0.0), (x * half - 0.06, 0.86), (x * half + 0.06, 0.86))
        pen.fill(fold, darker(look.main, 0.6), 0.18)
    for side in (-1, 1):
        sleeve = smooth([(side * 0.3, -0.74), (side * 0.6, -0.66), (side * 0.62, -0.4), (side * 0.34, -0.42)])
        pen.fill(sleeve, rounded(look.accent))
    pen.fill(bodice, rounded(look.main))
    pen.fill(box(-0.37, -0.1, 0.37, 0.04, 0.03), look.accent)
    bow = pen.at(look.choose((0.0, 0.22)), -0.03)
    for side in (-1, 1):
        bow.fill(smooth([(0, 0), (side * 0.2, -0.12), (side * 0.22, 0.12)]), lighter(look.accent, 0.25))
    bow.fill(ellipse(0, 0, 0.05, count=16), darker(look.accent, 0.2))


def draw_baby_bottle(pen: Pen, look: Look) -> None:
    pen.shadow(ellipse(0.05, 1.02, 0.42, 0.09), 0.4, 0.1)
    pen.fill(
        turned(((0.06, -1.12), (0.12, -0.98), (0.11, -0.86), (0.26, -0.72), (0.28, -0.64))), rounded((236, 206, 160))
    )
    pen.fill(box(-0.33, -0.68, 0.33, -0.44, 0.05), rounded(look.main))
    profile = ((0.27, -0.46), (0.36, -0.3), (0.33, 0.15), (0.37, 0.6), (0.36, 0.95), (0.28, 1.03))
    pen.fill(turned(profile), rounded((222, 232, 238)))
    level = look.between(-0.1, 0.4)
    milk = tuple((x * 0.9, y) for x, y in ((0.335, level), (0.36, 0.6), (0.35, 0.9), (0.28, 0.98)))
    pen.fill(turned(milk), rounded((250, 246, 236)))
    pen.fill(ellipse(0, level, 0.3, 0.05), (255, 253, 246))
    for row in range(6):
        pen.stroke(polygon((0.08 if row % 2 else 0.0, 0.8 - 0.17 * row), (0.22, 0.8 - 0.17 * row)), 0.02, look.main)
    _motif(pen, look, -0.1, 0.35, 0.14)
    pen.fill(box(-0.29, -0.3, -0.23, 0.9, 0.03), (255, 255, 255), 0.6)


def draw_teddy(pen: Pen, look: Look) -> None:
    fur = look.choose(((176, 124, 76), (206, 164, 116), (140, 94, 60), look.main, (236, 222, 204)))
    snout = lighter(fur, 0.45)
    pen.shadow(ellipse(0, 0.95, 0.8, 0.12), 0.4, 0.1)
    for side in (-1, 1):
        pen.fill(ellipse(side * 0.4, -0.85, 0.2), rounded(fur))
        pen.fill(ellipse(side * 0.4, -0.85, 0.11), snout)
        pen.fill(
            smooth([(side * 0.4, -0.1), (side * 0.78, 0.1), (side * 0.82, 0.42), (side * 0.55, 0.3)]), rounded(fur)
        )
    pen.fill(ellipse(0, 0.35, 0.56, 0.6), rounded(fur))
    pen.fill(ellipse(0, 0.4, 0.34, 0.4), snout)
    for side in (-1, 1):
        pen.fill(ellipse(side * 0.48, 0.78, 0.28, 0.26), rounded(fur))
        pen.fill(ellipse(side * 0.5, 0.8, 0.15, 0.14), snout)
    pen.fill(ellipse(0, -0.5, 0.52, 0.47), rounded(fur))
    pen.fill(ellipse(0, -0.36, 0.23, 0.18), snout)
    pen.fill(smooth([(-0.08, -0.46), (0.08, -0.46), (0.0, -0.36)]), (44, 30, 28))
    pen.stroke(curve([(-0.1, -0.28), (0, -0.24), (0.1, -0.28)]), 0.022, (60, 40, 34))
    for side in (-1, 1):
        pen.fill(ellipse(side * 0.19, -0.58, 0.06), (34, 24, 24))
        pen.fill(ellipse(side * 0.19 - 0.02, -0.6, 0.02, count=10), WHITE)
    if look.chance(0.7):
        for side in (-1, 1):
            pen.fill(smooth([(0, -0.04), (side * 0.26, -0.16), (side * 0.26, 0.1)]), look.accent)
        pen.fill(ellipse(0, -0.03, 0.07), darker(look.accent, 0.3))


def draw_pacifier(pen: Pen, look: Look) -> None:
    pen.tube(arc(0, 0.55, 0.34, 0, 2 * np.pi), 0.11, look.accent)
    pen.shadow(ellipse(0.04, 0.08, 0.7, 0.42), 0.35, 0.08)
    pen.fill(turned(((0.14, -0.98), (0.24, -0.8), (0.14, -0.5), (0.2, -0.1))), rounded((238, 210, 168)))
    pen.fill(ellipse(-0.06, -0.8, 0.05, 0.1), (255, 255, 255), 0.6)
    shield = smooth(
        [(0, -0.28), (0.5, -0.36), (0.82, -0.06), (0.5, 0.34), (0, 0.26), (-0.5, 0.34), (-0.82, -0.06), (-0.5, -0.36)]
    )
    pen.fill(shield, rounded(look.main))
    for side in (-1, 1):
        pen.fill(ellipse(side * 0.52, 0.0, 0.1, 0.13), darker(look.main, 0.55))
    pen.fill(ellipse(0, 0.02, 0.24, 0.22), rounded(lighter(look.main, 0.4)))
    _motif(pen, look, 0, 0.02, 0.12)


def draw_rings(pen: Pen, look: Look) -> None:
    pen.shadow(ellipse(0, 0.92, 0.85, 0.12), 0.4, 0.1)
    pen.fill(box(-0.08, -0.9, 0.08, 0.8, 0.07), rounded((236, 214, 170)))
    colours: tuple[Colour, ...] = ((222, 66, 60), (240, 146, 52), (244, 206, 70), (94, 176, 92), (70, 134, 210))
    shift = int(look.between(0, 5))
    for row in range(5):
        half, y = 0.78 - 0.1 * row, 0.72 - 0.3 * row
        pen.fill(box(-half, y - 0.15, half, y + 0.15, 0.15), rounded(colours[(row + shift) % 5]))
        pen.fill(box(-half * 0.8, y - 0.11, half * 0.2, y - 0.07, 0.02), (255, 255, 255), 0.35)
    pen.fill(ellipse(0, -0.88, 0.2), rounded(colours[shift % 5]))


def _motif(pen: Pen, look: Look, x: float, y: float, size: float) -> None:
    drawn = look.choose(("heart", "star", "moon", "none"))
    if drawn == "heart":
        pen.fill(heart(x, y, size), look.accent)
    elif drawn == "star":
        pen.fill(star(x, y, size), look.accent)
    elif drawn == "moon":
        pen.fill(ellipse(x, y, size), look.accent)
        pen.fill(ellipse(x + size * 0.4, y - size * 0.2, size * 0.85), lighter(look.main, 0.05))


def _soft_folds(pen: Pen, folds: tuple[tuple[float, float, float], ...], colour: Colour) -> None:
    for x, top, bottom in folds:
        fold = smooth([(x, top), (x + 0.05, (top + bottom) / 2), (x, bottom), (x - 0.04, (top + bottom) / 2)])
        pen.fill(fold, darker(colour, 0.6), 0.15)


KINDS = (
    Kind(CATEGORY, "bodysuit", draw_bodysuit, ("Baby Bodysuit", "Baby Romper"), ("0 - 6 Months", "6 - 12 Months")),
    Kind(CATEGORY, "baby dress", draw_dress, ("Baby Girl's Dress", "Baby Frock"), ("1 - 2 Years", "Cotton")),
    Kind(CATEGORY, "baby bottle", draw_baby_bottle, ("Baby Feeding Bottle",), ("125 ml", "250 ml")),
    Kind(CATEGORY, "teddy bear", draw_teddy, ("Baby Teddy Bear", "Baby Soft Toy"), ("30 cm", "45 cm")),
    Kind(CATEGORY, "pacifier", draw_pacifier, ("Baby Pacifier", "Baby Soother"), ("BPA Free", "Pack of 2")),
    Kind(CATEGORY, "stacking rings", draw_rings, ("Baby Stacking Rings Toy",), ("Set of 5", "6 Months +")),
)
