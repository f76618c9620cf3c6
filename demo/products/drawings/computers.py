"""Computers and what is plugged into them."""

import numpy as np

from demo.products.colours import BLACK, STEEL, WHITE, darker, lighter, mix
from demo.products.kind import Kind
from demo.products.look import Look
from demo.products.outlines import arc, box, curve, ellipse, moved, polygon, smooth, turned
from demo.products.paints import Shading, lit, metal, rounded
from demo.products.pen import Pen

CATEGORY = "Computers"


def draw_laptop(pen: Pen, look: Look) -> None:
    body = look.choose((STEEL, (64, 66, 72), (210, 212, 216), darker(look.main, 0.2)))
    pen.shadow(polygon((-1.0, 0.55), (1.0, 0.55), (1.1, 0.75), (-1.1, 0.75)), 0.4, 0.08)
    pen.fill(box(-0.86, -0.72, 0.86, 0.42, 0.06), darker(body, 0.25))
    pen.fill(box(-0.83, -0.69, 0.83, 0.4, 0.04), BLACK)
    wallpaper = Shading((lighter(look.main, 0.3), look.main, look.accent), downwards=look.chance(0.5))
    pen.fill(box(-0.77, -0.62, 0.77, 0.3), wallpaper)
    if look.chance(0.5):
        hills = curve([(-0.77, 0.1), (-0.4, -0.1), (0.0, 0.12), (0.4, -0.16), (0.77, 0.05)])
        pen.fill(np.vstack([hills, polygon((0.77, 0.3), (-0.77, 0.3))]), darker(look.accent, 0.3))
    else:
        pen.fill(box(-0.5, -0.42, 0.3, 0.16, 0.02), WHITE)
        for row in range(5):
            pen.fill(box(-0.44, -0.3 + 0.08 * row, look.between(-0.1, 0.24), -0.26 + 0.08 * row), (176, 182, 192))
    pen.fill(polygon((-0.77, -0.62), (-0.1, -0.62), (-0.5, 0.3), (-0.77, 0.3)), (255, 255, 255), 0.1)
    pen.fill(polygon((-0.86, 0.42), (0.86, 0.42), (1.08, 0.68), (-1.08, 0.68)), lit(body))
    for row in range(4):
        spread = 0.76 + 0.045 * row
        for key in range(13):
            x = -spread + 2 * spread * key / 13
            pen.fill(box(x + 0.008, 0.45 + 0.038 * row, x + 2 * spread / 13 - 0.008, 0.479 + 0.038 * row), BLACK)
    pen.fill(polygon((-0.22, 0.61), (0.22, 0.61), (0.24, 0.665), (-0.24, 0.665)), darker(body, 0.2))
    pen.fill(polygon((-1.08, 0.68), (1.08, 0.68), (1.05, 0.73), (-1.05, 0.73)), darker(body, 0.4))


def draw_mouse(pen: Pen, look: Look) -> None:
    body = look.choose((BLACK, look.main, (224, 226, 230)))
    if look.chance(0.55):
        cable = curve([(0.0, -0.7), (0.05, -0.95), (look.between(-0.5, 0.5), -1.15), (look.between(-0.9, 0.9), -1.35)])
        pen.tube(cable, 0.05, darker(body, 0.3))
    half = look.between(0.44, 0.54)
    outline = smooth(
        [
            (0, -0.78),
            (half, -0.5),
            (half * 0.88, 0.05),
            (half, 0.5),
            (0, 0.85),
            (-half, 0.5),
            (-half * 0.88, 0.05),
            (-half, -0.5),
        ]
    )
    pen.shadow(moved(outline, 0.06, 0.1), 0.4, 0.12)
    pen.fill(outline, rounded(body))
    if look.chance(0.5):
        pen.fill(
            smooth(
                [(0, 0.0), (half * 0.7, 0.2), (half * 0.75, 0.5), (0, 0.8), (-half * 0.75, 0.5), (-half * 0.7, 0.2)]
            ),
            rounded(look.accent),
        )
    pen.stroke(polygon((0, -0.77), (0, 0.0)), 0.02, darker(body, 0.6))
    pen.stroke(curve([(-half * 0.92, -0.02), (0, 0.06), (half * 0.92, -0.02)]), 0.02, darker(body, 0.6))
    pen.fill(box(-0.08, -0.58, 0.08, -0.22, 0.07), darker(body, 0.65))
    for row in range(5):
        pen.fill(box(-0.06, -0.54 + 0.06 * row, 0.06, -0.51 + 0.06 * row), look.accent if row % 2 else STEEL)
    pen.fill(smooth([(-half * 0.7, -0.4), (-half * 0.35, -0.6), (-half * 0.3, 0.2), (-half * 0.62, 0.3)]), WHITE, 0.14)


def draw_keyboard(pen: Pen, look: Look) -> None:
    body = look.choose((BLACK, (70, 74, 82), (226, 228, 232), darker(look.main, 0.1)))
    keys = lighter(body, 0.12) if sum(body) < 380 else WHITE
    depth = look.between(0.36, 0.48)
    pen.shadow(box(-1.12, -depth + 0.08, 1.14, depth + 0.1, 0.05), 0.4, 0.06)
    pen.fill(box(-1.14, -depth, 1.14, depth + 0.05, 0.06), darker(body, 0.35))
    pen.fill(box(-1.14, -depth, 1.14, depth, 0.06), lit(body))
    row_height = (2 * depth - 0.1) / 5
    for row in range(5):
        top = -depth + 0.05 + row * row_height
        x = -1.08 + 0.03 * (row % 3)
        while x < 1.02:
            width = 0.78 if row == 4 and -0.55 < x < -0.3 else look.choose((0.125, 0.125, 0.125, 0.16))
            right = min(x + width, 1.08)
            pen.fill(box(x, top, right, top + row_height * 0.86, 0.02), darker(keys, 0.35))
            pen.fill(box(x + 0.012, top, right - 0.012, top + row_height * 0.74, 0.02), keys)
            if width < 0.2:
                pen.fill(box(x + 0.035, top + 0.03, x + 0.065, top + 0.055), look.accent)
            x = right + 0.022


def draw_usb_drive(pen: Pen, look: Look) -> None:
    pen.shadow(box(-0.36, -0.3, 0.42, 1.1, 0.1), 0.35, 0.1)
    pen.fill(box(-0.22, -1.05, 0.22, -0.45), metal(STEEL))
    for x in (-0.1, 0.1):
        pen.fill(box(x - 0.05, -0.92, x + 0.05, -0.8), darker(STEEL, 0.7))
    pen.fill(box(-0.22, -0.52, 0.22, -0.45), darker(STEEL, 0.5))
    radius = look.choose((0.06, 0.14, 0.3))
    pen.fill(box(-0.34, -0.48, 0.34, 1.05, radius), rounded(look.main))
    if look.chance(0.5):
        pen.fill(box(-0.34, 0.1, 0.34, 0.75), rounded(look.accent))
        pen.fill(box(-0.2, 0.32, 0.2, 0.38), WHITE)
        pen.fill(box(-0.2, 0.46, 0.08, 0.52), WHITE)
    else:
        pen.fill(box(-0.24, -0.3, 0.24, 0.5, 0.05), metal(STEEL))
    pen.fill(ellipse(0, 0.88, 0.09, count=20), darker(look.main, 0.6))
    pen.fill(ellipse(0.0, -0.38, 0.035, count=14), (90, 220, 255))


def draw_router(pen: Pen, look: Look) -> None:
    body = look.choose((BLACK, WHITE, WHITE, darker(look.main, 0.2)))
    for x in look.choose(((-0.8, 0.8), (-0.85, 0.0, 0.85), (-0.9, -0.3, 0.3, 0.9))):
        lean = look.between(-0.12, 0.12)
        antenna = polygon((x - 0.06, 0.25), (x - 0.045 + lean, -0.95), (x + 0.045 + lean, -0.95), (x + 0.06, 0.25))
        pen.fill(antenna, rounded(darker(body, 0.15)))
        pen.fill(box(x - 0.08, 0.1, x + 0.08, 0.3, 0.03), darker(body, 0.5))
    pen.shadow(polygon((-1.05, 0.6), (1.05, 0.6), (1.1, 0.8), (-1.1, 0.8)), 0.4, 0.08)
    pen.fill(polygon((-0.9, 0.2), (0.9, 0.2), (1.08, 0.5), (-1.08, 0.5)), lit(body))
    for slot in range(9):
        x = -0.5 + 0.125 * slot
        pen.fill(polygon((x, 0.26), (x + 0.05, 0.26), (x + 0.05, 0.42), (x, 0.42)), darker(body, 0.4))
    pen.fill(box(-1.08, 0.49, 1.08, 0.72, 0.04), darker(body, 0.12))
    for light in range(6):
        lamp = (96, 226, 120) if look.chance(0.7) else look.accent
        pen.fill(ellipse(-0.8 + 0.16 * light, 0.6, 0.03, count=14), lamp)
    pen.fill(box(0.45, 0.57, 0.85, 0.63), mix(body, look.main, 0.7))


def draw_charger(pen: Pen, look: Look) -> None:
    cable = curve([(0.55, 0.1), (0.95, 0.2), (1.05, -0.35), (0.5, -0.85), (-0.2, -0.7), (-0.75, -0.95)])
    pen.tube(cable, 0.06, BLACK)
    coil = np.vstack([arc(-0.1, 0.62 + 0.03 * turn, 0.62, 0, 2 * np.pi, 0.26, count=40) for turn in range(3)])
    pen.tube(coil, 0.06, (48, 48, 52))
    pen.fill(moved(turned(((0.05, -0.12), (0.06, 0.1))), -0.82, -0.95), metal(STEEL))
    pen.shadow(box(-0.52, -0.2, 0.64, 0.42, 0.1), 0.45, 0.1)
    pen.fill(box(-0.6, -0.3, 0.58, 0.34, 0.1), darker(look.choose((BLACK, (60, 62, 68))), 0.1))
    pen.fill(box(-0.56, -0.28, 0.54, 0.22, 0.08), lit((58, 60, 66)))
    pen.fill(box(-0.44, -0.18, 0.26, 0.12), WHITE)
    for row in range(4):
        pen.fill(box(-0.4, -0.14 + 0.06 * row, look.between(-0.1, 0.2), -0.11 + 0.06 * row), (96, 98, 104))
    pen.fill(box(-0.4, 0.08, -0.2, 0.11), look.main)
    pen.fill(ellipse(0.42, -0.03, 0.035, count=14), (110, 236, 130))


KINDS = (
    Kind(CATEGORY, "laptop", draw_laptop, ("Laptop", "Notebook Laptop"), ("4 GB RAM", "500 GB HDD")),
    Kind(CATEGORY, "mouse", draw_mouse, ("Optical Mouse", "Wireless Mouse"), ("USB", "2.4 GHz")),
    Kind(CATEGORY, "keyboard", draw_keyboard, ("USB Keyboard", "Multimedia Keyboard"), ("USB", "Standard")),
    Kind(CATEGORY, "usb drive", draw_usb_drive, ("USB Pen Drive", "USB Flash Drive"), ("8 GB", "16 GB", "32 GB")),
    Kind(CATEGORY, "router", draw_router, ("WiFi Router", "Wireless Router"), ("300 Mbps", "Dual Band")),
    Kind(CATEGORY, "charger", draw_charger, ("Laptop Adapter", "Laptop Charger"), ("65 W", "90 W")),
)
