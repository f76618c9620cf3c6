"""The smallest change of a loan that brings its probability of default under a limit, found by trying.

Nothing is assumed of the model: every feasible value is a candidate, and candidates are tried from the nearest on,
so the first that passes is the smallest change there is on the grid. The arithmetic is that of ``credit.ml.loan``.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice
from typing import Final

import numpy as np

from credit.ml.catalogue import describe
from credit.ml.loan import FEWEST, MOST, Loan
from credit.ml.model import CreditModel
from credit.ml.simulation import Changes, Subject, probabilities

#: A proposal borrows at least this share of the amount requested: less is another project, not a change of this one.
SMALLEST_SHARE: Final = 0.5
#: Amount over instalment in the 307,511 applications of Kaggle's training table; a model knows nothing beyond.
KNOWN_RATIOS: Final = (8.0, 45.3)
#: Variants that are scored in one call; the nearest come first, so most searches end in the first few.
_AT_ONCE: Final = 64


class Lever(StrEnum):
    """What a borrower can change of the loan itself. Nothing else is proposed: not age, work, family or home."""

    DOWN_PAYMENT = "down_payment"  # borrow less for the same purchase, over as many instalments
    SMALLER_PROJECT = "smaller_project"  # the amount and the price shrink alike, over as many instalments
    DURATION = "duration"  # the same amount over another number of instalments


@dataclass(frozen=True, slots=True)
class Recourse:
    """A change that brings the probability under the limit, and the loan that it makes."""

    lever: Lever
    changes: Changes
    loan: Loan
    probability: float


def smallest_change(model: CreditModel, subject: Subject, lever: Lever, limit: float) -> Recourse | None:
    """The nearest candidate of a lever with a probability below ``limit``; None where no candidate has one."""
    loan = subject.loan
    if loan is None:
        return None
    candidates = candidates_of(lever, loan)
    while chunk := list(islice(candidates, _AT_ONCE)):
        changes = [changes_of(loan, candidate) for candidate in chunk]
        values = probabilities(model, subject, changes)
        passing = np.flatnonzero(values < limit)
        if len(passing):
            first = int(passing[0])
            return Recourse(lever, changes[first], chunk[first], float(values[first]))
    return None


def candidates_of(lever: Lever, loan: Loan) -> Iterator[Loan]:
    """Every feasible change of a lever, the smallest first."""
    match lever:
        case Lever.DURATION:
            candidates = _durations(loan)
        case Lever.DOWN_PAYMENT:
            candidates = (loan.scaled(amount) for amount in _amounts_below(loan.amount) if loan.price > 0)
        case Lever.SMALLER_PROJECT:
            candidates = (loan.shrunk(amount) for amount in _amounts_below(loan.amount) if loan.price > 0)
    return (candidate for candidate in candidates if _is_feasible(loan, candidate))


def changes_of(before: Loan, after: Loan) -> Changes:
    """The columns in which two loans differ."""
    return Changes({name: value for name, value in after.columns.items() if value != before.columns[name]})


def _durations(loan: Loan) -> Iterator[Loan]:
    """Other numbers of instalments, the nearest to the present one first, the shorter of two as near."""
    counts = sorted(range(FEWEST, MOST + 1), key=lambda count: (abs(count - loan.count), count))
    return (loan.with_count(count) for count in counts if count != loan.count)


def _amounts_below(amount: float) -> Iterator[float]:
    """The catalogue's amounts below the requested one, the largest first."""
    minimum, _maximum, step = _range("AMT_CREDIT")
    highest = math.ceil((amount - minimum) / step) - 1
    lowest = max(math.ceil((amount * SMALLEST_SHARE - minimum) / step), 0)
    return (minimum + position * step for position in range(highest, lowest - 1, -1))


def _is_feasible(before: Loan, after: Loan) -> bool:
    """Whether each changed value may be simulated and the model knows loans of this length."""
    ratios = sorted((*KNOWN_RATIOS, before.amount / before.instalment))
    ranges = ((value, *_range(name)) for name, value in changes_of(before, after).codes.items())
    is_known = ratios[0] <= after.amount / after.instalment <= ratios[-1]
    return is_known and all(minimum <= value <= maximum for value, minimum, maximum, _step in ranges)


def _range(column: str) -> tuple[float, float, float]:
    variable = describe(column)
    if variable.minimum is None or variable.maximum is None or variable.step is None:
        raise ValueError(f"{column} may not be changed")
    return variable.minimum, variable.maximum, variable.step
