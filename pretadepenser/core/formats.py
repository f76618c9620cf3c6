"""Values as text in the active language: numbers, shares, durations, dates; a blank reads « non renseigné ».

Functions take a value as it is stored: a probability in 0..1, a duration in days of either sign.
"""

import math
from datetime import date, datetime
from decimal import Decimal
from functools import cache

from django.utils import timezone
from django.utils.formats import date_format, get_format
from django.utils.translation import get_language, gettext, ngettext

Number = int | float | Decimal
NARROW_SPACE = "\u202f"  # narrow no-break space, which French sets between groups of digits and before a percent sign
MINUS = "\u2212"
DAYS_PER_YEAR = 365.25
DAYS_PER_MONTH = DAYS_PER_YEAR / 12


def is_blank(value: object) -> bool:
    """True for None, NaN, an empty text, and the words for a blank."""
    if isinstance(value, (float, Decimal)):
        return math.isnan(value)
    return value is None or (isinstance(value, str) and (not value.strip() or value == blank_text()))


def filled(value: object) -> str:
    """The value as text, or the words for a blank."""
    return blank_text() if is_blank(value) else str(value)


def probability(value: Number | None) -> str:
    """« 7,4 % » from 0.074; « < 0,1 % » and « > 99,9 % » for values near 0 and 1, never « 0,0 % » or « 100,0 % »."""
    if value is None or is_blank(value):
        return blank_text()
    if 0 < value < 0.0005:
        return f"< {percent(0.001, 1)}"
    if 0.9995 <= value < 1:
        return f"> {percent(0.999, 1)}"
    return percent(value, 1)


def percent(value: Number | None, places: int = 0) -> str:
    """« 12 % » from 0.12."""
    if value is None or is_blank(value):
        return blank_text()
    text = decimal(float(value) * 100, places)
    return f"{text}{NARROW_SPACE}%" if _is_french() else f"{text}%"


def points(value: Number | None, places: int = 1) -> str:
    """« +3,1 points » from a difference of probabilities of 0.031."""
    if value is None or is_blank(value):
        return blank_text()
    size = round(float(value) * 100, places)
    return _points(size, signed(size, places))


def points_size(value: Number) -> str:
    """« 3,1 points » from a difference of probabilities of ±0.031."""
    size = round(abs(float(value)) * 100, 1)
    return _points(size, decimal(size, 1))


def _points(size: float, text: str) -> str:
    return ngettext("%(number)s point", "%(number)s points", plural_count(size)) % {"number": text}


def signed(value: Number | None, places: int = 2) -> str:
    """« +0,31 », « −0,31 », « 0,00 »."""
    if value is None or is_blank(value):
        return blank_text()
    return f"+{decimal(value, places)}" if round(float(value), places) > 0 else decimal(value, places)


def decimal(value: Number | None, places: int = 2) -> str:
    """« 1 234,50 »."""
    if value is None or is_blank(value):
        return blank_text()
    rounded = round(float(value), places) + 0.0  # + 0.0 turns -0.0 into 0.0
    # Django's number_format gives the same text, but is much slower, and a page may show a thousand numbers.
    whole, _point, rest = f"{abs(rounded):,.{places}f}".partition(".")
    thousands, point = separators()
    text = whole.replace(",", thousands)
    if rest:
        text = f"{text}{point}{rest}"
    return f"{MINUS}{text}" if rounded < 0 else text


def amount(value: Number | None) -> str:
    """« 1 234 567 »: a sum of money, without a currency, which the source does not give."""
    return decimal(value, 0)


def tenths(value: Number) -> str:
    """« 20 », « 13,9 »: one decimal unless it is 0."""
    rounded = round(float(value), 1)
    return decimal(rounded, 0 if rounded.is_integer() else 1)


def years(days: Number | None) -> str:
    """« 25 ans », or « 8 mois » under a year. Two years typed in a form are kept as 730 days, which are two years."""
    if days is None or is_blank(days):
        return blank_text()
    count = int((abs(float(days)) + 1) / DAYS_PER_YEAR)
    if count:
        text = ngettext("%(count)d year", "%(count)d years", count)
    else:
        count = int(abs(float(days)) / DAYS_PER_MONTH)
        text = ngettext("%(count)d month", "%(count)d months", count)
    return (text % {"count": count}).replace(" ", "\xa0")


def yes_no(value: Number | None) -> str:
    """« oui » or « non »."""
    if is_blank(value):
        return blank_text()
    return gettext("yes") if value else gettext("no")


def long_date(value: date | None) -> str:
    """« 12 mars 2026 »; of a moment, its date in the site's time zone."""
    if value is None:
        return blank_text()
    if isinstance(value, datetime) and timezone.is_aware(value):
        value = timezone.localtime(value)
    return date_format(value, "j F Y")


def moment(value: datetime | None) -> str:
    """« 12 mars 2026, 14:05 » in the site's time zone."""
    if value is None:
        return blank_text()
    local = timezone.localtime(value) if timezone.is_aware(value) else value
    return date_format(local, "j F Y, H:i")


def blank_text() -> str:
    """The words for a missing value."""
    return gettext("not provided")


def separators() -> tuple[str, str]:
    """The separators of thousands and of decimals."""
    return _separators_of(get_language())


@cache
def _separators_of(language: str | None) -> tuple[str, str]:
    thousands: str = get_format("THOUSAND_SEPARATOR", language)
    return thousands.replace("\xa0", NARROW_SPACE), get_format("DECIMAL_SEPARATOR", language)


def _is_french() -> bool:
    return (get_language() or "").startswith("fr")


def plural_count(size: float) -> int:
    """An integer that selects the right plural form: French has « 1,9 point », English "1.9 points"."""
    if _is_french():
        return int(abs(size))
    return 1 if abs(size) == 1 else 2
