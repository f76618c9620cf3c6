"""Things to cook, eat and drink with."""

import numpy as np

from demo.products.colours import BLACK, STEEL, WHITE, Colour, darker, lighter
from demo.products.kind import Kind
from demo.products.look import Look
from demo.products.outlines import arc, box, curve, ellipse, heart, moved, polygon, star, turned
from demo.products.paints import Shading, lit, metal, rounded
from demo.products.pen import Pen

CATEGORY = "Kitchen & Dining"


def draw_mug(pen: Pen, look: Look) -> None:
    colour = look.choose((WHITE, WHITE, look.main, look.main))
    side = look.choose((-1, 1))
    pen.shadow(ellipse(0.08, 0.78, 0.75, 0.12), 0.4, 0.1)
    handle = arc(side * 0.58, 0.02, 0.36, -1.35, 1.35, 0.4) if side > 0 else arc(-0.58, 0.02, 0.36, 1.8, 4.5, 0.4)
    pen.tube(handle, 0.14, colour)
    foot = look.between(0.46, 0.6)
    pen.fill(turned(((0.62, -0.72), (0.62, -0.2), (0.6, 0.4), (foot, 0.76), (foot - 0.1, 0.82))), rounded(colour))
    pen.fill(ellipse(0, -0.72, 0.62, 0.13), lighter(colour, 0.5))
    pen.fill(ellipse(0, -0.7, 0.55, 0.1), darker(look.choose((colour, (86, 52, 30))), 0.35))
    ink = look.accent if colour is not WHITE else look.main
    motif = look.choose(("heart", "star", "bands", "dots", "none"))
    if motif == "heart":
        pen.fill(heart(-0.02, 0.02, 0.3), ink)
    elif motif == "star":
        pen.fill(star(0, 0, 0.34), ink)
    elif motif == "bands":
        for y in (-0.3, 0.35):
            band = np.vstack([arc(0, y, 0.61, np.pi, 0, 0.1), arc(0, y + 0.14, 0.61, 0, np.pi, 0.1)])
            pen.fill(band, rounded(ink))
    elif motif == "dots":
        for x, y in ((-0.3, -0.3), (0.25, -0.1), (-0.15, 0.2), (0.3, 0.4), (-0.38, 0.5)):
            pen.fill(ellipse(x, y, 0.1), ink)
    pen.fill(box(-0.5, -0.5, -0.42, 0.5, 0.04), (255, 255, 255), 0.3)


def draw_pan(pen: Pen, look: Look) -> None:
    colour = look.choose((BLACK, look.main, (72, 74, 80)))
    pen.shadow(ellipse(-0.2, 0.16, 0.8, 0.62), 0.4, 0.1)
    pen.fill(box(0.4, -0.1, 1.45, 0.1, 0.09), lit(look.choose((BLACK, (122, 78, 46)))))
    pen.fill(ellipse(1.32, 0, 0.045, 0.035), lighter(colour, 0.7))
    pen.fill(box(0.42, -0.07, 0.66, 0.07), metal(STEEL))
    pen.fill(ellipse(-0.25, 0, 0.82, 0.72), rounded(colour))
    pen.fill(ellipse(-0.25, 0, 0.76, 0.66), darker(colour, 0.5))
    inside = look.choose(((52, 52, 56), (60, 60, 66), (150, 154, 160)))
    pen.fill(ellipse(-0.25, 0.03, 0.68, 0.58), Shading((darker(inside, 0.3), lighter(inside, 0.18), inside)))
    for radius in (0.5, 0.36, 0.22):
        pen.stroke(ellipse(-0.25, 0.03, radius, radius * 0.85), 0.008, lighter(inside, 0.12))
    if look.chance(0.3):
        pen.fill(ellipse(-0.3, 0.05, 0.36, 0.28), (250, 248, 240))
        pen.fill(ellipse(-0.27, 0.04, 0.14, 0.12), (244, 184, 60))
    pen.fill(arc(-0.25, 0, 0.72, 3.4, 4.4, 0.62), (255, 255, 255), 0.12)


def draw_pot(pen: Pen, look: Look) -> None:
    colour = look.choose((STEEL, STEEL, look.main))
    pen.shadow(ellipse(0, 0.74, 0.95, 0.14), 0.4, 0.1)
    for side in (-1, 1):
        handle = curve([(side * 0.76, -0.16), (side * 1.06, -0.18), (side * 1.06, 0.06), (side * 0.76, 0.06)])
        pen.tube(handle, 0.11, look.choose((BLACK, STEEL)))
    height = look.between(0.55, 0.78)
    body = ((0.8, -0.3), (0.8, 0.1), (0.78, height - 0.08), (0.66, height))
    pen.fill(turned(body), metal(colour) if colour == STEEL else rounded(colour))
    pen.fill(turned(((0.1, -0.62), (0.5, -0.54), (0.82, -0.36), (0.84, -0.28))), rounded(lighter(colour, 0.15)))
    pen.fill(box(-0.86, -0.33, 0.86, -0.25, 0.04), metal(STEEL))
    pen.fill(turned(((0.07, -0.66), (0.07, -0.6))), BLACK)
    pen.fill(ellipse(0, -0.72, 0.16, 0.09), rounded(BLACK))
    pen.fill(box(-0.6, -0.1, -0.5, height - 0.15, 0.05), (255, 255, 255), 0.3)


def draw_plate(pen: Pen, look: Look) -> None:
    colour = look.choose((WHITE, WHITE, lighter(look.main, 0.55)))
    pen.shadow(ellipse(0.04, 0.08, 0.92, 0.88), 0.35, 0.08)
    pen.fill(ellipse(0, 0, 0.92, 0.88), Shading((darker(colour, 0.04), colour, darker(colour, 0.2))))
    if look.chance(0.6):
        pen.stroke(ellipse(0, 0, 0.84, 0.8), 0.04, look.main)
        for angle in np.arange(18) * np.pi / 9:
            pen.fill(ellipse(0.74 * np.cos(angle), 0.7 * np.sin(angle), 0.05, count=12), look.accent)
    pen.fill(ellipse(0, 0, 0.62, 0.59), darker(colour, 0.12))
    pen.fill(ellipse(0.01, 0.015, 0.6, 0.57), Shading((darker(colour, 0.1), colour, colour)))
    if look.chance(0.5):
        _fork(pen.at(-1.15, 0), look.choose((STEEL, STEEL, (196, 164, 96))))
        knife = turned(((0.05, -0.8), (0.08, -0.4), (0.07, 0.1), (0.04, 0.15), (0.06, 0.8)))
        pen.fill(moved(knife, 1.15, 0), metal(STEEL))


def draw_flask(pen: Pen, look: Look) -> None:
    colour = look.choose((STEEL, look.main, look.main))
    half = look.between(0.3, 0.4)
    pen.shadow(ellipse(0.05, 1.03, half + 0.12, 0.1), 0.45, 0.1)
    neck = ((0.2, -0.72), (0.22, -0.62), (half, -0.4), (half, 0.2), (half, 0.95), (half - 0.06, 1.05))
    pen.fill(turned(neck), metal(colour) if colour == STEEL else rounded(colour))
    pen.fill(box(-0.24, -1.05, 0.24, -0.68, 0.06), rounded(look.choose((BLACK, look.accent, STEEL))))
    for y in (-0.98, -0.9, -0.82):
        pen.stroke(polygon((-0.23, y), (0.23, y)), 0.012, BLACK)
    if look.chance(0.6):
        pen.fill(box(-half, 0.0, half, 0.45), rounded(look.accent))
        pen.fill(box(-0.16, 0.16, 0.16, 0.24), WHITE)
    pen.fill(box(-half + 0.08, -0.3, -half + 0.14, 0.9, 0.03), (255, 255, 255), 0.35)


def draw_bowls(pen: Pen, look: Look) -> None:
    for number, (x, y) in enumerate(((-0.5, -0.25), (0.55, -0.2), (0.0, 0.3))):
        colour = (look.main, look.accent, look.main)[number]
        pen.shadow(ellipse(x + 0.03, y + 0.42, 0.42, 0.1), 0.4, 0.08)
        bowl = turned(((0.56, -0.1), (0.5, 0.2), (0.26, 0.42), (0.24, 0.46)))
        pen.fill(moved(bowl, x, y), rounded(colour))
        pen.fill(ellipse(x, y - 0.1, 0.56, 0.15), lighter(colour, 0.45))
        pen.fill(ellipse(x, y - 0.085, 0.5, 0.12), darker(lighter(colour, 0.2), 0.25))


def _fork(pen: Pen, colour: Colour) -> None:
    pen.fill(turned(((0.035, -0.2), (0.03, 0.2), (0.06, 0.8))), metal(colour))
    pen.fill(turned(((0.1, -0.42), (0.09, -0.28), (0.03, -0.16))), metal(colour))
    for x in (-0.09, -0.03, 0.03, 0.09):
        pen.stroke(polygon((x, -0.78), (x, -0.36)), 0.03, colour)


KINDS = (
    Kind(CATEGORY, "mug", draw_mug, ("Ceramic Mug", "Coffee Mug"), ("350 ml", "325 ml")),
    Kind(CATEGORY, "frying pan", draw_pan, ("Frying Pan", "Non Stick Pan"), ("24 cm", "Induction Base")),
    Kind(CATEGORY, "pot", draw_pot, ("Cooking Pot with Lid", "Casserole"), ("3 L", "5 L")),
    Kind(CATEGORY, "plate", draw_plate, ("Dinner Plate", "Ceramic Plate"), ("Pack of 2", "Set of 6")),
    Kind(CATEGORY, "flask", draw_flask, ("Steel Water Bottle", "Vacuum Flask"), ("500 ml", "1 L")),
    Kind(CATEGORY, "bowls", draw_bowls, ("Bowl Set", "Serving Bowls"), ("Set of 3",)),
)
