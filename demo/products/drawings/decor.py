"""Things that only decorate, and light."""

import numpy as np

from demo.products.colours import BLACK, CREAM, GOLD, LEAF, WHITE, WOOD, Colour, darker, lighter, mix
from demo.products.kind import Kind
from demo.products.look import Look
from demo.products.outlines import box, curve, ellipse, polygon, smooth, turned
from demo.products.paints import Shading, lit, metal, rounded
from demo.products.pen import Pen

CATEGORY = "Home Decor & Festive Needs"
_SKIES: tuple[tuple[Colour, ...], ...] = (
    ((92, 150, 214), (214, 232, 244)),
    ((58, 44, 92), (226, 112, 92), (250, 206, 130)),
    ((150, 190, 200), (246, 240, 220)),
)


def draw_vase(pen: Pen, look: Look) -> None:
    pen.shadow(ellipse(0.04, 0.98, 0.48, 0.09), 0.4, 0.1)
    for _ in range(int(look.between(3, 7.9))):
        x, y = look.between(-0.62, 0.62), look.between(-1.15, -0.55)
        pen.stroke(curve([(0.1 * x, -0.05), (0.4 * x, -0.4), (x, y)]), 0.03, darker(LEAF, look.between(0, 0.3)))
        leaf = smooth([(0.4 * x, -0.4), (0.4 * x + 0.2, -0.52), (0.4 * x + 0.26, -0.4), (0.4 * x + 0.12, -0.34)])
        pen.fill(leaf, lighter(LEAF, look.between(0, 0.25)))
        _flower(pen.at(x, y, look.between(0.16, 0.25)), look.choose((look.accent, lighter(look.accent, 0.3))))
    neck, belly = look.between(0.12, 0.24), look.between(0.34, 0.5)
    profile = ((neck + 0.07, -0.22), (neck, -0.08), (belly, 0.35), (belly * 0.85, 0.7), (belly * 0.55, 0.98))
    pen.fill(turned(profile), rounded(look.main))
    if look.chance(0.5):
        pen.fill(turned(((belly * 0.97, 0.3), (belly * 0.99, 0.4), (belly * 0.96, 0.5)), 4), rounded(look.accent))
    pen.fill(ellipse(-belly * 0.5, 0.35, 0.05, 0.2), (255, 255, 255), 0.4)


def draw_painting(pen: Pen, look: Look) -> None:
    half, high = (0.9, 0.66) if look.chance(0.55) else (0.66, 0.9)
    pen.shadow(box(-half + 0.05, -high + 0.08, half + 0.08, high + 0.1), 0.4, 0.08)
    pen.fill(box(-half, -high, half, high), lit(look.choose((WOOD, BLACK, GOLD, WHITE, darker(WOOD, 0.4)))))
    pen.fill(box(-half + 0.08, -high + 0.08, half - 0.08, high - 0.08), look.choose((WHITE, CREAM)))
    left, top = -half + 0.2, -high + 0.2
    pen.fill(box(left, top, -left, -top), Shading(look.choose(_SKIES), downwards=True))
    if look.chance(0.6):
        pen.fill(ellipse(look.between(left + 0.2, -left - 0.2), top * 0.5, 0.12), (255, 236, 170))
        for share, colour in ((0.1, mix(look.main, WHITE, 0.35)), (0.4, look.main), (0.7, darker(look.main, 0.45))):
            ridge = [(left + (-2 * left) * step / 5, -top * share + look.between(-0.16, 0.1)) for step in range(6)]
            pen.fill(
                np.vstack([curve(ridge).clip([left, top], [-left, -top]), polygon((-left, -top), (left, -top))]), colour
            )
    else:
        for _ in range(7):
            x, y = look.between(left + 0.15, -left - 0.15), look.between(top + 0.15, -top - 0.15)
            colour = look.choose((look.main, look.accent, WHITE, darker(look.accent, 0.4)))
            pen.fill(ellipse(x, y, look.between(0.05, 0.15)), colour)


def draw_wall_clock(pen: Pen, look: Look) -> None:
    pen.shadow(ellipse(0.06, 0.1, 0.95), 0.35, 0.1)
    frame = look.choose((WOOD, look.main, BLACK, GOLD))
    if look.chance(0.25):
        pen.fill(box(-0.93, -0.93, 0.93, 0.93, 0.12), lit(frame))
    else:
        pen.fill(ellipse(0, 0, 0.95), lit(frame))
    face = look.choose((WHITE, CREAM, WHITE, lighter(look.accent, 0.6)))
    pen.fill(ellipse(0, 0, 0.8), Shading((darker(face, 0.08), face, lighter(face, 0.3)), downwards=True))
    for minute in range(60):
        angle = minute * np.pi / 30
        direction = np.array([(np.cos(angle), np.sin(angle))])
        is_hour = minute % 5 == 0
        pen.stroke(
            np.vstack([direction * (0.64 if is_hour else 0.72), direction * 0.75]), 0.045 if is_hour else 0.01, BLACK
        )
    for length, width in ((0.42, 0.06), (0.62, 0.04)):
        angle = look.between(0, 2 * np.pi)
        pen.stroke(polygon((0, 0), (length * np.cos(angle), length * np.sin(angle))), width, BLACK)
    pen.fill(ellipse(0, 0, 0.05), look.main)


def draw_lamp(pen: Pen, look: Look) -> None:
    pen.shadow(ellipse(0.03, 0.98, 0.5, 0.09), 0.4, 0.1)
    base = look.choose((WOOD, GOLD, look.main, BLACK))
    profile = ((0.05, 0.0), (0.06, 0.1), (look.between(0.1, 0.3), 0.45), (0.07, 0.8), (0.36, 0.92), (0.38, 0.99))
    pen.fill(turned(profile), metal(base) if base == GOLD else rounded(base))
    shade = look.choose((CREAM, look.accent, lighter(look.accent, 0.5)))
    top = look.between(0.28, 0.5)
    outline = polygon((-top, -0.95), (top, -0.95), (0.72, 0.02), (-0.72, 0.02))
    glow = lighter(shade, 0.6)
    pen.fill(outline, Shading((darker(shade, 0.25), shade, glow, shade, darker(shade, 0.3))))
    pen.fill(polygon((-0.72, 0.02), (0.72, 0.02), (0.7, -0.05), (-0.7, -0.05)), darker(shade, 0.2))
    pen.fill(polygon((-top, -0.95), (top, -0.95), (top + 0.03, -0.88), (-top - 0.03, -0.88)), darker(shade, 0.2))


def draw_candles(pen: Pen, look: Look) -> None:
    for x, size in look.choose((((0.0, 1.0),), ((-0.45, 0.85), (0.45, 0.7)), ((-0.65, 0.6), (0.0, 0.9), (0.62, 0.7)))):
        part = pen.at(x, 0.85 * (1 - size), size)
        part.shadow(ellipse(0.03, 0.96, 0.46, 0.09), 0.4, 0.1)
        part.fill(ellipse(0, -0.62, 0.5), (255, 214, 120), 0.14)
        part.fill(ellipse(0, -0.62, 0.3), (255, 222, 140), 0.22)
        part.fill(turned(((0.32, -0.28), (0.33, 0.3), (0.32, 0.9), (0.26, 0.98))), rounded(look.main))
        part.fill(ellipse(0, -0.28, 0.32, 0.08), lighter(look.main, 0.5))
        part.stroke(polygon((0, -0.28), (0.01, -0.45)), 0.03, BLACK)
        part.fill(smooth([(0, -0.9), (0.11, -0.58), (0.0, -0.42), (-0.11, -0.58)]), (255, 168, 44))
        part.fill(smooth([(0, -0.74), (0.05, -0.56), (0.0, -0.46), (-0.05, -0.56)]), (255, 240, 186))
        if look.chance(0.5):
            part.fill(box(-0.33, 0.2, 0.33, 0.55), rounded(look.accent))


def draw_figurine(pen: Pen, look: Look) -> None:
    """An elephant, in brass or painted."""
    body = look.choose((GOLD, look.main, WHITE, (150, 96, 62), (120, 124, 130)))
    paint = metal(body) if body == GOLD else rounded(body)
    pen.shadow(ellipse(0, 0.9, 0.95, 0.12), 0.4, 0.1)
    pen.fill(box(-0.85, 0.8, 0.85, 0.94, 0.05), lit(look.choose((WOOD, BLACK))))
    for x in (-0.6, -0.28, 0.2, 0.46):
        pen.fill(box(x - 0.13, 0.2, x + 0.13, 0.82, 0.06), rounded(darker(body, 0.15)))
    pen.fill(
        smooth([(-0.8, 0.05), (-0.5, -0.42), (0.2, -0.42), (0.62, -0.1), (0.6, 0.4), (-0.1, 0.5), (-0.74, 0.44)]), paint
    )
    pen.tube(curve([(0.75, -0.3), (1.0, 0.0), (0.98, 0.36), (1.1, 0.5)]), 0.2, body)
    pen.fill(ellipse(0.6, -0.38, 0.36, 0.38), paint)
    pen.fill(
        smooth([(0.3, -0.72), (0.52, -0.4), (0.4, 0.04), (0.12, -0.1), (0.08, -0.52)]), rounded(darker(body, 0.18))
    )
    pen.fill(ellipse(0.74, -0.46, 0.04, count=14), BLACK)
    pen.fill(smooth([(-0.5, -0.42), (0.06, -0.44), (0.1, 0.12), (-0.2, 0.3), (-0.52, 0.1)]), look.accent)
    for x in (-0.4, -0.2, 0.0):
        pen.fill(ellipse(x, -0.08, 0.05, count=14), GOLD)


def _flower(pen: Pen, colour: Colour) -> None:
    for angle in np.arange(7) * 2 * np.pi / 7:
        pen.fill(
            ellipse(0.62 * np.cos(angle), 0.62 * np.sin(angle), 0.45, count=18), lighter(colour, 0.12 * (angle > 3))
        )
    pen.fill(ellipse(0, 0, 0.38, count=18), (248, 204, 84))


KINDS = (
    Kind(CATEGORY, "vase", draw_vase, ("Ceramic Vase", "Flower Vase"), ("9 inch", "With Flowers")),
    Kind(CATEGORY, "painting", draw_painting, ("Wall Painting", "Framed Canvas"), ("12 x 18 inch", "With Frame")),
    Kind(CATEGORY, "wall clock", draw_wall_clock, ("Analog Wall Clock",), ("30 cm Dia", "With Glass")),
    Kind(CATEGORY, "table lamp", draw_lamp, ("Table Lamp", "Night Lamp"), ("45 cm", "Handmade")),
    Kind(CATEGORY, "candles", draw_candles, ("Scented Candle", "Festive Candles"), ("Pack of 2", "Vanilla")),
    Kind(CATEGORY, "figurine", draw_figurine, ("Elephant Showpiece", "Decorative Figurine"), ("15 cm", "Brass Finish")),
)
