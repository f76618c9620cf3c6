"""Make-up, scent and care."""

import numpy as np

from demo.products.colours import BLACK, GOLD, STEEL, WHITE, Colour, darker, lighter, mix
from demo.products.kind import Kind
from demo.products.look import Look
from demo.products.outlines import arc, box, curve, ellipse, polygon, turned
from demo.products.paints import Shading, lit, metal, rounded
from demo.products.pen import Pen

CATEGORY = "Beauty and Personal Care"


def draw_perfume(pen: Pen, look: Look) -> None:
    liquid = lighter(look.main, look.between(0.15, 0.5))
    pen.shadow(ellipse(0.06, 0.92, 0.7, 0.1), 0.4, 0.1)
    half = look.between(0.46, 0.64)
    if look.chance(0.5):
        outer, inner = box(-half, -0.38, half, 0.92, 0.12), box(-half + 0.08, -0.2, half - 0.08, 0.84, 0.08)
    else:
        profile = ((0.14, -0.42), (half, 0.0), (half + 0.08, 0.5), (half - 0.1, 0.9))
        outer = turned(profile)
        inner = turned(tuple((x * 0.84, y * 0.9 + 0.04) for x, y in profile))
    pen.fill(outer, Shading((darker(liquid, 0.25), lighter(liquid, 0.7), lighter(liquid, 0.4), darker(liquid, 0.3))))
    pen.fill(inner, Shading((darker(liquid, 0.12), lighter(liquid, 0.2), liquid, darker(liquid, 0.25))))
    pen.fill(box(-0.17, -0.56, 0.17, -0.36), metal(look.choose((GOLD, STEEL))))
    cap = look.choose((BLACK, GOLD, STEEL, look.accent))
    pen.fill(box(-0.26, -1.0, 0.26, -0.54, 0.05), metal(cap) if cap in (GOLD, STEEL) else rounded(cap))
    if look.chance(0.7):
        pen.fill(box(-0.28, 0.2, 0.28, 0.56, 0.02), WHITE, 0.85)
        _lines(pen, -0.2, 0.28, 0.4, 3)
    pen.fill(box(-half + 0.1, -0.2, -half + 0.17, 0.8, 0.03), (255, 255, 255), 0.5)


def draw_lipstick(pen: Pen, look: Look) -> None:
    shade = look.choose(((186, 30, 52), (212, 74, 96), (150, 28, 60), (226, 106, 84), (132, 48, 52)))
    tube = look.choose((BLACK, GOLD, STEEL, look.main))
    for x, is_open in look.choose(
        (((0.0, True),), ((-0.42, True), (0.45, False)), ((-0.55, True), (0.0, True), (0.55, True)))
    ):
        part = pen.at(x, 0, 0.95)
        part.shadow(ellipse(0.05, 0.98, 0.34, 0.07), 0.4, 0.08)
        part.fill(box(-0.25, 0.2, 0.25, 0.98, 0.04), metal(tube))
        if is_open:
            part.fill(box(-0.2, -0.12, 0.2, 0.22), metal(GOLD if tube != GOLD else STEEL))
            bullet = np.vstack(
                [
                    polygon((0.16, -0.1), (-0.16, -0.1), (-0.16, -0.5)),
                    curve([(-0.16, -0.5), (-0.05, -0.82), (0.12, -0.9), (0.16, -0.7)]),
                ]
            )
            part.fill(bullet, rounded(shade))
        else:
            part.fill(box(-0.26, -0.6, 0.26, 0.24, 0.06), metal(tube))
            part.fill(box(-0.26, 0.18, 0.26, 0.24), metal(GOLD if tube != GOLD else BLACK))
        shade = mix(shade, look.accent, 0.4)


def draw_tube(pen: Pen, look: Look) -> None:
    colour = look.choose((WHITE, look.main, lighter(look.main, 0.5)))
    pen.shadow(ellipse(0.04, 1.0, 0.4, 0.08), 0.4, 0.1)
    body = polygon((-0.46, -0.95), (0.46, -0.95), (0.46, -0.8), (0.36, 0.62), (-0.36, 0.62), (-0.46, -0.8))
    pen.fill(body, rounded(colour))
    pen.fill(box(-0.46, -0.98, 0.46, -0.84), darker(colour, 0.15))
    for x in np.arange(-0.42, 0.44, 0.06):
        pen.stroke(polygon((x, -0.97), (x, -0.85)), 0.012, darker(colour, 0.3))
    pen.fill(box(-0.3, 0.6, 0.3, 1.0, 0.05), rounded(look.choose((look.accent, WHITE, GOLD))))
    _label(pen, look, look.accent if colour != WHITE else look.main, -0.55, 0.3)


def draw_nail_polish(pen: Pen, look: Look) -> None:
    shades: tuple[Colour, ...] = (look.main, look.accent, mix(look.main, look.accent, 0.5))
    places = look.choose(((0.0,), (-0.4, 0.4), (-0.7, 0.0, 0.7)))
    for x, shade in zip(places, shades, strict=False):
        part = pen.at(x, 0.1, 1.0 if len(places) < 3 else 0.85)
        part.shadow(ellipse(0.05, 0.82, 0.42, 0.08), 0.4, 0.08)
        cap = turned(((0.13, -0.95), (0.16, -0.5), (0.18, -0.05)))
        part.fill(cap, rounded(look.choose((BLACK, BLACK, WHITE, GOLD))))
        part.fill(turned(((0.2, -0.06), (0.36, 0.12), (0.38, 0.5), (0.32, 0.82))), rounded(lighter(shade, 0.35)))
        part.fill(turned(((0.16, 0.06), (0.3, 0.2), (0.31, 0.5), (0.27, 0.74))), rounded(shade))
        part.fill(box(-0.24, 0.2, -0.18, 0.65, 0.03), (255, 255, 255), 0.55)


def draw_pump_bottle(pen: Pen, look: Look) -> None:
    colour = look.choose((look.main, WHITE, lighter(look.main, 0.4)))
    half = look.between(0.36, 0.46)
    pen.shadow(ellipse(0.06, 1.0, half + 0.1, 0.09), 0.4, 0.1)
    pump = look.choose((WHITE, BLACK, look.accent))
    pen.fill(box(-0.05, -0.95, 0.05, -0.6), rounded(pump))
    pen.fill(polygon((0.1, -1.02), (-0.42, -1.02), (-0.46, -0.9), (-0.4, -0.88), (0.1, -0.9)), lit(pump))
    pen.fill(box(-0.18, -0.7, 0.18, -0.5, 0.03), rounded(pump))
    shoulder = ((0.16, -0.52), (half, -0.3), (half, 0.2), (half, 0.92), (half - 0.08, 1.0))
    pen.fill(turned(shoulder), rounded(colour))
    _label(pen, look, look.accent, -0.1, 0.72)
    pen.fill(box(-half + 0.06, -0.2, -half + 0.12, 0.85, 0.03), (255, 255, 255), 0.4)


def draw_compact(pen: Pen, look: Look) -> None:
    case = look.choose((BLACK, GOLD, look.main, (226, 190, 184)))
    pen.shadow(ellipse(0.04, 0.52, 0.8, 0.46), 0.4, 0.1)
    pen.fill(ellipse(0, -0.5, 0.66, 0.6), metal(case))
    pen.fill(ellipse(0, -0.5, 0.57, 0.51), Shading(((196, 212, 222), (238, 246, 250), (172, 190, 204))))
    pen.fill(polygon((-0.3, -0.9), (-0.1, -0.98), (0.25, -0.1), (0.05, -0.05)), (255, 255, 255), 0.4)
    pen.fill(box(-0.2, 0.02, 0.2, 0.12), darker(case, 0.4))
    pen.fill(ellipse(0, 0.55, 0.74, 0.5), darker(case, 0.35))
    pen.fill(ellipse(0, 0.5, 0.74, 0.5), metal(case))
    powders = (lighter(look.main, 0.35), (226, 176, 148), lighter(look.accent, 0.3), (208, 140, 130))
    for number, powder in enumerate(powders if look.chance(0.5) else ((228, 184, 152),) * 4):
        start = number * np.pi / 2 + 0.03
        wedge = np.vstack([[(0.0, 0.5)], arc(0, 0.5, 0.6, start, start + np.pi / 2 - 0.06, 0.38)])
        pen.fill(wedge, lit(powder))


def _label(pen: Pen, look: Look, colour: Colour, top: float, bottom: float) -> None:
    pen.fill(box(-0.27, top, 0.27, bottom, 0.03), lit(colour))
    ink = WHITE if sum(colour) < 400 else BLACK
    _lines(pen, -0.2, top + 0.1, 0.4, 2, ink)
    if look.chance(0.5):
        pen.fill(ellipse(0, bottom - 0.16, 0.1), lighter(colour, 0.6))


def _lines(pen: Pen, left: float, top: float, width: float, count: int, ink: Colour = BLACK) -> None:
    for row in range(count):
        pen.fill(box(left + 0.04 * row, top + 0.09 * row, left + width - 0.04 * row, top + 0.09 * row + 0.04), ink)


KINDS = (
    Kind(CATEGORY, "perfume", draw_perfume, ("Eau de Toilette", "Perfume"), ("100 ml", "50 ml")),
    Kind(CATEGORY, "lipstick", draw_lipstick, ("Lipstick", "Matte Lipstick"), ("4 g", "Long Lasting")),
    Kind(CATEGORY, "cream tube", draw_tube, ("Face Wash", "Hand Cream"), ("100 g", "75 ml")),
    Kind(CATEGORY, "nail polish", draw_nail_polish, ("Nail Polish", "Nail Lacquer"), ("9 ml", "Glossy")),
    Kind(CATEGORY, "pump bottle", draw_pump_bottle, ("Shampoo", "Body Lotion"), ("200 ml", "400 ml")),
    Kind(CATEGORY, "compact", draw_compact, ("Compact Powder", "Eye Shadow"), ("9 g", "With Mirror")),
)
