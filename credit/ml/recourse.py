"""The smallest change of a loan that brings its probability of default under a limit, found by trying.

Nothing is assumed of the model: every feasible value is a candidate, and candidates are tried from the nearest on,
so the first that passes is the smallest change there is on the grid.
"""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice
from typing import Final

import numpy as np

from credit.ml.catalogue import describe
from credit.ml.inputs import given
from credit.ml.model import CreditModel
from credit.ml.simulation import Changes, Subject, probabilities

#: Fewest and most instalments that are proposed. Source: AMT_CREDIT / AMT_ANNUITY runs from 8 to 45.3 in the 307,511
#: applications of Kaggle's training table; a model knows nothing of what lies outside.
INSTALMENTS: Final = (8, 45)
#: Variants that are scored in one call; the nearest come first, so most searches end in the first few.
_AT_ONCE: Final = 64


class Lever(StrEnum):
    """What a borrower can change of the loan itself. Nothing else is proposed: not age, work, family or home."""

    DOWN_PAYMENT = "down_payment"  # borrow less for the same purchase, over as many instalments
    SMALLER_PROJECT = "smaller_project"  # the amount and the price shrink alike, over as many instalments
    DURATION = "duration"  # the same amount over another number of instalments


#: The columns that levers may write; each is one that the catalogue lets an advisor change.
LEVER_COLUMNS: Final = ("AMT_CREDIT", "AMT_ANNUITY", "AMT_GOODS_PRICE")


@dataclass(frozen=True, slots=True)
class Recourse:
    """A change that brings the probability under the limit; ``instalments`` is the amount over the instalment."""

    lever: Lever
    changes: Changes
    probability: float
    instalments: float


def smallest_change(model: CreditModel, subject: Subject, lever: Lever, limit: float) -> Recourse | None:
    """The nearest candidate of a lever with a probability below ``limit``; None where no candidate has one."""
    candidates = candidates_of(lever, given(LEVER_COLUMNS, subject.raw))
    while chunk := list(islice(candidates, _AT_ONCE)):
        values = probabilities(model, subject, chunk)
        passing = np.flatnonzero(values < limit)
        if len(passing):
            changes = chunk[passing[0]]
            loan = given(LEVER_COLUMNS, subject.raw) | changes.codes
            instalments = loan["AMT_CREDIT"] / loan["AMT_ANNUITY"]
            return Recourse(lever, changes, float(values[passing[0]]), instalments)
    return None


def candidates_of(lever: Lever, loan: Mapping[str, float]) -> Iterator[Changes]:
    """Every feasible change of a lever, the smallest first; none for a loan with a needed value blank."""
    amount, annuity = loan["AMT_CREDIT"], loan["AMT_ANNUITY"]
    if not (amount > 0 and annuity > 0):  # also False for NaN
        return
    if lever == Lever.DURATION:
        yield from _durations(amount, annuity)
        return
    price = loan["AMT_GOODS_PRICE"]
    if lever == Lever.SMALLER_PROJECT and math.isnan(price):
        return
    for smaller in _amounts_below(amount):
        changes = {"AMT_CREDIT": smaller, "AMT_ANNUITY": _on_grid("AMT_ANNUITY", annuity * smaller / amount)}
        if lever == Lever.SMALLER_PROJECT:
            changes["AMT_GOODS_PRICE"] = _on_grid("AMT_GOODS_PRICE", price * smaller / amount)
        if all(_is_feasible(name, value) for name, value in changes.items()):
            yield Changes(changes)


def _durations(amount: float, annuity: float) -> Iterator[Changes]:
    """Whole numbers of instalments, the nearest to the present number first, the shorter of two as near."""
    present = amount / annuity
    counts = range(INSTALMENTS[0], INSTALMENTS[1] + 1)
    for count in sorted(counts, key=lambda count: (abs(count - present), count)):
        instalment = round(amount / count, 2)
        if instalment != annuity and _is_feasible("AMT_ANNUITY", instalment):
            yield Changes({"AMT_ANNUITY": instalment})


def _amounts_below(amount: float) -> Iterator[float]:
    """The catalogue's amounts below the requested one, the largest first."""
    minimum, _maximum, step = _range("AMT_CREDIT")
    highest = math.ceil((amount - minimum) / step) - 1
    for position in range(highest, -1, -1):
        yield minimum + position * step


def _on_grid(column: str, value: float) -> float:
    """The value rounded to the step of its column."""
    step = _range(column)[2]
    return round(value / step) * step


def _is_feasible(column: str, value: float) -> bool:
    minimum, maximum, _step = _range(column)
    return minimum <= value <= maximum


def _range(column: str) -> tuple[float, float, float]:
    variable = describe(column)
    if variable.minimum is None or variable.maximum is None or variable.step is None:
        raise ValueError(f"{column} may not be changed")
    return variable.minimum, variable.maximum, variable.step
