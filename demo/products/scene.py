"""A whole image: a background, a product as the camera sees it, sometimes an obstacle, and the light."""

from typing import Final

import numpy as np
from PIL import Image, ImageEnhance, ImageFilter

from demo.products.catalogue import KINDS
from demo.products.colours import WHITE, WOOD, Colour, darker, lighter
from demo.products.kind import Kind
from demo.products.look import Look, draw_look
from demo.products.outlines import box, ellipse, star
from demo.products.paints import Shading, lit
from demo.products.pen import Pen, Pose

#: Supersampling factor along each side, for smooth edges.
OVERSAMPLING: Final = 2
SIZES: Final = ((256, 256), (256, 256), (256, 256), (224, 288), (288, 224))
#: Half the size of a product relative to the shorter side, in most images.
_USUAL_SIZE: Final = (0.33, 0.39)
#: Shares of images that are harder to classify.
_CLOSE_UP, _FAR_AWAY, _BESIDE_OTHERS, _WITH_BADGE, _BADLY_LIT, _BLURRED, _GREY = 0.08, 0.08, 0.1, 0.07, 0.1, 0.06, 0.03


def draw_product(kind: Kind, rng: np.random.Generator) -> tuple[Image.Image, Look]:
    """An image of one product, its short side 224 or 256, and the product's look."""
    look = draw_look(rng)
    width, height = look.choose(SIZES)
    canvas = Image.new("RGB", (width * OVERSAMPLING, height * OVERSAMPLING), WHITE)
    _draw_background(canvas, look)
    size = min(canvas.size) * look.between(*_USUAL_SIZE) * _distance(look)
    reach = 0.06 * min(canvas.size)
    x, y = (side / 2 + look.between(-reach, reach) for side in canvas.size)
    turn = float(np.clip(look.rng.normal(0, 0.09), -0.4, 0.4))
    pose = Pose(x, y, size, turn, look.between(-0.12, 0.12), look.between(0.9, 1.05))
    if look.chance(_BESIDE_OTHERS):
        _draw_other(canvas, kind, look)
    kind.draw(Pen(canvas, pose), look)
    if look.chance(_WITH_BADGE):
        _draw_badge(canvas, look)
    return _finish(canvas.reduce(OVERSAMPLING), look), look


def _distance(look: Look) -> float:
    draw = look.rng.random()
    if draw < _CLOSE_UP:
        return look.between(1.5, 2.1)
    return look.between(0.5, 0.7) if draw < _CLOSE_UP + _FAR_AWAY else 1.0


def _draw_background(canvas: Image.Image, look: Look) -> None:
    width, height = canvas.size
    pen = Pen(canvas, Pose(0, 0, 1))
    everything = box(0, 0, width, height)
    tint = lighter(look.choose((look.accent, (170, 180, 200), (220, 200, 180))), look.between(0.5, 0.8))
    horizon = height * look.between(0.58, 0.72)
    kind = look.rng.choice(["white", "studio", "tinted", "table", "wall", "lights"], p=[0.4, 0.2, 0.14, 0.1, 0.1, 0.06])
    if kind == "studio":
        pen.fill(everything, Shading(((236, 238, 242), (250, 250, 251), (205, 208, 214)), downwards=True))
    elif kind == "tinted":
        pen.fill(everything, Shading((lighter(tint, 0.4), tint, darker(tint, 0.2)), downwards=True))
    elif kind == "table":
        pen.fill(everything, Shading((darker(tint, 0.1), lighter(tint, 0.3)), downwards=True))
        _draw_planks(pen, look, horizon, width, height)
    elif kind == "wall":
        pen.fill(everything, lit(tint))
        pen.fill(box(0, horizon, width, height), lit(look.choose(((190, 170, 150), (150, 152, 160), (210, 204, 196)))))
        pen.fill(box(0, horizon - 12, width, horizon), WHITE)
    elif kind == "lights":
        pen.fill(everything, Shading((darker(tint, 0.45), darker(tint, 0.2)), downwards=True))
        for _ in range(12):
            x, y, radius = look.between(0, width), look.between(0, height), look.between(12, 60)
            pen.fill(ellipse(x, y, radius), lighter(tint, 0.5), look.between(0.1, 0.3))


def _draw_planks(pen: Pen, look: Look, horizon: float, width: int, height: int) -> None:
    wood = look.choose((WOOD, darker(WOOD, 0.4), lighter(WOOD, 0.45), (150, 148, 146)))
    rows = 4
    for row in range(rows):
        top, bottom = (horizon + (height - horizon) * (step / rows) ** 1.4 for step in (row, row + 1))
        shade: Colour = darker(wood, look.between(0, 0.15))
        pen.fill(box(0, top, width, bottom), Shading((shade, lighter(shade, 0.08), shade)))
        pen.fill(box(0, bottom - 2, width, bottom), darker(wood, 0.4))


def _draw_other(canvas: Image.Image, kind: Kind, look: Look) -> None:
    """A product of another kind, small and to the side."""
    others = [other for other in KINDS if other is not kind]
    size = min(canvas.size) * look.between(0.12, 0.18)
    x = canvas.width * look.choose((0.14, 0.86))
    pose = Pose(x, canvas.height * look.between(0.55, 0.85), size, look.between(-0.3, 0.3))
    look.choose(others).draw(Pen(canvas, pose), draw_look(look.rng))


def _draw_badge(canvas: Image.Image, look: Look) -> None:
    """A shop's sticker over a corner."""
    side = min(canvas.size) * 0.12
    pose = Pose(canvas.width * look.choose((0.14, 0.86)), canvas.height * look.choose((0.14, 0.86)), side)
    pen = Pen(canvas, pose)
    pen.fill(star(0, 0, 1.0, 14, 0.84), look.choose(((206, 38, 44), (240, 150, 30), (40, 120, 70))))
    for row, half in enumerate((0.5, 0.35, 0.42)):
        pen.fill(box(-half, -0.34 + 0.28 * row, half, -0.2 + 0.28 * row), WHITE)


def _finish(image: Image.Image, look: Look) -> Image.Image:
    """Camera effects: exposure, colour cast, grain, sometimes blur."""
    if look.chance(_BADLY_LIT):
        image = ImageEnhance.Brightness(image).enhance(look.choose((look.between(0.35, 0.6), look.between(1.2, 1.4))))
    if look.chance(_GREY):
        image = image.convert("L").convert("RGB")
    if look.chance(_BLURRED):
        image = image.filter(ImageFilter.GaussianBlur(look.between(1.5, 3.0)))
    gains = (look.rng.normal(1.0, 0.02, 3) * look.between(0.94, 1.03)).astype(np.float32)
    grain = look.rng.integers(-128, 128, (image.height, image.width, 1), dtype=np.int8)
    pixels = np.asarray(image) * gains + grain * np.float32(look.between(0.0, 0.05))
    return Image.fromarray(pixels.clip(0, 255).astype(np.uint8))
