"""Fields for numbers as people write them: « 262 867,5 » in French, "262,867.5" in English.

A browser's own field for numbers drops what it cannot read, a pasted « 1 200,50 » for one, without a word.
"""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Final

from django import forms
from django.forms.utils import flatatt
from django.utils.html import format_html
from django.utils.safestring import SafeString

from pretadepenser.core import formats

_PLAIN: Final = re.compile(r"(-?)(\d{1,18})(?:\.(\d{1,30}))?")
_ENGLISH_GROUPS: Final = re.compile(r"-?[1-9]\d{0,2}(,\d{3})+(\.\d*)?")


def plain_number(text: str) -> str:
    """What somebody typed, as Python writes numbers; spaces group digits, a comma begins decimals.

    In English a comma groups digits where it can only do that: « 0,24 » from a French address is a quarter there too.
    """
    text = "".join(text.split()).replace(formats.MINUS, "-")
    is_grouped = formats.separators()[0] == "," and _ENGLISH_GROUPS.fullmatch(text)
    return text.replace(",", "" if is_grouped else ".")


def number_text(value: float | int | str) -> str:
    """A number with all its digits in the format of the language; other text as it was typed."""
    text = plain_number(value) if isinstance(value, str) else format(Decimal(repr(value)).normalize(), "f")
    match = _PLAIN.fullmatch(text)
    if match is None:
        return str(value)
    thousands, point = formats.separators()
    sign, whole, rest = match.groups()
    return sign + f"{int(whole):,}".replace(",", thousands) + (f"{point}{rest}" if rest else "")


class NumberInput(forms.TextInput):
    """A text field with a keyboard of digits, written at once: Django's template takes longer than the number."""

    def __init__(self, *, is_whole: bool = False) -> None:
        super().__init__({"inputmode": "numeric" if is_whole else "decimal", "autocomplete": "off"})

    def format_value(self, value: object) -> str | None:
        return number_text(value) if isinstance(value, float | int | str) and value != "" else None

    def render(
        self, name: str, value: object, attrs: Mapping[str, object] | None = None, renderer: object = None
    ) -> SafeString:
        shown = self.format_value(value)
        given = {"name": name} | ({} if shown is None else {"value": shown})
        return format_html('<input type="text"{}>', flatatt({**given, **self.attrs, **(attrs or {})}))


class NumberField(forms.FloatField):
    widget = NumberInput

    def to_python(self, value: object) -> float | None:  # type: ignore[override]  # as Django's own
        return super().to_python(plain_number(value) if isinstance(value, str) else value)


class WholeNumberField(forms.IntegerField):
    widget = NumberInput(is_whole=True)

    def to_python(self, value: object) -> int | None:
        return super().to_python(plain_number(value) if isinstance(value, str) else value)
