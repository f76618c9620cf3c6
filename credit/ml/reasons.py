"""The reasons for a score: the themes that moved it, each led by a fact of the file that agrees with its effect."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from credit.ml.application import RawValue
from credit.ml.catalogue import UNKNOWN_THEME, Variable, variable_named
from credit.ml.catalogue.texts import reason_words
from credit.ml.columns import CATEGORIES, DAYS_SENTINEL

MAX_REASONS: Final = 4
#: A theme that moved the probability by less than a tenth of a point is not a reason.
SMALLEST_REASON: Final = 0.001
#: A fact leads a theme only if it did at least this share of what the theme did.
LEAST_SHARE: Final = 0.1
#: A share of rows -> the feature that counts these rows.
COUNTED: Final = {
    "BUREAU_CREDIT_ACTIVE_Active_MEAN": "BUREAU_ACTIVE_COUNT",
    "INSTAL_IS_LATE_MEAN": "INSTAL_IS_LATE_SUM",
    "INSTAL_IS_LATE_30_MEAN": "INSTAL_IS_LATE_30_SUM",
    "INSTAL_IS_UNDERPAID_MEAN": "INSTAL_IS_UNDERPAID_SUM",
    "POS_IS_LATE_MEAN": "POS_IS_LATE_SUM",
    "PREV_NAME_CONTRACT_STATUS_Approved_MEAN": "PREV_APPROVED_COUNT",
    "PREV_NAME_CONTRACT_STATUS_Refused_MEAN": "PREV_REFUSED_COUNT",
}
#: Smaller values read as 0 in their unit, without being 0.
_SMALLEST: Final = {"currency": 0.5, "days": 0.5, "days_relative": 1.0, "percent": 0.0005}
#: Days that measure how long something has lasted; fewer than a month's have words of their own.
_DURATIONS: Final = ("DAYS_BIRTH", "DAYS_EMPLOYED")
_DAYS_OF_A_MONTH: Final = 31
#: Values that stand for something else: 3 % of the cars of the public files are 64 or 65 years old, none from 55 to 63.
_CODES: Final = {"OWN_CAR_AGE": (64, 65)}


Population = Mapping[str, Mapping[str, float | None]]


@dataclass(frozen=True, slots=True)
class Reason:
    """What a theme did to the probability, ``points``, and the fact that leads it: a feature with its value.

    ``form`` is that of its words in reasons.csv; with "of", ``value`` is a share of ``of`` rows. A feature that the
    catalogue does not know is a theme of its own. ``feature`` is empty where only the theme was kept.
    """

    theme: str
    points: float
    feature: str = ""
    form: str = "value"
    value: float | None = None
    median: float | None = None
    of: int | None = None
    level: str = ""  # the text that the value stands for, in a column that came with a model

    @property
    def raises(self) -> bool:
        return self.points > 0


@dataclass(frozen=True, slots=True)
class _Plan:
    """The themes of a model's features: the place of each feature's theme, and the features that may lead it."""

    themes: tuple[str, ...]
    places: NDArray[np.intp]  # (F,)
    leads: tuple[tuple[tuple[int, Variable], ...], ...]  # by theme
    positions: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class _File:
    """What facts are read from."""

    plan: _Plan
    values: NDArray[np.float64]
    population: Population
    application: Mapping[str, RawValue]

    def value(self, name: str) -> float:
        """A feature of the model, NaN for one that it does not read."""
        place = self.plan.positions.get(name)
        return float("nan") if place is None else float(self.values[place])


def find_reasons(
    names: tuple[str, ...],
    values: NDArray[np.float64],
    points: NDArray[np.float64],
    population: Population,
    application: Mapping[str, RawValue],
) -> tuple[Reason, ...]:
    """Every reason, strongest first, from F features: their values and points (F,), the medians of the population.

    A theme without a fact that agrees with what it did is not a reason; no two are led by the same blank.
    """
    plan = _plan(names)
    file = _File(plan, values, population, application)
    sums = np.bincount(plan.places, weights=points, minlength=len(plan.themes))
    reasons: list[Reason] = []
    for place in np.argsort(-np.abs(sums), kind="stable"):
        total = float(sums[place])
        if abs(total) < SMALLEST_REASON:
            break
        theme = plan.themes[place]
        pulling = [(abs(float(points[at])), variable) for at, variable in plan.leads[place] if points[at] * total > 0]
        for size, variable in sorted(pulling, key=lambda pair: -pair[0]):
            if size < LEAST_SHARE * abs(total):
                break
            reason = _led_by(variable, theme, total, file)
            if reason and not any(_is_same_blank(reason, other) for other in reasons):
                reasons.append(reason)
                break
    return tuple(reasons)


@lru_cache(maxsize=8)
def _plan(names: tuple[str, ...]) -> _Plan:
    variables = [variable_named(name) for name in names]
    theme_of_feature = [each.name if each.theme == UNKNOWN_THEME else each.theme for each in variables]
    themes = tuple(dict.fromkeys(theme_of_feature))
    places = np.array([themes.index(theme) for theme in theme_of_feature], np.intp)
    leading = {feature for feature, _form in reason_words()}
    leads: list[list[tuple[int, Variable]]] = [[] for _theme in themes]
    for at, variable in enumerate(variables):
        if variable.name in leading or variable.theme == UNKNOWN_THEME:
            leads[places[at]].append((at, variable))
    return _Plan(themes, places, tuple(map(tuple, leads)), {name: at for at, name in enumerate(names)})


def _led_by(variable: Variable, theme: str, total: float, file: _File) -> Reason | None:
    """The reason with this fact, None where it has no words or contradicts what the theme did."""
    name, value = variable.name, file.value(variable.name)
    if value != value:
        form = _form_of_blank(variable, file)
        if form == "blank" and total < 0 and variable.theme != UNKNOWN_THEME:
            return None  # what a file does not say reassures nobody
        return Reason(theme, total, name, form) if form else None
    median = file.population.get(name, {}).get("median")
    if variable.theme == UNKNOWN_THEME:
        return Reason(theme, total, name, "value", value, median)
    form = _form(variable, value)
    if (name, form) not in reason_words() or not _agrees(variable, value, median, raises=total > 0):
        return None
    of = _rows(name, value, file) if form == "value" else None
    if variable.name in CATEGORIES or variable.unit == "yes_no" or (form == "zero" and variable.unit != "count"):
        median = None  # of codes, or of a share or an amount that the words of a zero do not name
    return Reason(theme, total, name, "of" if of else form, value, median, of)


def _form(variable: Variable, value: float) -> str:
    """The form of the words for a value that is there; "" where it would read as something else."""
    if variable.unit == "yes_no":
        return "one" if value else "zero"
    if variable.name in CATEGORIES:
        return "value"
    if value in _CODES.get(variable.name, ()):
        return ""
    size = abs(value)
    if variable.name in _DURATIONS:
        return "value" if size >= _DAYS_OF_A_MONTH else "zero"
    if size == 0:
        return "zero"
    is_backwards = variable.unit == "days_relative"
    return "value" if size >= _SMALLEST.get(variable.unit, 0.0005) and (value < 0) == is_backwards else ""


def _agrees(variable: Variable, value: float, median: float | None, *, raises: bool) -> bool:
    """Whether the value lies on the side of the median where a variable with this direction raises, or lowers.

    0 is the end of a scale, so it may equal the median. Categories without an order agree with anything.
    """
    sign = variable.direction
    if variable.unit == "yes_no":
        return not sign or ((value > 0) == (sign > 0)) == raises
    if variable.name in CATEGORIES and not sign:
        return True
    if value == 0 and sign:
        return (sign < 0) == raises
    if median is None or value == median:
        return False
    return not sign or ((value > median) == (sign > 0)) == raises


def _form_of_blank(variable: Variable, file: _File) -> str:
    """The form of the words for a blank: of the value itself, or of a table without a row; "" without any."""
    if variable.theme == UNKNOWN_THEME:
        return "blank"
    if variable.name == "DAYS_EMPLOYED" and file.application.get(variable.name) == DAYS_SENTINEL:
        return "sentinel"
    if (variable.name, "blank") in reason_words():
        return "blank"
    table = variable.name.partition("_")[0]
    if (table, "blank") not in reason_words() or f"{table}_COUNT" not in file.plan.positions:
        return ""
    count = file.value(f"{table}_COUNT")
    return "" if count > 0 else "no_rows"


def _rows(name: str, share: float, file: _File) -> int | None:
    """The number of rows that a share is of, where the model also reads how many they are."""
    count = file.value(COUNTED.get(name, ""))
    if not count >= 1:
        return None
    rows = count / share
    return round(rows) if abs(rows - round(rows)) < 1e-3 * rows else None


def _is_same_blank(reason: Reason, other: Reason) -> bool:
    tables = {reason.feature.partition("_")[0], other.feature.partition("_")[0]}
    return reason.form == other.form == "no_rows" and len(tables) == 1
