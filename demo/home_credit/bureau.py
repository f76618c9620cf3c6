"""Credits at other lenders, and their monthly statuses."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from demo.home_credit.bureau_balance import draw_statuses
from demo.home_credit.population import Clients
from demo.home_credit.sampling import (
    AMOUNT_STEP,
    BoolArray,
    Coded,
    Columns,
    FloatArray,
    IntArray,
    Knots,
    blank,
    blend,
    chance,
    fine,
    logistic,
    pick,
    spread,
    with_margin,
)
from demo.home_credit.traits import Traits

TYPES: Final = {
    "Consumer credit": 0.7292,
    "Credit card": 0.2343,
    "Car loan": 0.0161,
    "Mortgage": 0.0107,
    "Microloan": 0.0072,
    "Loan for business development": 0.0012,
    "Another type of loan": 0.0006,
}
#: By the first five types (the last two are treated as consumer credit): age of the credit, amount and term, in days.
DAYS_CREDIT: Final[tuple[Knots, ...]] = (
    (-2922, -2874, -2689, -1744, -1065, -518, -142, -42, -2),
    (-2920, -2819, -2507, -1363, -809, -423, -137, -46, -4),
    (-2916, -2887, -2750, -2074, -1092, -644, -212, -90, -8),
    (-2919, -2883, -2569, -1450, -798, -392, -146, -73, -19),
    (-1126, -805, -621, -210, -99, -43, -14, -4, -1),
)
AMOUNT: Final[tuple[Knots, ...]] = (
    (4500, 13500, 21114, 53955, 118993, 314608, 1305000, 2435994, 9000000),
    (0, 0, 0, 41625, 112500, 225000, 535500, 900000, 4824000),
    (45000, 121396, 495000, 1028970, 1616260, 2358234, 4045500, 7957530, 10044000),
    (360000, 979200, 1575000, 3033450, 4725000, 6975000, 12010500, 17910000, 45000000),
    (2763, 4500, 6750, 13500, 22500, 45000, 123192, 360000, 900000),
)
TERM: Final[tuple[Knots, ...]] = (
    (10, 30, 92, 212, 365, 829, 1826, 1827, 5479),
    (30, 30, 214, 1071, 1379, 2558, 31607, 33421, 33953),
    (17, 178, 366, 1096, 1818, 1826, 1829, 2546, 2557),
    (28, 150, 1825, 3658, 5482, 7305, 9192, 10958, 10975),
    (1, 5, 7, 15, 21, 58, 364, 735, 1096),
)
#: Many lenders report terms in whole years or months.
USUAL_TERMS: Final = np.array([92.0, 183.0, 304.0, 365.0, 547.0, 731.0, 1096.0, 1461.0, 1826.0])
END_BLANK: Final = np.array([0.010, 0.218, 0.010, 0.043, 0.445])
#: Share of terms that end early, and share still open although the term is over.
EARLY_CLOSED: Final = 0.22
OVERRUN_OPEN: Final = 0.04
CARD_CLOSED_LOGIT: Final = -0.95
SOLD_SHARE: Final = 0.0037
#: A lender reports maximal overdue amounts, or annuities, for a client or not at all.
OVERDUE_UNREPORTED: Final = 0.674
ANNUITY_UNREPORTED: Final = 0.568
MAX_OVERDUE: Final[Knots] = (4.5, 8.1, 140, 3375, 7425, 14998, 44065, 105836, 900000)
ANNUITY_PER_AMOUNT: Final[Knots] = (0.0, 0.0029, 0.0119, 0.0278, 0.0520, 0.10, 0.40, 0.6, 1.0)
#: Clients whose monthly statuses the bureau kept: few in the earlier period, nearly all in the later one.
STATUSES_KEPT: Final = {False: 0.352, True: 0.980}


@dataclass(frozen=True, slots=True)
class BureauHistory:
    """Columns of ``bureau`` and of ``bureau_balance``."""

    credits: Columns
    statuses: Columns


def draw_bureau(rng: np.random.Generator, clients: Clients, traits: Traits) -> BureauHistory:
    """The bureau files of the clients; grouped by client, as published."""
    owner, _ = spread(clients.bureau_counts)
    count = len(owner)
    own = traits.at(owner)
    ids = clients.first_bureau_id + rng.permutation(count)
    kind = pick(rng, TYPES, count)
    shape = np.where(kind.codes < len(TERM), kind.codes, 0)
    # Clients under stress borrow more of late.
    shared = rng.standard_normal(len(clients.ids))[owner]
    age_latent = blend(rng, (0.30, own.stress), (-0.16, own.stability), (-0.10, own.discipline), (0.20, shared))
    opened = np.minimum(np.rint(_by_kind(shape, age_latent, DAYS_CREDIT)), 0.0)
    amount_latent = blend(rng, (0.25, own.income_potential), (0.10, own.stress))
    amount = _amounts(rng, _by_kind(shape, amount_latent, AMOUNT))
    ending = _draw_ending(rng, own, kind, shape, opened, 0.7 * amount_latent + 0.7 * rng.standard_normal(count))
    columns: Columns = {
        "SK_ID_CURR": clients.ids[owner],
        "SK_ID_BUREAU": ids,
        "CREDIT_ACTIVE": Coded(np.where(ending.sold, 2, ending.is_open).astype(np.int64), ("Closed", "Active", "Sold")),
        "CREDIT_CURRENCY": pick(rng, {"currency 1": 0.9992, "currency 2": 0.0007, "currency 3": 0.0001}, count),
        "DAYS_CREDIT": opened,
        "DAYS_CREDIT_ENDDATE": blank(ending.planned, chance(rng, END_BLANK[shape], count)),
        "DAYS_ENDDATE_FACT": blank(ending.actual, ending.is_open),
        "CNT_CREDIT_PROLONG": rng.poisson(0.0064, count) * ending.is_open,
        "AMT_CREDIT_SUM": amount,
        "CREDIT_TYPE": kind,
        "DAYS_CREDIT_UPDATE": _draw_update(rng, opened, ending),
        **_draw_debt(rng, own, kind, amount, opened, ending),
        **_draw_reported(rng, own, owner, len(clients.ids), amount, ending),
    }
    kept = chance(rng, np.where(clients.is_test, STATUSES_KEPT[True], STATUSES_KEPT[False]), len(clients.ids))
    rows = np.flatnonzero(kept[owner])
    statuses = draw_statuses(
        rng, own.at(rows), ids[rows], opened[rows], np.where(ending.is_open, 1.0, ending.actual)[rows]
    )
    return BureauHistory(columns, statuses)


@dataclass(frozen=True, slots=True)
class _Ending:
    """When each credit was to end and did end (days, negative in the past); open ones have not ended."""

    planned: FloatArray
    actual: FloatArray
    is_open: BoolArray
    sold: BoolArray


def _by_kind(shape: IntArray, latent: FloatArray, margins: tuple[Knots, ...]) -> FloatArray:
    """The latent mapped onto the margin of each row's type of credit."""
    result = np.empty(len(latent))
    for code, knots in enumerate(margins):
        rows = shape == code
        result[rows] = with_margin(latent[rows], knots)
    return result


def _amounts(rng: np.random.Generator, amount: FloatArray) -> FloatArray:
    """Amounts as lenders report them: round thousands, halves, or to the hundredth."""
    draw = rng.random(len(amount))
    return np.select(
        [draw < 0.45, draw < 0.70], [np.rint(amount / 4500) * 4500, np.rint(amount / 4.5) * 4.5], np.round(amount, 2)
    )


def _draw_ending(
    rng: np.random.Generator, own: Traits, kind: Coded, shape: IntArray, opened: FloatArray, term_latent: FloatArray
) -> _Ending:
    """Planned and actual ends; a card stays open as long as its owner wants."""
    count = len(opened)
    term = np.maximum(np.rint(_by_kind(shape, term_latent, TERM)), 1.0)
    usual = USUAL_TERMS[np.abs(term[:, None] - USUAL_TERMS).argmin(axis=1)]
    term = np.where((shape == 0) & (term > 60) & (term < 1900) & chance(rng, 0.6, count), usual, term)
    planned = opened + term
    is_card = kind.is_level("Credit card")
    early = chance(rng, EARLY_CLOSED * np.exp(-0.35 * own.stress - 0.05), count) & (opened < -60)
    over = (planned < 0) & ~chance(rng, OVERRUN_OPEN * np.exp(0.3 * own.stress), count)
    card_closed = chance(rng, logistic(CARD_CLOSED_LOGIT - 0.2 * own.stress + 0.0004 * (-opened - 1000)), count)
    is_open = np.where(is_card, ~card_closed, ~(early | over)) | (opened >= -1)
    fraction = rng.random(count)
    stopped = np.rint(opened + fraction * np.minimum(-opened, term))
    actual = np.where(early | is_card | (planned >= 0), stopped, planned)
    actual = np.clip(actual, opened, -1.0)
    return _Ending(planned, actual, is_open, chance(rng, SOLD_SHARE, count) & ~is_open)


def _draw_update(rng: np.random.Generator, opened: FloatArray, ending: _Ending) -> FloatArray:
    """Day of the last report: recent for open credits, any time after the end for the others."""
    recent = -np.rint(rng.exponential(45.0, len(opened)))
    after = np.rint(ending.actual * rng.random(len(opened)) ** 0.25)
    return np.maximum(np.where(ending.is_open, recent, after), opened)


def _draw_debt(
    rng: np.random.Generator, own: Traits, kind: Coded, amount: FloatArray, opened: FloatArray, ending: _Ending
) -> Columns:
    """What is still owed, and the limit left on cards."""
    count = len(amount)
    remaining = np.clip(ending.planned / np.maximum(ending.planned - opened, 1.0), 0.0, 1.0)
    use = logistic(-0.1 + 0.95 * own.stress - 0.3 * own.discipline + rng.standard_normal(count))
    is_card = kind.is_level("Credit card")
    loan_debt = remaining * np.exp(0.08 + 0.18 * own.stress + 0.12 * rng.standard_normal(count))
    card_debt = np.where(chance(rng, 0.36, count), 0.0, use)
    exact: FloatArray = np.where(ending.is_open, np.where(is_card, card_debt, loan_debt), 0.0) * amount
    debt = np.where(chance(rng, 0.5, count), np.rint(exact / AMOUNT_STEP) * AMOUNT_STEP, fine(exact))
    has_limit = is_card & ending.is_open & chance(rng, 0.31, count)
    limit = np.where(has_limit, np.maximum(amount - debt, 0.0), 0.0)
    return {
        "AMT_CREDIT_SUM_DEBT": blank(debt, chance(rng, np.where(ending.is_open, 0.11, 0.165), count)),
        "AMT_CREDIT_SUM_LIMIT": blank(fine(limit), chance(rng, np.where(is_card, 0.31, 0.38), count)),
    }


def _draw_reported(
    rng: np.random.Generator, own: Traits, owner: IntArray, clients: int, amount: FloatArray, ending: _Ending
) -> Columns:
    """Overdue amounts and annuities, which only some lenders report."""
    count = len(amount)
    carelessness = -0.35 * own.discipline + 0.22 * own.stress
    was_late = chance(rng, logistic(-1.55 + carelessness), count)
    worst = np.where(was_late, np.round(with_margin(blend(rng, (0.3, own.stress)), MAX_OVERDUE), 3), 0.0)
    is_late = ending.is_open & chance(rng, 0.0058 * np.exp(carelessness), count)
    days_late = np.where(is_late, 1 + np.rint(rng.exponential(60.0, count)), 0.0)
    annuity = np.where(
        chance(rng, np.where(ending.is_open, 0.10, 0.77), count),
        0.0,
        amount * with_margin(rng.standard_normal(count), ANNUITY_PER_AMOUNT),
    )
    habit = rng.random((2, clients))[:, owner] * 0.6 + rng.random((2, count)) * 0.4
    overdue_unreported = habit[0] < np.quantile(habit[0], OVERDUE_UNREPORTED) if count else np.zeros(0, np.bool_)
    annuity_unreported = habit[1] < np.quantile(habit[1], ANNUITY_UNREPORTED) if count else np.zeros(0, np.bool_)
    return {
        "CREDIT_DAY_OVERDUE": days_late,
        "AMT_CREDIT_MAX_OVERDUE": blank(worst, overdue_unreported),
        "AMT_CREDIT_SUM_OVERDUE": np.where(is_late, np.rint(amount * 0.02 * rng.random(count) / 4.5) * 4.5, 0.0),
        "AMT_ANNUITY": blank(np.rint(annuity / 4.5) * 4.5, annuity_unreported),
    }
