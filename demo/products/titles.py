"""Product titles: an invented brand, a colour, a noun, a detail."""

from typing import Final

from demo.products.kind import Kind
from demo.products.look import Look

#: Invented; each sells in every category, so that a brand does not reveal the class.
BRANDS: Final = (
    *(
        "Alvéa",
        "Brindel",
        "Castelline",
        "Dormica",
        "Elvano",
        "Fjordline",
        "Galuchat",
        "Hestia & Co",
        "Ivoria",
        "Jolimont",
    ),
    *("Kerval", "Lumibel", "Maisonnette", "Norvik", "Ondine", "Pavoni", "Quotidien", "Rivelle", "Solenza", "Tavira"),
)
_PLAIN: Final = "Plain"
#: Only titles of fabrics name the print.
_CLOTH: Final = frozenset({"bodysuit", "baby dress", "curtains", "cushion", "bedsheet", "rug", "blanket"})


def product_title(kind: Kind, look: Look, brand: str) -> str:
    """A title as shops write them: “Norvik Navy Striped Door Curtain (Pack of 2)”."""
    words = [brand, look.colour_name]
    if kind.name in _CLOTH and look.print_name != _PLAIN:
        words.append(look.print_name)
    title = " ".join([*words, look.choose(kind.nouns)])
    return f"{title} ({look.choose(kind.details)})" if look.chance(0.6) else title
