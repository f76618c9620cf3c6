"""Columns of an application as form fields, in units that people use: years for days, words for levels."""

import math
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Final

from django import forms
from django.forms.utils import flatatt
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from credit.forms.numbers import NumberField, WholeNumberField
from credit.language import localized
from credit.ml.application import RawValue
from credit.ml.catalogue import category_label, describe, offered_levels
from credit.ml.columns import CATEGORIES, DAYS_SENTINEL
from credit.ml.inputs import is_whole

DAYS_PER_YEAR: Final = 365.25
#: Columns that count days backwards from the application and are entered in years.
IN_YEARS: Final = frozenset({"DAYS_BIRTH", "DAYS_EMPLOYED", "DAYS_LAST_PHONE_CHANGE"})
#: Labels of fields, where the catalogue's own words do not suit a question.
_LABELS: Final[Mapping[str, str | Promise]] = {
    "DAYS_BIRTH": _("Age, in years"),
    "DAYS_EMPLOYED": _("Time in the present job, in years"),
    "DAYS_LAST_PHONE_CHANGE": _("Years since the phone was changed"),
    "OWN_CAR_AGE": _("Age of the car, in years"),
}


class PlainSelect(forms.Select):
    """Django's select, written at once: a template for each of its options costs more than the whole simulation."""

    def render(
        self, name: str, value: object, attrs: Mapping[str, object] | None = None, renderer: object = None
    ) -> SafeString:
        chosen = "" if value is None else str(value)
        choices = tuple((str(key), str(label)) for key, label in self.choices)
        options = mark_safe("".join(marked if key == chosen else plain for key, plain, marked in _options(choices)))  # noqa: S308 - of escaped parts
        attributes = flatatt({"name": name, **self.attrs, **(attrs or {})})
        return format_html("<select{}>{}</select>", attributes, options)


@lru_cache(maxsize=64)
def _options(choices: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str, str], ...]:
    """The value of each choice, its escaped option, and the same option chosen."""
    pairs = [(key, format_html('value="{}"', key), format_html("{}", label)) for key, label in choices]
    return tuple(
        (k, f"<option {v}>{label}</option>", f"<option {v} selected>{label}</option>") for k, v, label in pairs
    )


#: A title, and the names of the fields under it.
SectionSpec = tuple[str | Promise, tuple[str, ...]]


def label_of(column: str) -> str:
    """What a form calls a column."""
    return str(_LABELS.get(column) or localized(describe(column).label))


def field_of(column: str) -> forms.Field:
    """An optional field for one column."""
    label, hint = label_of(column), localized(describe(column).description)
    if column in CATEGORIES:
        levels = [(level, localized(category_label(column, level))) for level in offered_levels(column)]
        choices = [("", _("not provided")), *levels]
        return forms.ChoiceField(label=label, required=False, choices=choices, widget=PlainSelect)
    if column in IN_YEARS:
        return NumberField(label=label, required=False, min_value=0, max_value=120)
    help_text = hint if column.startswith(("EXT_SOURCE_", "REGION_RATING_")) else ""
    if column.startswith("EXT_SOURCE_"):
        return NumberField(label=label, required=False, min_value=0, max_value=1, help_text=help_text)
    if column.startswith("REGION_RATING_"):
        return WholeNumberField(label=label, required=False, min_value=1, max_value=3, help_text=help_text)
    if is_whole(column) or column.startswith("CNT_"):
        return WholeNumberField(label=label, required=False, min_value=0)
    return NumberField(label=label, required=False, min_value=0)


def to_field(column: str, value: RawValue) -> float | int | str | None:
    """A stored value as its field shows it; None for a blank and for a level that forms do not offer."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return None
    if column in CATEGORIES:
        return value if value in offered_levels(column) else None
    if column in IN_YEARS and not isinstance(value, str):
        return None if value == DAYS_SENTINEL else _plain(round(-value / DAYS_PER_YEAR, 2) + 0.0)
    return _plain(value)


def from_field(column: str, value: float | int | str | None) -> RawValue:
    """What a field holds, as the value of its column."""
    if value is None or value == "":
        return None
    if column in IN_YEARS and not isinstance(value, str):
        return -round(value * DAYS_PER_YEAR)
    return value


def bound_sections(
    form: forms.Form, sections: Sequence[SectionSpec]
) -> list[tuple[str | Promise, list[forms.BoundField]]]:
    """The fields of a form under their titles."""
    return [(title, [form[name] for name in names if name in form.fields]) for title, names in sections]


def _plain(value: float | int | str) -> float | int | str:
    """A whole number without its decimals, so that the field does not show « .0 »."""
    return int(value) if isinstance(value, float) and value == int(value) else value
