"""A pen that draws outlines on an image, in the coordinates of a pose."""

from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from demo.products.colours import Colour, darker, lighter
from demo.products.outlines import Points
from demo.products.paints import Paint, Pattern, Shading

#: Side of the small image on which a soft shadow is blurred.
_SHADOW_SIDE = 48


@dataclass(frozen=True)
class Pose:
    """Maps a product's coordinates to pixels: rotation, size, lean and the position of its centre."""

    x: float
    y: float
    size: float
    turn: float = 0.0
    lean: float = 0.0
    flat: float = 1.0

    def apply(self, points: Points) -> Points:
        """Pixels, (n, 2)."""
        across, down = points[:, 0] + self.lean * points[:, 1], points[:, 1] * self.flat
        cosine, sine = np.cos(self.turn) * self.size, np.sin(self.turn) * self.size
        return np.column_stack([self.x + cosine * across - sine * down, self.y + sine * across + cosine * down])

    def moved(self, x: float, y: float, size: float = 1.0, turn: float = 0.0) -> "Pose":
        """The pose of a part, placed in this one's coordinates."""
        ((new_x, new_y),) = self.apply(np.array([(x, y)]))
        return Pose(float(new_x), float(new_y), self.size * size, self.turn + turn, self.lean, self.flat)


class Pen:
    """Draws on one image in the coordinates of a pose."""

    def __init__(self, image: Image.Image, pose: Pose) -> None:
        self.image = image
        self.pose = pose
        self._draw = ImageDraw.Draw(image)

    def at(self, x: float, y: float, size: float = 1.0, turn: float = 0.0) -> "Pen":
        """A pen for a part."""
        return Pen(self.image, self.pose.moved(x, y, size, turn))

    def fill(self, outline: Points, paint: Paint, opacity: float = 1.0) -> None:
        """Fills an outline; ``opacity`` is in 0..1."""
        points = self.pose.apply(outline)
        if opacity >= 1 and not isinstance(paint, Shading | Pattern):
            self._draw.polygon(points.ravel().tolist(), fill=paint)
            return
        left, top = np.floor(points.min(axis=0)).astype(int).tolist()
        right, bottom = np.ceil(points.max(axis=0)).astype(int).tolist()
        width, height = max(right - left, 1), max(bottom - top, 1)
        mask = Image.new("L", (width, height))
        ImageDraw.Draw(mask).polygon((points - (left, top)).ravel().tolist(), fill=round(255 * min(opacity, 1.0)))
        if isinstance(paint, Shading | Pattern):
            self.image.paste(paint.render(width, height), (left, top), mask)
        else:
            self.image.paste(paint, (left, top, left + width, top + height), mask)

    def stroke(self, path: Points, width: float, colour: Colour) -> None:
        """A line of even width with round ends."""
        points = self.pose.apply(path)
        thick = max(1, round(width * self.pose.size))
        self._draw.line(points.ravel().tolist(), fill=colour, width=thick, joint="curve")
        if thick > 3:
            for x, y in (points[0], points[-1]):
                reach = thick / 2 - 0.5
                self._draw.ellipse((x - reach, y - reach, x + reach, y + reach), fill=colour)

    def tube(self, path: Points, width: float, colour: Colour) -> None:
        """A tube along a path: a handle, a cable, a ring."""
        self.stroke(path, width, darker(colour, 0.35))
        self.stroke(path, width * 0.72, colour)
        self.stroke(path - (0.12 * width, 0.16 * width), width * 0.22, lighter(colour, 0.45))

    def shadow(self, outline: Points, depth: float = 0.35, blur: float = 0.12) -> None:
        """A soft shadow of an outline; ``depth`` in 0..1 is how dark, ``blur`` how soft."""
        points = self.pose.apply(outline)
        margin = 2.5 * blur * self.pose.size
        low, high = points.min(axis=0) - margin, points.max(axis=0) + margin
        span = np.maximum(high - low, 1.0)
        mask = Image.new("L", (_SHADOW_SIDE, _SHADOW_SIDE))
        ImageDraw.Draw(mask).polygon(((points - low) / span * _SHADOW_SIDE).ravel().tolist(), fill=round(255 * depth))
        radii = (blur * self.pose.size / span * _SHADOW_SIDE).clip(0.5)
        mask = mask.filter(ImageFilter.GaussianBlur((float(radii[0]), float(radii[1]))))
        left, top = np.round(low).astype(int).tolist()
        width, height = np.ceil(span).astype(int).tolist()
        mask = mask.resize((width, height), Image.Resampling.BICUBIC)
        self.image.paste((24, 20, 30), (left, top, left + width, top + height), mask)
