"""How credit cards are used, month by month: drawings, interest and payments that add up to the balance."""

from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np

from demo.home_credit.sampling import BoolArray, FloatArray, IntArray, chance, fine, logistic
from demo.home_credit.traits import Traits

OLDEST_MONTH: Final = 96
#: Part of the balance that must be paid, the least that is asked for, and the monthly interest.
MINIMUM_PAYMENT: Final = 0.06
LEAST_PAYMENT: Final = 225.0
MONTHLY_INTEREST: Final = 0.024
#: Machines give notes of this many units.
CASH_STEP: Final = 4500.0
#: Use of the limit that an average user lets grow, on the log-odds scale.
AVERAGE_USE_LOGIT: Final = 1.6
#: Chance of drawing in a month while the balance is below the usual one, and above it.
KEEN, SATED = 0.50, 0.20
#: Longest part of its life before a card is used for the first time.
FIRST_DRAW_DELAY: Final = 0.15
#: Share of the drawings that are neither in a shop nor at a machine, chance that an owner who stopped using the card
#: pays part of it off in a month, and share of owners who stop paying for good.
OTHER_SHARE: Final = 0.012
SHOP_SHARE: Final = 0.55
PAY_OFF: Final = 0.25
GIVEN_UP: Final = 0.040


@dataclass(frozen=True, slots=True)
class Cards:
    """One value per card; months are counted back from the application (1 is the latest)."""

    ids: IntArray
    client_ids: IntArray
    limit: FloatArray
    is_used: BoolArray
    opened: IntArray
    newest: IntArray
    owner: Traits


class CardMonths(NamedTuple):
    """One row per month, oldest first, and one column per card: (OLDEST_MONTH, cards); zero outside its life."""

    balance: FloatArray
    atm: FloatArray
    shop: FloatArray
    other: FloatArray
    minimum: FloatArray
    paid: FloatArray
    days_late: FloatArray


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


def use_cards(rng: np.random.Generator, cards: Cards) -> CardMonths:
    """Each month: interest on the old balance, a payment, then drawings up to the limit."""
    count = len(cards.limit)
    months = CardMonths(*(np.zeros((OLDEST_MONTH, count)) for _ in CardMonths._fields))
    habits = _draw_habits(rng, cards)
    balance, late = np.zeros(count), np.zeros(count)
    for step in range(OLDEST_MONTH):
        ago = OLDEST_MONTH - step
        alive = cards.is_used & (ago <= cards.opened) & (ago >= cards.newest) & (cards.limit > 0)
        asked = np.minimum(np.maximum(MINIMUM_PAYMENT * balance, LEAST_PAYMENT), balance)
        minimum = fine(np.where(alive, asked, 0.0))
        missed = (chance(rng, habits.misses, count) | (ago < habits.gives_up)) & (minimum > 0)
        more = chance(rng, np.where(ago < habits.last_draw, PAY_OFF, habits.prudence), count)
        extra = np.where(more, rng.random(count), 0.0) * (balance - minimum)
        paid = fine(np.where(missed | ~alive, 0.0, minimum + extra))
        active = alive & ~missed & (ago <= habits.first_draw) & (ago >= habits.last_draw)
        atm, shop, other = _draw_drawings(rng, habits, cards.limit, balance, active)
        owed = np.maximum(balance * (1.0 + MONTHLY_INTEREST) - paid, 0.0)
        balance = fine(np.where(alive, owed + atm + shop + other, 0.0))
        late = np.where(missed, late + 30.0, 0.0)
        for rows, values in zip(months, (balance, atm, shop, other, minimum, paid, late), strict=True):
            rows[step] = values
    return months


def _draw_drawings(
    rng: np.random.Generator, habits: _Habits, limit: FloatArray, balance: FloatArray, active: BoolArray
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Amounts drawn in one month at machines, in shops and elsewhere; together they stay within the limit."""
    count = len(limit)
    goal = habits.target * limit
    draws = active & chance(rng, np.where(balance < 0.9 * goal, KEEN, SATED), count)
    wish = np.maximum(goal - balance, 0.0) * rng.random(count) + 0.12 * limit
    wish = np.where(draws, np.clip(wish, 0.0, np.maximum(limit - balance, 0.0)), 0.0)
    atm = np.floor(wish * habits.cash_taste / CASH_STEP) * CASH_STEP
    rest = fine(wish - atm)
    elsewhere = chance(rng, OTHER_SHARE, count)
    shop = np.where(~elsewhere & chance(rng, SHOP_SHARE, count), rest, 0.0)
    return atm, shop, np.where(elsewhere, rest, 0.0)


def _draw_habits(rng: np.random.Generator, cards: Cards) -> _Habits:
    """Habits that follow from the traits: stress fills the card, discipline pays it back."""
    count, own = len(cards.limit), cards.owner
    use = AVERAGE_USE_LOGIT + 1.5 * own.stress - 0.60 * own.discipline + 0.8 * rng.standard_normal(count)
    prudence = -1.9 + 0.7 * own.discipline - 0.5 * own.stress + 0.8 * rng.standard_normal(count)
    first_draw = np.ceil(cards.opened * (1.0 - FIRST_DRAW_DELAY * rng.random(count)))
    stops = chance(rng, logistic(-0.7 - 0.6 * own.stress), count)
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
