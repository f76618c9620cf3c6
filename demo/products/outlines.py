"""Outlines as points, (n, 2): x to the right, y down, a product spans about -1..1."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float64]


def ellipse(x: float, y: float, rx: float, ry: float | None = None, count: int = 48) -> Points:
    return arc(x, y, rx, 0.0, 2 * np.pi, ry, count)


def arc(x: float, y: float, rx: float, start: float, end: float, ry: float | None = None, count: int = 32) -> Points:
    """An arc of an ellipse; angles in radians, clockwise from the right."""
    angles = np.linspace(start, end, count)
    return np.column_stack([x + rx * np.cos(angles), y + (rx if ry is None else ry) * np.sin(angles)])


def box(left: float, top: float, right: float, bottom: float, radius: float = 0.0) -> Points:
    """A rectangle with round corners."""
    if not radius:
        return np.array([(left, top), (right, top), (right, bottom), (left, bottom)], dtype=np.float64)
    radius = min(radius, (right - left) / 2, (bottom - top) / 2)
    corners = (
        (right - radius, top + radius, -0.5),
        (right - radius, bottom - radius, 0.0),
        (left + radius, bottom - radius, 0.5),
        (left + radius, top + radius, 1.0),
    )
    return np.vstack([arc(x, y, radius, turn * np.pi, (turn + 0.5) * np.pi, count=10) for x, y, turn in corners])


def polygon(*points: tuple[float, float]) -> Points:
    return np.array(points, dtype=np.float64)


def moved(outline: Points, x: float, y: float) -> Points:
    shifted: Points = outline + np.array([(x, y)])
    return shifted


def smooth(points: Sequence[tuple[float, float]], steps: int = 8) -> Points:
    """A closed curve through the points (Catmull-Rom)."""
    knots = np.array(points, dtype=np.float64)
    return _spline(np.vstack([knots[-1:], knots, knots[:2]]), steps)


def curve(points: Sequence[tuple[float, float]], steps: int = 8) -> Points:
    """An open curve through the points (Catmull-Rom)."""
    knots = np.array(points, dtype=np.float64)
    ends = 2 * knots[:1] - knots[1:2], 2 * knots[-1:] - knots[-2:-1]
    return np.vstack([_spline(np.vstack([ends[0], knots, ends[1]]), steps), knots[-1:]])


def turned(profile: Sequence[tuple[float, float]], steps: int = 8) -> Points:
    """A solid of revolution from its profile of (half width, y), top to bottom: symmetric about x = 0."""
    right = curve(profile, steps)
    return np.vstack([right, right[::-1] * (-1.0, 1.0)])


def star(x: float, y: float, radius: float, points: int = 5, inner: float = 0.42) -> Points:
    angles = np.arange(2 * points) * np.pi / points - np.pi / 2
    radii = np.where(np.arange(2 * points) % 2 == 0, radius, radius * inner)
    return np.column_stack([x + radii * np.cos(angles), y + radii * np.sin(angles)])


def heart(x: float, y: float, size: float) -> Points:
    t = np.linspace(0, 2 * np.pi, 36)
    across = 16 * np.sin(t) ** 3
    down = -(13 * np.cos(t) - 5 * np.cos(2 * t) - 2 * np.cos(3 * t) - np.cos(4 * t))
    return np.column_stack([x + size * across / 17, y + size * down / 17])


def _spline(knots: Points, steps: int) -> Points:
    """Points of the spline between the second knot and the last but one, which is excluded."""
    t = np.linspace(0, 1, steps, endpoint=False)[None, :, None]
    before, start, end, after = (knots[offset : len(knots) - 3 + offset, None, :] for offset in range(4))
    curve = (
        2 * start
        + (end - before) * t
        + (2 * before - 5 * start + 4 * end - after) * t**2
        + (3 * start - before - 3 * end + after) * t**3
    )
    return (0.5 * curve).reshape(-1, 2)
