"""Names of people as lists sort and search them."""

import re
import unicodedata
from typing import Final

LONGEST_NAME: Final = 80  # characters of a first name, a last name or the name of an agency
LONGEST_SORT_NAME: Final = 170  # a letter may become several: ß, ﬃ
#: Letters that do not decompose into a letter and an accent, as people without them on the keyboard write them.
_SPELT: Final = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i"})
#: Everything but letters and digits of any script; the letters called modifiers are apostrophes.
_SEPARATOR: Final = re.compile(r"[\W_\u02b0-\u02ff]+")
#: Categories of marks (accents, vowel signs) and of invisible characters.
_DROPPED: Final = frozenset({"Mn", "Mc", "Me", "Cf"})
_TATWEEL: Final = "\u0640"  # the stroke that stretches Arabic words


def fold_name(name: str) -> str:
    """``name`` without accents, case and punctuation, words separated by one space ("d'Été" -> "d ete").

    The database has no unaccent extension and its C.UTF-8 order puts accented letters after z.
    """
    decomposed = unicodedata.normalize("NFKD", name.casefold())
    letters = "".join(letter for letter in decomposed if _is_kept(letter))
    return _SEPARATOR.sub(" ", letters.translate(_SPELT)).strip()


def sort_name(first: str, last: str) -> str:
    """The name by which lists sort: the last name first, folded."""
    return fold_name(f"{last} {first}")[:LONGEST_SORT_NAME]


def _is_kept(letter: str) -> bool:
    return letter.isascii() or (letter != _TATWEEL and unicodedata.category(letter) not in _DROPPED)
