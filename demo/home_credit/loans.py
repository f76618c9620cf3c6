"""Monthly balances (POS_CASH) and instalments of cash and consumer loans, from the same payments."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from demo.home_credit.population import Clients
from demo.home_credit.previous import REVOLVING, PreviousApplications
from demo.home_credit.sampling import (
    MONTH_DAYS,
    BoolArray,
    Coded,
    Columns,
    FloatArray,
    IntArray,
    Knots,
    blank,
    chance,
    fine,
    logistic,
    spread,
    with_margin,
)
from demo.home_credit.schedule import INSTALMENT_DAYS, Schedule
from demo.home_credit.traits import Traits

OLDEST_MONTH: Final = 96
OLDEST_DAY: Final = 2922.0
#: Days before the due date of those who pay in time.
DAYS_EARLY: Final[Knots] = (0, 0, 0, 4, 10, 18, 40, 80, 290)
#: Scale of the days late, the longest wait, and the mean days between the two parts of a split payment.
MEAN_DAYS_LATE: Final = 7.0
LATEST_DAYS: Final = 360.0
MEAN_DAYS_BETWEEN: Final = 6.0
#: Log-odds of a late instalment for an average client on an average loan.
LATE_LOGIT: Final = -2.75
#: Lateness that is still visible at the end of the month, and the part of it beyond the tolerance.
VISIBLE_DAYS: Final = 8.0
BEYOND_TOLERANCE: Final = 0.40
#: Instalments paid in two payments: of a client who is never late, and more for each late instalment.
SPLIT_SHARE: Final = 0.035
SPLIT_PER_HABIT: Final = 0.45
#: Months that a loan stays on the books after the last payment of a client who gives up.
MONTHS_ON_BOOKS: Final = 80
#: Instalments that an early settlement saves the interest of: part of each that is paid nevertheless.
SETTLEMENT_PART: Final = 0.80
#: Shares: months of signature reported as such, given-up months reported as a demand, and contracts returned at once.
SIGNED_SHARE, DEMAND_SHARE, RETURNED_SHARE = 0.10, 0.05, 0.006
UNTOLD_TERM: Final = 0.0026
ACTIVE, COMPLETED, SIGNED, DEMAND, RETURNED = 0, 1, 2, 3, 4
POS_STATUSES: Final = ("Active", "Completed", "Signed", "Demand", "Returned to the store")


@dataclass(frozen=True, slots=True)
class _Months:
    """One value per contract and month; month 0 is the signature, month k holds instalment k."""

    #: Row of the contract among the previous applications.
    at: IntArray
    number: IntArray
    #: Tendency of the client to pay this loan late, and days from the due date to the payment (negative: early).
    habit: FloatArray
    days_late: FloatArray
    is_settlement: BoolArray
    is_unpaid: BoolArray


def draw_loan_payments(
    rng: np.random.Generator, clients: Clients, previous: PreviousApplications, schedule: Schedule, traits: Traits
) -> tuple[Columns, Columns]:
    """Columns of ``POS_CASH_balance``, and of ``installments_payments`` for these loans."""
    months = _draw_months(rng, previous, schedule, traits)
    balances = _balance_columns(rng, clients, previous, schedule, months)
    return balances, _instalment_columns(rng, clients, previous, schedule, months)


def _draw_months(
    rng: np.random.Generator, previous: PreviousApplications, schedule: Schedule, traits: Traits
) -> _Months:
    """Every month of every loan from the signature to settlement, or to the present."""
    loans = np.flatnonzero(previous.has_begun & (previous.kind != REVOLVING) & (schedule.first_due < 0))
    own = traits.at(previous.owner[loans])
    tendency = LATE_LOGIT - 0.50 * own.discipline + 0.30 * own.stress + 0.9 * rng.standard_normal(len(loans))
    settled, given_up = schedule.settled_at[loans], schedule.is_given_up[loans]
    due_so_far = 1 + np.floor(-schedule.first_due[loans] / INSTALMENT_DAYS)
    last = np.minimum(np.where(given_up, settled + MONTHS_ON_BOOKS, settled), due_so_far)
    row, number = spread(last.astype(np.int64) + 1)
    habit = logistic(tendency)[row]
    return _Months(
        at=loans[row],
        number=number,
        habit=habit,
        days_late=_draw_lateness(rng, habit),
        is_settlement=(number == settled[row]) & ~given_up[row],
        is_unpaid=(number > settled[row]) & given_up[row],
    )


def _draw_lateness(rng: np.random.Generator, habit: FloatArray) -> FloatArray:
    """Days from the due date to the payment of each instalment; negative when paid early."""
    count = len(habit)
    is_late = chance(rng, habit, count)
    days_late = 1.0 + np.floor(rng.standard_exponential(count) ** 1.5 * MEAN_DAYS_LATE)
    early = np.rint(with_margin(rng.standard_normal(count), DAYS_EARLY))
    return np.where(is_late, np.minimum(days_late, LATEST_DAYS), -early)


def _balance_columns(
    rng: np.random.Generator,
    clients: Clients,
    previous: PreviousApplications,
    schedule: Schedule,
    months: _Months,
) -> Columns:
    """One row per contract and month, of the last 96 months."""
    first_month = np.floor((schedule.first_due - INSTALMENT_DAYS) / MONTH_DAYS).astype(np.int64)
    month = first_month[months.at] + months.number
    kept = np.flatnonzero((month >= -OLDEST_MONTH) & (month <= -1))
    rows = kept[rng.permutation(len(kept))]
    at, number = months.at[rows], months.number[rows]
    term = np.where(months.is_settlement[rows], schedule.settled_at[at], previous.term[at])
    overdue = _overdue_days(schedule, months)[rows]
    untold = chance(rng, UNTOLD_TERM, len(rows))
    # A given-up loan is beyond the tolerance as a whole or not at all.
    tolerated = np.where(months.is_unpaid[rows], previous.ids[at] % 10 > 0, ~chance(rng, BEYOND_TOLERANCE, len(rows)))
    return {
        "SK_ID_PREV": previous.ids[at],
        "SK_ID_CURR": clients.ids[previous.owner[at]],
        "MONTHS_BALANCE": month[rows],
        "CNT_INSTALMENT": blank(term, untold),
        "CNT_INSTALMENT_FUTURE": blank(np.maximum(term - number, 0.0), untold),
        "NAME_CONTRACT_STATUS": _status(rng, months, rows),
        "SK_DPD": overdue,
        "SK_DPD_DEF": np.where(tolerated, 0.0, overdue),
    }


def _overdue_days(schedule: Schedule, months: _Months) -> FloatArray:
    """Days past due at the end of each month; a settled loan has none."""
    since_last = MONTH_DAYS * (months.number - schedule.settled_at[months.at])
    visible = (months.days_late >= VISIBLE_DAYS) & (months.number > 0)
    days = np.where(months.is_unpaid, since_last, np.where(visible, months.days_late, 0.0))
    return np.where(months.is_settlement, 0.0, np.floor(days))


def _status(rng: np.random.Generator, months: _Months, rows: IntArray) -> Coded:
    """Status of the contract in these months."""
    draw = rng.random(len(rows))
    is_first = months.number[rows] == 0
    conditions = [
        months.is_settlement[rows],
        is_first & (draw < SIGNED_SHARE),
        is_first & (draw > 1.0 - RETURNED_SHARE),
        months.is_unpaid[rows] & (draw < DEMAND_SHARE),
    ]
    return Coded(np.select(conditions, [COMPLETED, SIGNED, RETURNED, DEMAND], ACTIVE), POS_STATUSES)


def _instalment_columns(
    rng: np.random.Generator,
    clients: Clients,
    previous: PreviousApplications,
    schedule: Schedule,
    months: _Months,
) -> Columns:
    """One row per payment; an early settlement pays the rest at once, some instalments are paid in two parts."""
    due = schedule.first_due[months.at] + INSTALMENT_DAYS * (months.number - 1)
    paid_on = due + months.days_late
    rest = np.where(months.is_settlement, previous.term[months.at] - months.number, 0.0)
    amount = fine(previous.annuity[months.at] * (1.0 + SETTLEMENT_PART * rest))
    is_reported = (months.number > 0) & ~months.is_unpaid & (paid_on < 0) & (paid_on > -OLDEST_DAY)
    known = np.flatnonzero(is_reported)
    split = chance(rng, np.minimum(SPLIT_SHARE + SPLIT_PER_HABIT * months.habit[known], 1.0), len(known))
    first = fine(amount[known] * np.where(split, rng.random(len(known)) ** 0.7, 1.0))
    later = known[split]
    wait = 1.0 + np.floor(rng.standard_exponential(len(later)) * MEAN_DAYS_BETWEEN)
    rows = np.concatenate([known, later])
    at = months.at[rows]
    return {
        "SK_ID_PREV": previous.ids[at],
        "SK_ID_CURR": clients.ids[previous.owner[at]],
        "NUM_INSTALMENT_VERSION": np.where(rest[rows] > 0, 2.0, 1.0),
        "NUM_INSTALMENT_NUMBER": months.number[rows],
        "DAYS_INSTALMENT": due[rows],
        "DAYS_ENTRY_PAYMENT": np.concatenate([paid_on[known], np.minimum(paid_on[later] + wait, -1.0)]),
        "AMT_INSTALMENT": amount[rows],
        "AMT_PAYMENT": np.concatenate([first, fine(amount[later] - first[split])]),
    }
