"""Template filters that write a value as the reader's language does; a blank says « non renseigné ».

Every filter takes the value as it is stored (a probability in 0..1, days before the application) and returns text.
"""

import math
from datetime import date, datetime
from decimal import Decimal
from functools import cache

from django import template
from django.utils import timezone
from django.utils.formats import date_format, get_format
from django.utils.translation import get_language, gettext, ngettext

register = template.Library()

Number = int | float | Decimal
NARROW_SPACE = "\u202f"  # narrow and unbreakable, as French typography asks between groups and before a percent sign
MINUS = "\u2212"
DAYS_PER_YEAR = 365.25
DAYS_PER_MONTH = DAYS_PER_YEAR / 12
NOT_EMPLOYED_DAYS = 365243  # written by the source in DAYS_EMPLOYED for people without employment
BLANK_CODES = frozenset({"", "XNA"})  # XNA: the source's own word for "unknown"


@register.filter
def is_blank(value: object) -> bool:
    """True for None, NaN, an empty or unknown code, and for text that already says so."""
    if isinstance(value, (float, Decimal)):
        return math.isnan(value)
    return value is None or (isinstance(value, str) and (value.strip() in BLANK_CODES or value == blank_text()))


@register.filter
def filled(value: object) -> str:
    """The value as text, or the words for a blank."""
    return blank_text() if is_blank(value) else str(value)


@register.filter
def probability(value: Number | None) -> str:
    """« 7,4 % » from 0.074; never « 0,0 % » or « 100,0 % » for what is neither impossible nor certain."""
    if value is None or is_blank(value):
        return blank_text()
    if 0 < value < 0.0005:
        return f"< {percent(0.001, 1)}"
    if 0.9995 <= value < 1:
        return f"> {percent(0.999, 1)}"
    return percent(value, 1)


@register.filter
def percent(value: Number | None, places: int = 0) -> str:
    """« 12 % » from 0.12, with so many decimals."""
    if value is None or is_blank(value):
        return blank_text()
    return _with_unit(decimal(float(value) * 100, places), "%")


@register.filter
def points(value: Number | None, places: int = 1) -> str:
    """« +3,1 points » from a difference of probabilities of 0.031."""
    if value is None or is_blank(value):
        return blank_text()
    size = round(float(value) * 100, places)
    return _points(size, signed(size, places))


def points_size(value: Number) -> str:
    """« 3,1 points »: the size of a difference of probabilities, its side told in words."""
    size = round(abs(float(value)) * 100, 1)
    return _points(size, decimal(size, 1))


def _points(size: float, text: str) -> str:
    return ngettext("%(number)s point", "%(number)s points", _plural_count(size)) % {"number": text}


@register.filter
def signed(value: Number | None, places: int = 2) -> str:
    """« +0,31 », « −0,31 », « 0,00 »."""
    if value is None or is_blank(value):
        return blank_text()
    return f"+{decimal(value, places)}" if round(float(value), places) > 0 else decimal(value, places)


@register.filter
def decimal(value: Number | None, places: int = 2) -> str:
    """« 1 234,50 »: a number with so many decimals."""
    if value is None or is_blank(value):
        return blank_text()
    rounded = round(float(value), places) + 0.0  # + 0.0 turns -0.0 into 0.0
    # Django's number_format says the same many times slower, and a page may show a thousand numbers.
    whole, _point, rest = f"{abs(rounded):,.{places}f}".partition(".")
    thousands, point = separators()
    text = whole.replace(",", thousands)
    if rest:
        text = f"{text}{point}{rest}"
    return f"{MINUS}{text}" if rounded < 0 else text


@register.filter
def amount(value: Number | None) -> str:
    """« 1 234 567 »: a sum of money, whose currency the source does not say."""
    return decimal(value, 0)


@register.filter
def tenths(value: Number) -> str:
    """« 20 », « 13,9 »: one decimal where it says something."""
    rounded = round(float(value), 1)
    return decimal(rounded, 0 if rounded.is_integer() else 1)


@register.filter
def ratio(value: Number | None) -> str:
    """« 0,25 »."""
    return decimal(value, 2)


@register.filter
def years(days: Number | None) -> str:
    """« 25 ans », or « 8 mois » under a year, from days, which the source counts backwards."""
    if days is None or is_blank(days):
        return blank_text()
    if days == NOT_EMPLOYED_DAYS:
        return gettext("not employed or retired")
    count = int(abs(float(days)) / DAYS_PER_YEAR)
    if count:
        return _with_space(ngettext("%(count)d year", "%(count)d years", count) % {"count": count})
    count = int(abs(float(days)) / DAYS_PER_MONTH)
    return _with_space(ngettext("%(count)d month", "%(count)d months", count) % {"count": count})


@register.filter
def yes_no(value: object) -> str:
    """« oui » or « non » from a boolean, 1 or 0, Y or N."""
    if is_blank(value):
        return blank_text()
    return gettext("yes") if value in (True, 1, "1", "Y", "Yes", "yes") else gettext("no")


@register.filter
def long_date(value: date | None) -> str:
    """« 12 mars 2026 »; the moment's own date in the site's time zone."""
    if value is None:
        return blank_text()
    if isinstance(value, datetime) and timezone.is_aware(value):
        value = timezone.localtime(value)
    return date_format(value, "j F Y")


@register.filter
def moment(value: datetime | None) -> str:
    """« 12 mars 2026, 14:05 » in the site's time zone."""
    if value is None:
        return blank_text()
    local = timezone.localtime(value) if timezone.is_aware(value) else value
    return date_format(local, "j F Y, H:i")


def blank_text() -> str:
    """The words for a value that nobody gave."""
    return gettext("not provided")


def separators() -> tuple[str, str]:
    """What stands between groups of three digits, and before the decimals, in the reader's language."""
    return _separators_of(get_language())


@cache
def _separators_of(language: str | None) -> tuple[str, str]:
    thousands: str = get_format("THOUSAND_SEPARATOR", language)
    return thousands.replace("\xa0", NARROW_SPACE), get_format("DECIMAL_SEPARATOR", language)


def _with_unit(text: str, unit: str) -> str:
    return f"{text}{NARROW_SPACE}{unit}" if _is_french() else f"{text}{unit}"


def _with_space(text: str) -> str:
    return text.replace(" ", "\xa0")


def _is_french() -> bool:
    return (get_language() or "").startswith("fr")


def _plural_count(size: float) -> int:
    """The count that makes gettext choose well: French says « 1,9 point », English "1.9 points"."""
    if _is_french():
        return int(abs(size))
    return 1 if abs(size) == 1 else 2
