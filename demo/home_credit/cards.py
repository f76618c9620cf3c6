"""Monthly balances of credit cards, and the instalments paid on them."""

from typing import Final

import numpy as np

from demo.home_credit.card_use import OLDEST_MONTH, CardMonths, Cards, use_cards
from demo.home_credit.population import Clients
from demo.home_credit.previous import REVOLVING, PreviousApplications
from demo.home_credit.sampling import (
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
    spread,
)
from demo.home_credit.traits import Traits

#: Cards that are never used, and those of them whose limit is zero.
NEVER_USED: Final = 0.29
UNUSED_WITHOUT_LIMIT: Final = 0.50
#: The limit in use lies below the one granted.
LIMIT_IN_USE: Final = 0.75
LIMIT_STEP: Final = 22500.0
#: Cumulated shares of the cards whose latest month is the last one before the application, the one before that, ...
NEWEST_MONTH: Final = (0.58, 0.89, 0.95)
#: Parts of the balance that are principal, and that are due at all.
PRINCIPAL: Final = 0.957
RECEIVABLE: Final = 0.995
#: Shares: unused cards without reported drawings, empty months without a minimum, unreported payments.
NO_DETAIL: Final = 0.66
NO_MINIMUM: Final = 0.12
NO_PAYMENT: Final = 0.04
#: Part of the life of a card without limit that is reported as completed; first months reported as signed.
COMPLETED_LIFE: Final = 0.25
SIGNED_SHARE: Final = 0.08
#: Share of overdue months that exceed the tolerance.
BEYOND_TOLERANCE: Final = 0.15
#: Day of the month on which a payment is due, and mean days of those who pay late and early.
DUE_DAY: Final = 5.0
MEAN_DAYS_LATE, MEAN_DAYS_EARLY = 6.0, 7.0
#: Mean number of further payments in a month with a payment.
FURTHER_PAYMENTS: Final = 1.2
ACTIVE, COMPLETED, SIGNED = 0, 1, 2
CARD_STATUSES: Final = ("Active", "Completed", "Signed")


def draw_cards(
    rng: np.random.Generator, clients: Clients, previous: PreviousApplications, traits: Traits
) -> tuple[Columns, Columns]:
    """Columns of ``credit_card_balance``, and of ``installments_payments`` for cards (version 0)."""
    rows = np.flatnonzero(previous.has_begun & (previous.kind == REVOLVING))
    count = len(rows)
    opened = np.clip(np.floor(-previous.decided[rows] / MONTH_DAYS), 1, OLDEST_MONTH).astype(np.int64)
    is_used = ~chance(rng, NEVER_USED, count)
    granted = on_grid(LIMIT_IN_USE * previous.credit[rows], LIMIT_STEP)
    cards = Cards(
        ids=previous.ids[rows],
        client_ids=clients.ids[previous.owner[rows]],
        limit=np.where(~is_used & chance(rng, UNUSED_WITHOUT_LIMIT, count), 0.0, granted),
        is_used=is_used,
        opened=opened,
        newest=np.minimum(1 + np.searchsorted(NEWEST_MONTH, rng.random(count)), opened),
        owner=traits.at(previous.owner[rows]),
    )
    months = use_cards(rng, cards)
    ago = np.arange(OLDEST_MONTH, 0, -1)[:, None]
    step, card = np.nonzero((ago <= cards.opened) & (ago >= cards.newest))
    shuffled = rng.permutation(len(card))
    step, card = step[shuffled], card[shuffled]
    return _balance_columns(rng, cards, months, step, card), _instalment_columns(rng, cards, months, step, card)


def _balance_columns(
    rng: np.random.Generator, cards: Cards, months: CardMonths, step: IntArray, card: IntArray
) -> Columns:
    """Columns of ``credit_card_balance``, one row per reported month."""
    balance, minimum, paid, late = (
        part[step, card] for part in (months.balance, months.minimum, months.paid, months.days_late)
    )
    no_detail = (~cards.is_used & chance(rng, NO_DETAIL, len(cards.ids)))[card]
    no_minimum = chance(rng, NO_MINIMUM, len(card)) & (balance == 0)
    receivable = fine(RECEIVABLE * balance)
    return {
        "SK_ID_PREV": cards.ids[card],
        "SK_ID_CURR": cards.client_ids[card],
        "MONTHS_BALANCE": step - OLDEST_MONTH,
        "AMT_BALANCE": balance,
        "AMT_CREDIT_LIMIT_ACTUAL": cards.limit[card],
        "AMT_INST_MIN_REGULARITY": blank(minimum, no_minimum),
        "AMT_PAYMENT_CURRENT": blank(paid, no_detail | ((paid == 0) & chance(rng, NO_PAYMENT, len(card)))),
        "AMT_PAYMENT_TOTAL_CURRENT": paid,
        "AMT_RECEIVABLE_PRINCIPAL": fine(PRINCIPAL * balance),
        "AMT_RECIVABLE": receivable,
        "AMT_TOTAL_RECEIVABLE": receivable,
        "CNT_INSTALMENT_MATURE_CUM": blank(_matured(months)[step, card], no_minimum),
        "NAME_CONTRACT_STATUS": _status(rng, cards, OLDEST_MONTH - step, card),
        "SK_DPD": late,
        "SK_DPD_DEF": np.where(chance(rng, BEYOND_TOLERANCE, len(card)), np.minimum(late, 30.0), 0.0),
        **_drawing_columns(rng, months.atm[step, card], months.shop[step, card], months.other[step, card], no_detail),
    }


def _drawing_columns(
    rng: np.random.Generator, atm: FloatArray, shop: FloatArray, other: FloatArray, no_detail: BoolArray
) -> Columns:
    """Amounts and numbers of drawings by kind; the kinds are blank for some unused cards."""
    atm_count = np.ceil(atm / 45000.0)
    shop_count = np.where(shop > 0, 1.0 + rng.poisson(3.5, len(shop)), 0.0)
    other_count = (other > 0).astype(np.float64)
    return {
        "AMT_DRAWINGS_ATM_CURRENT": blank(atm, no_detail),
        "AMT_DRAWINGS_CURRENT": fine(atm + shop + other),
        "AMT_DRAWINGS_OTHER_CURRENT": blank(other, no_detail),
        "AMT_DRAWINGS_POS_CURRENT": blank(shop, no_detail),
        "CNT_DRAWINGS_ATM_CURRENT": blank(atm_count, no_detail),
        "CNT_DRAWINGS_CURRENT": atm_count + shop_count + other_count,
        "CNT_DRAWINGS_OTHER_CURRENT": blank(other_count, no_detail),
        "CNT_DRAWINGS_POS_CURRENT": blank(shop_count, no_detail),
    }


def _status(rng: np.random.Generator, cards: Cards, ago: IntArray, card: IntArray) -> Coded:
    """Signed in the first month of some cards, completed in the last months of those without a limit."""
    is_signed = (ago == cards.opened[card]) & chance(rng, SIGNED_SHARE, len(card))
    is_completed = (cards.limit[card] == 0) & (ago < COMPLETED_LIFE * cards.opened[card])
    return Coded(np.select([is_signed, is_completed], [SIGNED, COMPLETED], ACTIVE), CARD_STATUSES)


def _matured(months: CardMonths) -> FloatArray:
    """Instalments that fell due so far, (OLDEST_MONTH, cards)."""
    return np.cumsum(months.minimum > 0, axis=0).astype(np.float64)


def _instalment_columns(
    rng: np.random.Generator, cards: Cards, months: CardMonths, step: IntArray, card: IntArray
) -> Columns:
    """The payments of cards: one row or more per month in which something was due and paid."""
    due_months = np.flatnonzero((months.minimum[step, card] > 0) & (months.paid[step, card] > 0))
    payments = 1 + rng.poisson(FURTHER_PAYMENTS, len(due_months))
    month, position = spread(payments)
    rows = due_months[month]
    step, card = step[rows], card[rows]
    due = DUE_DAY - np.floor(MONTH_DAYS * (OLDEST_MONTH - step))
    own = cards.owner.at(card)
    is_late = chance(rng, logistic(-2.6 - 0.6 * own.discipline + 0.3 * own.stress), len(rows))
    late = 1.0 + np.floor(rng.exponential(MEAN_DAYS_LATE, len(rows)))
    early = np.floor(rng.exponential(MEAN_DAYS_EARLY, len(rows)))
    # Parts a cent apart: two equal payments on one day would be one row written twice. The first takes what is left.
    paid = months.paid[step, card]
    part = np.where(position == 0, 0.0, fine(np.maximum(paid / payments[month] - 0.01 * position, 0.0)))
    first = fine(paid - np.bincount(month, part, len(due_months))[month])
    return {
        "SK_ID_PREV": cards.ids[card],
        "SK_ID_CURR": cards.client_ids[card],
        "NUM_INSTALMENT_VERSION": np.zeros(len(rows)),
        "NUM_INSTALMENT_NUMBER": _matured(months)[step, card],
        "DAYS_INSTALMENT": due,
        "DAYS_ENTRY_PAYMENT": np.minimum(due + np.where(is_late, late, -early), -1.0),
        "AMT_INSTALMENT": months.minimum[step, card],
        "AMT_PAYMENT": np.where(position == 0, first, part),
    }
