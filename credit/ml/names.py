"""Names of people as lists sort and search them."""

import re
import unicodedata
from typing import Final

LONGEST_NAME: Final = 80  # characters of a first name, a last name or the name of an agency
_NOT_A_LETTER = re.compile(r"[^0-9a-z]+")


def fold_name(name: str) -> str:
    """``name`` without accents, case and punctuation, words separated by one space ("d'Été" -> "d ete").

    The database has no unaccent extension and its C.UTF-8 order puts accented letters after z.
    """
    decomposed = unicodedata.normalize("NFKD", name.casefold())
    letters = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return _NOT_A_LETTER.sub(" ", letters).strip()
