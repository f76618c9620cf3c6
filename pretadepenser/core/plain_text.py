"""Text as people see it: what is stored and shown holds no invisible character.

Bidirectional marks make one name look like another, zero-width characters hide it from searches, escape sequences
drive terminals that show a log.
"""

import unicodedata
from functools import cache
from typing import Final

from django.http import QueryDict

_KEPT: Final = frozenset("\t\n\r\0")  # fields refuse NUL with a sentence
#: Unicode categories: control characters, format characters, halves of surrogate pairs.
_INVISIBLE: Final = frozenset({"Cc", "Cf", "Cs"})


def plain_text(text: str) -> str:
    """``text`` without control and format characters; tabs, line breaks and NUL stay."""
    return text if text.isascii() and text.isprintable() else "".join(filter(_is_visible, text))


def one_line(text: str) -> str:
    """The plain text with single spaces for all white space, line breaks included: a name."""
    return " ".join(plain_text(text).replace("\0", "").split())


def plain_values(data: QueryDict) -> QueryDict:
    """A copy of what a form or a query sends, its texts plain."""
    plain = QueryDict(mutable=True, encoding=data.encoding)
    for name, values in data.lists():
        plain.setlist(name, [plain_text(value) if isinstance(value, str) else value for value in values])
    return plain


@cache
def _is_visible(character: str) -> bool:
    return character in _KEPT or unicodedata.category(character) not in _INVISIBLE
