"""Monthly balances (POS_CASH) and instalments of cash and consumer loans, told from the same payments."""

from typing import Final

import numpy as np

from credit.ml.synthetic.population import Clients
from credit.ml.synthetic.previous import REVOLVING, PreviousApplications
from credit.ml.synthetic.sampling import (
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
from credit.ml.synthetic.schedule import INSTALMENT_DAYS, Schedule
from credit.ml.synthetic.traits import Traits

OLDEST_MONTH: Final = 96
OLDEST_DAY: Final = 2922.0
#: Days before the due date of those who pay in time.
DAYS_EARLY: Final[Knots] = (0, 0, 0, 4, 10, 18, 40, 80, 290)
MEAN_DAYS_LATE: Final = 7.0
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
ACTIVE, COMPLETED, SIGNED, DEMAND, RETURNED = 0, 1, 2, 3, 4
POS_STATUSES: Final = ("Active", "Completed", "Signed", "Demand", "Returned to the store")


def draw_loan_payments(
    rng: np.random.Generator,
    clients: Clients,
    previous: PreviousApplications,
    schedule: Schedule,
    traits: Traits,
) -> tuple[Columns, Columns]:
    """Columns of ``POS_CASH_balance``, and of ``installments_payments`` for these loans."""
    loans = np.flatnonzero(previous.has_begun & (previous.kind != REVOLVING) & (schedule.first_due < 0))
    own = traits.at(previous.owner[loans])
    habit = logistic(LATE_LOGIT - 0.50 * own.discipline + 0.30 * own.stress + 0.9 * rng.standard_normal(len(loans)))
    first_due, settled = schedule.first_due[loans], schedule.settled_at[loans]
    due_so_far = 1 + np.floor(-first_due / INSTALMENT_DAYS)
    given_up = schedule.is_given_up[loans]
    # Month 0 is the signature; month k holds instalment k. Who gives up stays on the books to the term and beyond.
    last = np.where(given_up, np.minimum(settled + MONTHS_ON_BOOKS, due_so_far), np.minimum(settled, due_so_far))
    row, number = spread(last.astype(np.int64) + 1)
    late = _draw_lateness(rng, habit[row])
    unpaid = given_up[row] & (number > settled[row])
    balance = _pos_columns(
        rng, clients, previous, schedule, loans, row, number, np.where(number > 0, late, 0.0), unpaid
    )
    instalment = _instalment_columns(rng, clients, previous, schedule, loans, row, number, late, unpaid, habit)
    return balance, instalment


def _draw_lateness(rng: np.random.Generator, habit: FloatArray) -> FloatArray:
    """Days from the due date to the payment of each instalment; negative when paid early."""
    count = len(habit)
    is_late = chance(rng, habit, count)
    days_late = 1.0 + np.floor(rng.standard_exponential(count) ** 1.5 * MEAN_DAYS_LATE)
    early = np.rint(with_margin(rng.standard_normal(count), DAYS_EARLY))
    return np.where(is_late, np.minimum(days_late, 360.0), -early)


def _pos_columns(
    rng: np.random.Generator,
    clients: Clients,
    previous: PreviousApplications,
    schedule: Schedule,
    loans: IntArray,
    row: IntArray,
    number: IntArray,
    late: FloatArray,
    unpaid: BoolArray,
) -> Columns:
    """One row per contract and month from the signature to settlement, or to the last month."""
    at = loans[row]
    month = np.floor((schedule.first_due[at] - INSTALMENT_DAYS) / MONTH_DAYS).astype(np.int64) + number
    settled = schedule.settled_at[at]
    is_last = (number == settled) & ~schedule.is_given_up[at]
    term = np.where(is_last, settled, previous.term[at])
    overdue = np.where(unpaid, MONTH_DAYS * (number - settled), np.where(late >= VISIBLE_DAYS, late, 0.0))
    overdue = np.where(is_last, 0.0, np.floor(overdue))
    beyond = np.where(unpaid, chance(rng, 0.10, len(loans))[row], chance(rng, BEYOND_TOLERANCE, len(row)))
    draw = rng.random(len(row))
    status = np.select(
        [is_last, (number == 0) & (draw < 0.10), unpaid & (draw < 0.05), (number == 0) & (draw > 0.994)],
        [COMPLETED, SIGNED, DEMAND, RETURNED],
        ACTIVE,
    )
    keep = np.flatnonzero((month >= -OLDEST_MONTH) & (month <= -1))
    keep = keep[rng.permutation(len(keep))]
    untold = chance(rng, 0.0026, len(keep))
    return {
        "SK_ID_PREV": previous.ids[at[keep]],
        "SK_ID_CURR": clients.ids[previous.owner[at[keep]]],
        "MONTHS_BALANCE": month[keep],
        "CNT_INSTALMENT": blank(term[keep], untold),
        "CNT_INSTALMENT_FUTURE": blank(np.maximum(term - number, 0.0)[keep], untold),
        "NAME_CONTRACT_STATUS": Coded(status[keep], POS_STATUSES),
        "SK_DPD": overdue[keep],
        "SK_DPD_DEF": np.where(beyond, overdue, 0.0)[keep],
    }


def _instalment_columns(
    rng: np.random.Generator,
    clients: Clients,
    previous: PreviousApplications,
    schedule: Schedule,
    loans: IntArray,
    row: IntArray,
    number: IntArray,
    late: FloatArray,
    unpaid: BoolArray,
    habit: FloatArray,
) -> Columns:
    """One row per payment; an early settlement pays the rest at once, some instalments are paid in two parts."""
    at = loans[row]
    due = schedule.first_due[at] + INSTALMENT_DAYS * (number - 1)
    paid_on = due + late
    rest = np.where((number == schedule.settled_at[at]) & ~schedule.is_given_up[at], previous.term[at] - number, 0.0)
    # Interest of the months that are not used is forgiven.
    amount = fine(previous.annuity[at] * (1.0 + 0.8 * rest))
    known = np.flatnonzero((number > 0) & ~unpaid & (paid_on < 0) & (paid_on > -OLDEST_DAY))
    split = chance(rng, np.minimum(SPLIT_SHARE + SPLIT_PER_HABIT * habit[row[known]], 1.0), len(known))
    part = np.where(split, rng.random(len(known)) ** 0.7, 1.0)
    first = fine(amount[known] * part)
    second_rows = known[split]
    second = fine(amount[second_rows] - first[split])
    second_on = np.minimum(
        paid_on[second_rows] + 1.0 + np.floor(rng.standard_exponential(len(second_rows)) * 6.0), -1.0
    )
    rows = np.concatenate([known, second_rows])
    version = np.where(rest[rows] > 0, 2.0, 1.0)
    columns: Columns = {
        "SK_ID_PREV": previous.ids[at[rows]],
        "SK_ID_CURR": clients.ids[previous.owner[at[rows]]],
        "NUM_INSTALMENT_VERSION": version,
        "NUM_INSTALMENT_NUMBER": number[rows],
        "DAYS_INSTALMENT": due[rows],
        "DAYS_ENTRY_PAYMENT": np.concatenate([paid_on[known], second_on]),
        "AMT_INSTALMENT": amount[rows],
        "AMT_PAYMENT": np.concatenate([first, second]),
    }
    return columns
