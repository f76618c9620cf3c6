"""A variable and its value in human words and units, in the reader's language."""

from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from credit.language import localized
from credit.ml.application import RawValue
from credit.ml.catalogue import Variable, category_label
from credit.ml.columns import CATEGORIES, DAYS_SENTINEL
from pretadepenser.core import formats

#: Days that measure how long something has lasted; the others say when it happened.
DURATIONS: Final = frozenset({"DAYS_BIRTH", "DAYS_EMPLOYED"})
MONTHS_SHOWN_AS_DAYS: Final = 3
_UNKNOWN_LEVELS: Final = {"", "XNA"}  # the source's codes for a missing category


def value_text(variable: Variable, value: RawValue) -> str:
    """« 25 ans », « 12 % », « Enseignement supérieur »; « non renseigné » for a blank.

    ``value`` is as stored: days count backwards, shares are in 0..1, categories are a level or its code.
    """
    if value is None or formats.is_blank(value):
        return formats.blank_text()
    if variable.name in CATEGORIES:
        return _category_text(variable.name, value)
    if isinstance(value, str):
        return value
    if variable.name in DURATIONS:
        return _("not employed or retired") if value == DAYS_SENTINEL else formats.years(value)
    return _NUMBER_TEXT.get(variable.unit, _number)(float(value))


def _category_text(column: str, value: float | int | str) -> str:
    level = value if isinstance(value, str) else CATEGORIES[column][int(value)]
    if level not in CATEGORIES[column]:  # of a file that came with a model
        return level
    return formats.blank_text() if level in _UNKNOWN_LEVELS else localized(category_label(column, level))


def _number(value: float) -> str:
    """As few decimals as say something: 12, 3,5, 0,083."""
    size = abs(value)
    places = 0 if value == int(value) or size >= 1000 else 1 if size >= 100 else 2 if size >= 1 else 3
    return formats.decimal(value, places)


def _days(value: float) -> str:
    """« 45 jours », « 8 mois », « 3 ans »; a minus sign is kept."""
    sign = formats.MINUS if value < 0 else ""
    if abs(value) < MONTHS_SHOWN_AS_DAYS * formats.DAYS_PER_MONTH:
        count = round(abs(value))
        return sign + ngettext("%(count)d day", "%(count)d days", count) % {"count": count}
    return sign + formats.years(value)


def _moment(value: float) -> str:
    """« il y a 8 mois », « dans 2 ans », from days relative to the application."""
    if round(value) == 0:
        return _("on the day of the application")
    duration = _days(abs(value))
    return (
        _("%(duration)s ago") % {"duration": duration} if value < 0 else _("in %(duration)s") % {"duration": duration}
    )


def _months(value: float) -> str:
    count = _number(abs(value))
    return ngettext("%(count)s month", "%(count)s months", round(abs(value))) % {"count": count}


def _years(value: float) -> str:
    return ngettext("%(years)s year", "%(years)s years", round(abs(value))) % {"years": _number(round(value, 1))}


_NUMBER_TEXT = {
    "currency": formats.amount,
    "percent": lambda value: formats.percent(value, 1),
    "yes_no": formats.yes_no,
    "days": _days,
    "days_relative": _moment,
    "months": _months,
    "months_relative": lambda value: _moment(value * formats.DAYS_PER_MONTH),
    "years": _years,
}
