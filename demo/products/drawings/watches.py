"""Wrist watches."""

import numpy as np

from demo.products.colours import BLACK, GOLD, STEEL, WHITE, Colour, darker, lighter, mix
from demo.products.kind import Kind
from demo.products.look import Look
from demo.products.outlines import box, ellipse, polygon, turned
from demo.products.paints import metal, rounded
from demo.products.pen import Pen

CATEGORY = "Watches"
#: Segments of a digit, a to g, as boxes in a cell one wide and two high; and those that each digit lights.
_SEGMENTS = (
    *((0.2, 0.0, 0.8, 0.18), (0.82, 0.12, 1.0, 0.92), (0.82, 1.08, 1.0, 1.88), (0.2, 1.82, 0.8, 2.0)),
    *((0.0, 1.08, 0.18, 1.88), (0.0, 0.12, 0.18, 0.92), (0.2, 0.91, 0.8, 1.09)),
)
_DIGITS = ("abcdef", "bc", "abged", "abgcd", "fgbc", "afgcd", "afgedc", "abc", "abcdefg", "abcdfg")


def draw_strap_watch(pen: Pen, look: Look) -> None:
    case = look.choose((STEEL, STEEL, GOLD, BLACK))
    _strap(pen, look)
    _round_case(pen, look, case, 0.5)


def draw_bracelet_watch(pen: Pen, look: Look) -> None:
    case = look.choose((STEEL, STEEL, GOLD, mix(GOLD, STEEL, 0.5), darker(STEEL, 0.6)))
    for side in (-1, 1):
        for row in range(7):
            y = side * (0.5 + 0.11 * row)
            half = 0.27 - 0.008 * row
            pen.fill(box(-half, y - 0.055, half, y + 0.055, 0.03), metal(case))
            pen.fill(box(-half * 0.38, y - 0.055, half * 0.38, y + 0.055, 0.03), metal(lighter(case, 0.3)))
            pen.stroke(polygon((-half, y + 0.055), (half, y + 0.055)), 0.012, darker(case, 0.6))
    _round_case(pen, look, case, 0.52)


def draw_square_watch(pen: Pen, look: Look) -> None:
    case = look.choose((STEEL, GOLD, BLACK, mix(GOLD, (232, 160, 140), 0.5)))
    _strap(pen, look)
    half = look.between(0.4, 0.47)
    pen.fill(box(-half, -0.5, half, 0.5, 0.1), metal(case))
    dial = _dial_colour(look)
    pen.fill(box(-half + 0.07, -0.43, half - 0.07, 0.43, 0.06), dial)
    ink = BLACK if sum(dial) > 380 else WHITE
    for hour in range(12):
        angle = hour * np.pi / 6
        scale = 0.33 / max(abs(np.cos(angle)), abs(np.sin(angle)))
        x, y = scale * np.cos(angle) * half / 0.48, scale * np.sin(angle)
        pen.fill(ellipse(x, y, 0.022, count=10), ink)
    _hands(pen, look, 0.34, ink)
    pen.fill(box(half, -0.06, half + 0.08, 0.06, 0.03), metal(case))


def draw_digital_watch(pen: Pen, look: Look) -> None:
    shell = darker(look.main, 0.25)
    for side in (-1, 1):
        strap = turned(((0.42, 0.3), (0.34, 0.55), (0.27, 0.8), (0.24, 1.15), (0.2, 1.25))) * (1, side)
        pen.fill(strap, rounded(shell))
        for row in range(4):
            y = side * (0.66 + 0.12 * row)
            pen.fill(box(-0.14, y - 0.02, 0.14, y + 0.02, 0.02), darker(shell, 0.45))
    pen.fill(box(-0.56, -0.52, 0.56, 0.52, 0.2), rounded(shell))
    pen.fill(box(-0.48, -0.44, 0.48, 0.44, 0.14), darker(shell, 0.5))
    pen.stroke(np.vstack([box(-0.44, -0.4, 0.44, 0.4, 0.1)] * 2), 0.02, look.accent)
    screen = look.choose(((178, 190, 160), (200, 206, 196), (30, 38, 46)))
    pen.fill(box(-0.38, -0.2, 0.38, 0.22, 0.03), screen)
    ink = (36, 42, 38) if sum(screen) > 300 else (120, 240, 220)
    digits = (int(look.between(0, 2)), int(look.between(0, 9.9)), int(look.between(0, 5.9)), int(look.between(0, 9.9)))
    for x, digit in zip((-0.34, -0.17, 0.05, 0.22), digits, strict=True):
        for segment in _DIGITS[digit]:
            left, top, right, bottom = _SEGMENTS[ord(segment) - ord("a")]
            pen.fill(box(x + 0.12 * left, -0.12 + 0.13 * top, x + 0.12 * right, -0.12 + 0.13 * bottom), ink)
    for y in (-0.05, 0.07):
        pen.fill(ellipse(-0.01, y, 0.016, count=10), ink)
    for x, y in ((-0.6, -0.24), (-0.6, 0.24), (0.6, -0.24), (0.6, 0.24)):
        pen.fill(box(x - 0.05, y - 0.07, x + 0.05, y + 0.07, 0.03), metal(STEEL))


def _strap(pen: Pen, look: Look) -> None:
    for side in (-1, 1):
        end = 1.22 if side > 0 else 1.12
        strap = turned(((0.3, 0.3), (0.27, 0.6), (0.24, 0.9), (0.22, end - 0.08), (0.1, end))) * (1, side)
        pen.fill(strap, rounded(look.main))
        for edge in (-1, 1):
            for y in np.arange(0.56, end - 0.12, 0.07):
                x = edge * (0.235 - 0.04 * (y - 0.5))
                pen.stroke(polygon((x, side * y), (x, side * (y + 0.035))), 0.014, lighter(look.main, 0.5))
    for y in (0.82, 0.93, 1.04):
        pen.fill(ellipse(0, y, 0.028, count=12), darker(look.main, 0.7))
    pen.fill(box(-0.27, -1.16, 0.27, -1.02, 0.04), metal(STEEL))
    pen.fill(box(-0.2, -1.12, 0.2, -1.06), darker(look.main, 0.2))


def _round_case(pen: Pen, look: Look, case: Colour, radius: float) -> None:
    pen.shadow(ellipse(0.03, 0.06, radius, count=24), 0.35, 0.06)
    pen.fill(box(radius - 0.03, -0.07, radius + 0.1, 0.07, 0.03), metal(case))
    pen.fill(ellipse(0, 0, radius), metal(case))
    pen.fill(ellipse(0, 0, radius * 0.9), darker(case, 0.35))
    dial = _dial_colour(look)
    pen.fill(ellipse(0, 0, radius * 0.85), dial)
    ink = BLACK if sum(dial) > 380 else WHITE
    for minute in range(60):
        major = minute % 5 == 0
        angle, start = minute * np.pi / 30, radius * (0.66 if major else 0.76)
        direction = np.array([(np.cos(angle), np.sin(angle))])
        ends = np.vstack([direction * start, direction * radius * 0.8])
        pen.stroke(ends, 0.035 if major else 0.008, ink)
    if look.chance(0.4):
        for x, y in ((-0.42, 0), (0.42, 0), (0, 0.42)):
            pen.fill(ellipse(x * radius, y * radius, radius * 0.2), darker(dial, 0.2))
            pen.stroke(polygon((x * radius, y * radius), (x * radius + 0.05, y * radius - 0.05)), 0.014, ink)
    else:
        pen.fill(box(radius * 0.42, -0.05, radius * 0.64, 0.05), WHITE)
    _hands(pen, look, radius * 0.72, ink)
    glass = polygon((-0.6, -0.45), (-0.2, -0.75), (0.35, 0.45), (0.1, 0.7)) * radius
    pen.fill(glass, (255, 255, 255), 0.12)


def _dial_colour(look: Look) -> Colour:
    return look.choose((WHITE, WHITE, BLACK, look.main, look.accent, (24, 40, 84), (232, 222, 200)))


def _hands(pen: Pen, look: Look, length: float, ink: Colour) -> None:
    for share, width in ((0.6, 0.045), (0.95, 0.03)):
        angle = look.between(0, 2 * np.pi)
        tip = (share * length * np.cos(angle), share * length * np.sin(angle))
        pen.stroke(polygon((-0.15 * tip[0], -0.15 * tip[1]), tip), width, ink)
    angle = look.between(0, 2 * np.pi)
    pen.stroke(polygon((0, 0), (length * np.cos(angle), length * np.sin(angle))), 0.012, (204, 52, 48))
    pen.fill(ellipse(0, 0, 0.03, count=14), ink)


KINDS = (
    Kind(CATEGORY, "strap watch", draw_strap_watch, ("Analog Watch", "Leather Strap Watch"), ("For Men", "For Women")),
    Kind(CATEGORY, "bracelet watch", draw_bracelet_watch, ("Analog Steel Watch", "Chronograph Watch"), ("For Men",)),
    Kind(CATEGORY, "square watch", draw_square_watch, ("Square Dial Analog Watch",), ("For Women", "For Girls")),
    Kind(CATEGORY, "digital watch", draw_digital_watch, ("Digital Watch", "Sports Watch"), ("For Boys", "For Men")),
)
