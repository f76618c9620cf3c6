"""Named colours, and how light changes them."""

from typing import Final

Colour = tuple[int, int, int]

WHITE: Final[Colour] = (250, 250, 248)
BLACK: Final[Colour] = (28, 28, 31)
STEEL: Final[Colour] = (176, 182, 190)
GOLD: Final[Colour] = (206, 168, 88)
WOOD: Final[Colour] = (158, 110, 68)
CREAM: Final[Colour] = (240, 230, 210)
LEAF: Final[Colour] = (70, 128, 72)
COLOURS: Final[dict[str, Colour]] = {
    "Black": (38, 38, 42),
    "White": (240, 240, 236),
    "Grey": (128, 132, 138),
    "Silver": STEEL,
    "Red": (196, 44, 48),
    "Maroon": (118, 32, 46),
    "Pink": (232, 132, 162),
    "Orange": (232, 124, 48),
    "Yellow": (238, 196, 66),
    "Green": (72, 146, 88),
    "Olive": (118, 122, 62),
    "Teal": (36, 136, 140),
    "Sky Blue": (116, 178, 222),
    "Blue": (48, 96, 184),
    "Navy": (36, 50, 92),
    "Purple": (122, 74, 150),
    "Brown": (120, 78, 50),
    "Beige": (214, 192, 158),
    "Gold": GOLD,
}


def mix(first: Colour, second: Colour, share: float) -> Colour:
    """``share`` of the second colour, 0..1, and the rest of the first."""
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(first, second, strict=True))
    return red, green, blue


def darker(colour: Colour, share: float) -> Colour:
    return mix(colour, (12, 10, 18), share)


def lighter(colour: Colour, share: float) -> Colour:
    return mix(colour, (255, 255, 252), share)
