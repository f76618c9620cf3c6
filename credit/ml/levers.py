"""The levers of a simulation: what each slider may be set to, and the probability along it, all in one batch."""

import math
from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np

from credit.ml.catalogue import describe
from credit.ml.inputs import given
from credit.ml.loan import FEWEST, HELD_BY_DEFAULT, LOAN_COLUMNS, MOST, Loan, NeverRepaid, Quantity
from credit.ml.model import CreditModel
from credit.ml.simulation import NO_CHANGES, Changes, Subject, probabilities

#: Fields without a column: the number of instalments, and the down payment, which determines the amount.
INSTALMENTS: Final = "INSTALMENTS"
DOWN_PAYMENT: Final = "DOWN_PAYMENT"
INCOME: Final = "AMT_INCOME_TOTAL"
#: The quantity that a field sets; the down payment sets the amount.
QUANTITIES: Final = {
    "AMT_CREDIT": Quantity.AMOUNT,
    INSTALMENTS: Quantity.COUNT,
    "AMT_ANNUITY": Quantity.INSTALMENT,
    DOWN_PAYMENT: Quantity.AMOUNT,
}
LEVERS: Final = (*QUANTITIES, INCOME)
#: Variants along a lever.
POINTS: Final = 32
#: How far sliders go, as shares of the file's value: wide enough to cross the threshold, narrow enough to aim.
_REACH: Final = {"AMT_CREDIT": (0.25, 2.0), "AMT_ANNUITY": (0.4, 2.0), INCOME: (0.4, 2.5)}
_LARGEST_DOWN_PAYMENT: Final = 0.8  # of the price


@dataclass(frozen=True, slots=True)
class Situation:
    """The file with what somebody has changed so far; ``loan`` is None where the file states none."""

    changes: Changes = NO_CHANGES
    loan: Loan | None = None
    held: Quantity = Quantity.COUNT


@dataclass(frozen=True, slots=True)
class Curve:
    """A lever from ``minimum`` to ``maximum``, and the probability at some of its values, in order.

    ``value`` is where the situation is, ``start`` where the file is. A value that makes no possible loan has no point.
    """

    name: str
    minimum: float
    maximum: float
    step: float
    value: float
    start: float
    points: tuple[tuple[float, float], ...]  # (value, probability)

    @property
    def quantity(self) -> Quantity | None:
        return QUANTITIES.get(self.name)

    @property
    def held(self) -> Quantity | None:
        """What is held when this lever moves what was held until then."""
        return HELD_BY_DEFAULT[self.quantity] if self.quantity else None


@dataclass(frozen=True, slots=True)
class Levers:
    """The probability of the file and of the situation, and a curve per lever that the file has."""

    before: float
    now: float
    curves: tuple[Curve, ...]


def loan_figures(loan: Loan) -> dict[str, float]:
    """What each field of QUANTITIES says of a loan."""
    return {
        "AMT_CREDIT": loan.amount,
        INSTALMENTS: loan.count,
        "AMT_ANNUITY": loan.instalment,
        DOWN_PAYMENT: round(loan.down_payment, 2),
    }


def pull_levers(model: CreditModel, subject: Subject, situation: Situation) -> Levers:
    """Every lever from the situation on, the others held as they are: one call of the model."""
    levers = [(name, grid) for name in LEVERS if (grid := _grid(name, subject, situation))]
    variants = [
        (name, float(value), changes)
        for name, grid in levers
        for value in grid.values
        if (changes := _moved(subject, situation, name, float(value))) is not None
    ]
    scenarios = [NO_CHANGES, situation.changes, *(changes for _name, _value, changes in variants)]
    before, now, *rest = probabilities(model, subject, scenarios).tolist()
    curves = []
    for name, grid in levers:
        points = {v: p for (lever, v, _changes), p in zip(variants, rest, strict=True) if lever == name}
        points[grid.value] = now
        ordered = tuple(sorted(points.items()))
        curves.append(Curve(name, grid.minimum, grid.maximum, grid.step, grid.value, grid.start, ordered))
    return Levers(before, now, tuple(curves))


@dataclass(frozen=True, slots=True)
class _Grid:
    minimum: float
    maximum: float
    step: float
    value: float
    start: float

    @property
    def values(self) -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
        """At most POINTS values on the steps of the lever."""
        count = min(POINTS, round((self.maximum - self.minimum) / self.step) + 1)
        return np.unique(np.rint(np.linspace(self.minimum, self.maximum, count) / self.step) * self.step)


def _grid(name: str, subject: Subject, situation: Situation) -> _Grid | None:
    """The range of a lever; None for one that this file does not have."""
    file, loan = subject.loan, situation.loan
    if name == INCOME:
        start = given((INCOME,), subject.raw)[INCOME]
        return _around(name, situation.changes.codes.get(INCOME, start), start) if start > 0 else None
    if file is None or loan is None:
        return None
    value, start = loan_figures(loan)[name], loan_figures(file)[name]
    if name == INSTALMENTS:
        return _Grid(min(FEWEST, value, start), max(MOST, value, start), 1.0, value, start)
    if name != DOWN_PAYMENT:
        return _around(name, value, start)
    if not loan.price > 0:
        return None
    step = describe("AMT_GOODS_PRICE").step or 1.0
    highest = max(_LARGEST_DOWN_PAYMENT * loan.price, value, start)
    return _Grid(0.0, math.ceil(highest / step) * step, step, value, start)


def _around(name: str, value: float, start: float) -> _Grid:
    """From a part of the file's value to a multiple of it, on the steps of the catalogue and within its bounds."""
    variable, (least, most) = describe(name), _REACH[name]
    step, lowest, highest = variable.step or 1.0, variable.minimum or 0.0, variable.maximum or math.inf
    low, high = max(least * start, lowest), min(most * start, highest)
    low, high = min(low, value, start), max(high, value, start)
    return _Grid(math.floor(low / step) * step, math.ceil(high / step) * step, step, value, start)


def _moved(subject: Subject, situation: Situation, name: str, value: float) -> Changes | None:
    """The changes of the situation with one lever at ``value``; None where no such loan is possible."""
    codes = dict(situation.changes.codes)
    if name == INCOME:
        return Changes(codes | {INCOME: value})
    if situation.loan is None:
        return None
    target = situation.loan.amount_after(value) if name == DOWN_PAYMENT else value
    if target <= 0:
        return None
    try:
        loan = situation.loan.changed({QUANTITIES[name]: target}, situation.held)
    except NeverRepaid:
        return None
    return Changes(codes | loan.columns) if _is_simulable(loan) else None


def _is_simulable(loan: Loan) -> bool:
    return all(low <= value <= high for value, (low, high) in zip(loan.columns.values(), _bounds(), strict=False))


@cache
def _bounds() -> tuple[tuple[float, float], ...]:
    """The lowest and highest value of each of LOAN_COLUMNS, in their order."""
    variables = [describe(name) for name in LOAN_COLUMNS]
    return tuple((variable.minimum or 0.0, variable.maximum or math.inf) for variable in variables)
