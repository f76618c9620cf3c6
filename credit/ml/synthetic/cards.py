"""Credit cards month by month: limit, drawings, interest and payments that add up to the balance."""

from dataclasses import dataclass
from typing import Final, NamedTuple

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
    blank,
    chance,
    fine,
    logistic,
    on_grid,
)
from credit.ml.synthetic.traits import Traits

OLDEST_MONTH: Final = 96
#: Cards that are never used, and those of them whose limit is zero.
NEVER_USED: Final = 0.33
UNUSED_WITHOUT_LIMIT: Final = 0.50
#: Part of the balance that must be paid, and the monthly interest.
MINIMUM_PAYMENT: Final = 0.05
MONTHLY_INTEREST: Final = 0.024
CASH_STEP: Final = 4500.0
#: Smallest payment asked for, share of the purchases that are neither in a shop nor at a machine, chance that an
#: owner who stopped using the card pays it off in a month, and share of owners who stop paying for good.
LEAST_PAYMENT: Final = 225.0
OTHER_SHARE: Final = 0.012
PAY_OFF: Final = 0.12
GIVEN_UP: Final = 0.030
#: The limit in use lies below the one granted.
LIMIT_IN_USE: Final = 0.75
LIMIT_STEP: Final = 22500.0
#: Use of the limit that an average user lets grow, on the log-odds scale.
AVERAGE_USE_LOGIT: Final = 1.6
CARD_STATUSES: Final = ("Active", "Completed", "Signed")


class _Months(NamedTuple):
    """One row per month of the horizon and card, (OLDEST_MONTH, cards); zero before the card was opened."""

    balance: FloatArray
    atm: FloatArray
    shop: FloatArray
    other: FloatArray
    minimum: FloatArray
    paid: FloatArray
    days_late: FloatArray


def draw_cards(
    rng: np.random.Generator, clients: Clients, previous: PreviousApplications, traits: Traits
) -> tuple[Columns, Columns]:
    """Columns of ``credit_card_balance``, and of ``installments_payments`` for cards (version 0)."""
    cards = np.flatnonzero(previous.has_begun & (previous.kind == REVOLVING))
    own = traits.at(previous.owner[cards])
    count = len(cards)
    opened = np.clip(np.floor(-previous.decided[cards] / MONTH_DAYS), 1, OLDEST_MONTH).astype(np.int64)
    newest = np.minimum(1 + np.searchsorted([0.58, 0.89, 0.95], rng.random(count)), opened)
    is_used = ~chance(rng, NEVER_USED, count)
    granted = on_grid(LIMIT_IN_USE * previous.credit[cards], LIMIT_STEP)
    limit = np.where(~is_used & chance(rng, UNUSED_WITHOUT_LIMIT, count), 0.0, granted)
    months = _simulate(rng, own, limit, opened, newest, is_used)
    ago = np.arange(OLDEST_MONTH, 0, -1)[:, None]
    month, card = np.nonzero((ago <= opened) & (ago >= newest))
    shuffled = rng.permutation(len(card))
    month, card = month[shuffled], card[shuffled]
    ids = previous.ids[cards]
    client_ids = clients.ids[previous.owner[cards]]
    balance = _balance_columns(rng, ids, client_ids, limit, is_used, opened, months, month, card)
    return balance, _card_instalments(rng, own, ids, client_ids, months, month, card)


def _simulate(
    rng: np.random.Generator, own: Traits, limit: FloatArray, opened: IntArray, newest: IntArray, is_used: BoolArray
) -> _Months:
    """Each month: interest on the old balance, a payment, then drawings up to the limit."""
    count = len(limit)
    months = _Months(*(np.zeros((OLDEST_MONTH, count)) for _ in range(7)))
    habits = _draw_habits(rng, own, opened)
    goal = habits.target * limit
    balance, late = np.zeros(count), np.zeros(count)
    for step in range(OLDEST_MONTH):
        ago = OLDEST_MONTH - step
        alive = is_used & (ago <= opened) & (ago >= newest) & (limit > 0)
        minimum = np.where(alive, np.minimum(np.maximum(MINIMUM_PAYMENT * balance, LEAST_PAYMENT), balance), 0.0)
        minimum = fine(minimum)
        missed = (chance(rng, habits.misses, count) | (ago < habits.gives_up)) & (minimum > 0)
        more = chance(rng, np.where(ago < habits.last_draw, PAY_OFF, habits.prudence), count)
        paid = fine(np.where(missed, 0.0, minimum + np.where(more, rng.random(count), 0.0) * (balance - minimum)))
        keen = np.where(balance < 0.9 * goal, 0.65, 0.35)
        draws = alive & (ago <= habits.first_draw) & (ago >= habits.last_draw) & chance(rng, keen, count)
        wish = np.maximum(goal - balance, 0.0) * rng.random(count) + 0.05 * limit
        wish = np.where(draws & ~missed, np.clip(wish, 0.0, np.maximum(limit - balance, 0.0)), 0.0)
        atm = np.floor(wish * habits.cash_taste / CASH_STEP) * CASH_STEP
        elsewhere = chance(rng, OTHER_SHARE, count)
        other = np.where(elsewhere, fine(wish - atm), 0.0)
        shop = np.where(~elsewhere & chance(rng, 0.55, count), fine(wish - atm), 0.0)
        owed = np.maximum(balance * (1.0 + MONTHLY_INTEREST) - paid, 0.0)
        balance = fine(np.where(alive, owed + atm + shop + other, 0.0))
        late = np.where(missed, late + 30.0, 0.0)
        for rows, values in zip(months, (balance, atm, shop, other, minimum, paid, late), strict=True):
            rows[step] = values
    return months


@dataclass(frozen=True, slots=True)
class _Habits:
    """How each owner uses the card; months are counted back from the application."""

    target: FloatArray
    prudence: FloatArray
    misses: FloatArray
    cash_taste: FloatArray
    first_draw: FloatArray
    last_draw: FloatArray
    gives_up: FloatArray


def _draw_habits(rng: np.random.Generator, own: Traits, opened: IntArray) -> _Habits:
    """Habits that follow from the traits: stress fills the card, discipline pays it back."""
    count = len(opened)
    use = AVERAGE_USE_LOGIT + 1.5 * own.stress - 0.60 * own.discipline + 0.8 * rng.standard_normal(count)
    prudence = -2.3 + 0.7 * own.discipline - 0.5 * own.stress + 0.8 * rng.standard_normal(count)
    first_draw = np.ceil(opened * (1.0 - 0.4 * rng.random(count)))
    stops = chance(rng, logistic(-1.2 - 0.6 * own.stress), count)
    gives_up = chance(rng, GIVEN_UP * np.exp(0.6 * own.stress - 0.7 * own.discipline), count)
    return _Habits(
        target=logistic(use),
        prudence=logistic(prudence),
        misses=logistic(-4.6 - 0.8 * own.discipline + 0.5 * own.stress),
        cash_taste=rng.random(count) ** 0.6,
        first_draw=first_draw,
        last_draw=np.where(stops, np.ceil(first_draw * rng.random(count)), 0.0),
        gives_up=np.where(gives_up, np.ceil(first_draw * rng.random(count)), 0.0),
    )


def _balance_columns(
    rng: np.random.Generator,
    ids: IntArray,
    client_ids: IntArray,
    limit: FloatArray,
    is_used: BoolArray,
    opened: IntArray,
    months: _Months,
    month: IntArray,
    card: IntArray,
) -> Columns:
    """Columns of ``credit_card_balance``; drawings by kind are not told of cards that are not used."""
    at = (month, card)
    balance, atm, shop, other = months.balance[at], months.atm[at], months.shop[at], months.other[at]
    no_detail = ~is_used[card] & (chance(rng, 0.60, len(ids))[card])
    no_payment = no_detail | ((months.paid[at] == 0) & chance(rng, 0.04, len(card)))
    principal = fine(balance * 0.957)
    matured = np.cumsum(months.minimum > 0, axis=0)[at].astype(np.float64)
    no_minimum = chance(rng, 0.12, len(card)) & (balance == 0)
    atm_count = np.ceil(atm / 45000.0)
    shop_count = np.where(shop > 0, 1 + rng.poisson(3.5, len(card)), 0)
    other_count = (other > 0).astype(np.float64)
    months_ago = OLDEST_MONTH - month
    status = np.where((limit[card] == 0) & (months_ago < 0.25 * opened[card]), 1, 0)
    status = np.where((months_ago == opened[card]) & chance(rng, 0.08, len(card)), 2, status)
    return {
        "SK_ID_PREV": ids[card],
        "SK_ID_CURR": client_ids[card],
        "MONTHS_BALANCE": -months_ago,
        "AMT_BALANCE": balance,
        "AMT_CREDIT_LIMIT_ACTUAL": limit[card],
        "AMT_DRAWINGS_ATM_CURRENT": blank(atm, no_detail),
        "AMT_DRAWINGS_CURRENT": fine(atm + shop + other),
        "AMT_DRAWINGS_OTHER_CURRENT": blank(other, no_detail),
        "AMT_DRAWINGS_POS_CURRENT": blank(shop, no_detail),
        "AMT_INST_MIN_REGULARITY": blank(months.minimum[at], no_minimum),
        "AMT_PAYMENT_CURRENT": blank(months.paid[at], no_payment),
        "AMT_PAYMENT_TOTAL_CURRENT": months.paid[at],
        "AMT_RECEIVABLE_PRINCIPAL": principal,
        "AMT_RECIVABLE": fine(balance * 0.995),
        "AMT_TOTAL_RECEIVABLE": fine(balance * 0.995),
        "CNT_DRAWINGS_ATM_CURRENT": blank(atm_count, no_detail),
        "CNT_DRAWINGS_CURRENT": atm_count + shop_count + other_count,
        "CNT_DRAWINGS_OTHER_CURRENT": blank(other_count, no_detail),
        "CNT_DRAWINGS_POS_CURRENT": blank(shop_count, no_detail),
        "CNT_INSTALMENT_MATURE_CUM": blank(matured, no_minimum),
        "NAME_CONTRACT_STATUS": Coded(status, CARD_STATUSES),
        "SK_DPD": months.days_late[at],
        "SK_DPD_DEF": np.where(chance(rng, 0.15, len(card)), np.minimum(months.days_late[at], 30.0), 0.0),
    }


def _card_instalments(
    rng: np.random.Generator,
    own: Traits,
    ids: IntArray,
    client_ids: IntArray,
    months: _Months,
    month: IntArray,
    card: IntArray,
) -> Columns:
    """The payments of cards: one row per month with something to pay."""
    at = (month, card)
    rows = np.flatnonzero((months.minimum[at] > 0) & (months.paid[at] > 0))
    month, card = month[rows], card[rows]
    due = -np.floor(MONTH_DAYS * (OLDEST_MONTH - month)) + 5.0
    is_late = chance(rng, logistic(-2.6 - 0.6 * own.discipline + 0.3 * own.stress)[card], len(rows))
    days = np.where(
        is_late, 1.0 + np.floor(rng.exponential(6.0, len(rows))), -np.floor(rng.exponential(7.0, len(rows)))
    )
    number = np.cumsum(months.minimum > 0, axis=0)[month, card]
    return {
        "SK_ID_PREV": ids[card],
        "SK_ID_CURR": client_ids[card],
        "NUM_INSTALMENT_VERSION": np.zeros(len(rows)),
        "NUM_INSTALMENT_NUMBER": number,
        "DAYS_INSTALMENT": due,
        "DAYS_ENTRY_PAYMENT": np.minimum(due + days, -1.0),
        "AMT_INSTALMENT": months.minimum[month, card],
        "AMT_PAYMENT": months.paid[month, card],
    }
