"""Figures that only the benchmark has, written in the reader's language."""

from typing import Final

from django.utils.translation import gettext as _

from pretadepenser.core import formats
from vision.ml.statistics import Interval

SHORTEST_SECONDS: Final = 0.1
SMALLEST_P: Final = 0.001
NOT_MEASURED: Final = "–"


def interval(low: str, high: str) -> str:
    """« 70,1 % à 82,9 % »."""
    return _("%(low)s to %(high)s") % {"low": low, "high": high}


def share_interval(bounds: Interval) -> str:
    """An interval in 0..1, in percent."""
    return interval(formats.percent(bounds.low, 1), formats.percent(bounds.high, 1))


def duration(seconds: float) -> str:
    """« < 0,1 s », « 0,4 s », « 38 s », « 4 min 12 s »."""
    if 0 < seconds < SHORTEST_SECONDS:
        return _("< %(seconds)s s") % {"seconds": formats.decimal(SHORTEST_SECONDS, 1)}
    if seconds < 10:
        return _("%(seconds)s s") % {"seconds": formats.decimal(seconds, 1)}
    minutes, rest = divmod(round(seconds), 60)
    if not minutes:
        return _("%(seconds)s s") % {"seconds": rest}
    return _("%(minutes)s min %(seconds)s s") % {"minutes": formats.amount(minutes), "seconds": rest}


def megabytes(count: float) -> str:
    """« 512 Mo » from a number of bytes."""
    return _("%(size)s MB") % {"size": formats.amount(count / 1e6)}


def millions(count: int) -> str:
    """« 14,7 M »."""
    return _("%(count)s M") % {"count": formats.decimal(count / 1e6, 1 if count >= 1_000_000 else 2)}


def p_value(p: float) -> str:
    """« < 0,001 » or « = 0,042 »."""
    return f"< {formats.decimal(SMALLEST_P, 3)}" if p < SMALLEST_P else f"= {formats.decimal(p, 3)}"
