"""The client on the main variables: a box plot of the group for each, and where the client is an outlier."""

import math
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

from credit.ml.store import SCORE, Cohort
from credit.presenters.comparison.words import rank_in_words, shown_value, variable_label
from credit.selectors.peers import Comparable

MAIN_VARIABLES: Final = (
    SCORE,
    "EXT_SOURCES_MEAN",
    "AMT_CREDIT",
    "AMT_ANNUITY",
    "AMT_INCOME_TOTAL",
    "ANNUITY_INCOME_PERC",
    "DAYS_BIRTH",
    "DAYS_EMPLOYED",
    "BUREAU_AMT_CREDIT_SUM_DEBT_SUM",
    "INSTAL_IS_LATE_MEAN",
)
#: The box and its whiskers: the middle half, and nine clients in ten.
_SHARES: Final = (0.05, 0.25, 0.5, 0.75, 0.95)
#: A client beyond these shares of the group is an outlier.
_APART: Final = (0.1, 0.9)


@dataclass(frozen=True, slots=True)
class Box:
    """Where a box plot's parts stand, as lengths of an SVG (« 12.50% »); ``client_at`` is empty for a blank."""

    low_at: str
    box_at: str
    box_width: str
    median_at: str
    high_at: str
    client_at: str


@dataclass(frozen=True, slots=True)
class OverviewRow:
    """One variable: the client's value, the group's median and middle half in words, and the drawing."""

    name: str
    label: str
    value: str
    median: str
    middle_half: str
    rank: str
    box: Box


@dataclass(frozen=True, slots=True)
class Overview:
    conclusion: str
    rows: tuple[OverviewRow, ...]


def present_overview(compared: Comparable, cohort: Cohort, offered: tuple[str, ...]) -> Overview:
    rows, apart = [], []
    for name in MAIN_VARIABLES:
        quantiles = cohort.quantiles(name, _SHARES) if name in offered else (math.nan,)
        if math.isnan(quantiles[0]):
            continue
        value = compared.values[name]
        is_known = not math.isnan(value)
        rank = cohort.rank(name, value) if is_known else None
        label = variable_label(name)
        if rank and not _APART[0] <= rank.share <= _APART[1]:
            side = _("higher than most") if rank.share > _APART[1] else _("lower than most")
            apart.append(_("%(variable)s (%(side)s)") % {"variable": label, "side": side})
        texts = [shown_value(name, quantile) for quantile in quantiles]
        rows.append(
            OverviewRow(
                name=name,
                label=label,
                value=shown_value(name, value),
                median=texts[2],
                middle_half=_("%(low)s to %(high)s") % {"low": texts[1], "high": texts[3]},
                rank=rank_in_words(rank) if rank else "",
                box=_box(quantiles, value if is_known else None),
            )
        )
    return Overview(_conclusion(apart), tuple(rows))


def _conclusion(apart: list[str]) -> str:
    if not apart:
        return _("On every main variable this client is like most of the group.")
    return _("What sets this client apart from the group: %(variables)s.") % {"variables": ", ".join(apart)}


def _box(quantiles: tuple[float, ...], value: float | None) -> Box:
    """On a scale that holds the whiskers and the client."""
    known = [*quantiles, *([value] if value is not None else [])]
    start, end = min(known), max(known)
    reach = (end - start) or 1.0

    def at(each: float) -> float:
        return 2 + 96 * (each - start) / reach  # the ends stay inside the drawing

    low, first, median, third, high = (at(each) for each in quantiles)
    return Box(
        low_at=f"{low:.2f}%",
        box_at=f"{first:.2f}%",
        box_width=f"{max(third - first, 0.5):.2f}%",
        median_at=f"{median:.2f}%",
        high_at=f"{high:.2f}%",
        client_at=f"{at(value):.2f}%" if value is not None else "",
    )
