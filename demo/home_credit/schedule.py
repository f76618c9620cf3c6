"""Due dates of approved contracts, and whether they were settled early or given up."""

from typing import Final, NamedTuple

import numpy as np

from demo.home_credit.previous import CONSUMER, REVOLVING, PreviousApplications
from demo.home_credit.sampling import BoolArray, FloatArray, chance
from demo.home_credit.traits import Traits

INSTALMENT_DAYS: Final = 30.0
#: Share of cash and of consumer loans that are settled before their term.
SETTLED_EARLY: Final = np.array([0.70, 0.34, 0.0])
#: Part of the term after which it is settled then.
SETTLED_PART: Final = (0.05, 0.85)
#: Share of loans on which the client stops paying for good, for an average client.
GIVEN_UP: Final = 0.0045
#: Share of approved cards that have not ended.
CARD_STILL_OPEN: Final = 0.77
#: Mean days by which shops report a contract late; days from a card's grant to its first payment, and more if idle.
SHOP_DELAY: Final = 4.0
CARD_FIRST_DUE: Final = 48.0
CARD_IDLE_DAYS: Final = 60.0


class Schedule(NamedTuple):
    """One value per previous application; meaningful where the contract has begun."""

    first_due: FloatArray
    last_due_planned: FloatArray
    last_due: FloatArray
    #: Instalment at which the loan is settled, and at which a client who gives up pays for the last time.
    settled_at: FloatArray
    is_given_up: BoolArray
    has_ended: BoolArray


def draw_schedule(rng: np.random.Generator, previous: PreviousApplications, own: Traits) -> Schedule:
    """Due dates of every contract (days, negative in the past); ``own`` holds the traits of each row's client."""
    loans, cards = _loan_schedule(rng, previous, own), _card_schedule(rng, previous)
    is_card = previous.kind == REVOLVING
    return Schedule(*(np.where(is_card, card, loan) for card, loan in zip(cards, loans, strict=True)))


def _loan_schedule(rng: np.random.Generator, previous: PreviousApplications, own: Traits) -> Schedule:
    """Schedules as if every contract were a loan: settled at term, early, or given up on the way."""
    count = len(previous.ids)
    delay = np.where(previous.kind == CONSUMER, np.rint(rng.exponential(SHOP_DELAY, count)), 0.0)
    first_due = previous.decided + INSTALMENT_DAYS + delay + chance(rng, 0.3, count)
    is_early = chance(rng, SETTLED_EARLY[previous.kind] * np.exp(0.10 * own.discipline), count) & (previous.term > 2)
    gives_up = GIVEN_UP * np.exp(0.6 * own.stress - 0.7 * own.discipline - 0.4)
    is_given_up = chance(rng, gives_up, count) & (previous.term > 3)
    part = np.where(is_given_up, rng.random(count), rng.uniform(*SETTLED_PART, count))
    settled_at = np.where(is_early | is_given_up, np.ceil(previous.term * part), previous.term)
    last_due = first_due + INSTALMENT_DAYS * (settled_at - 1.0)
    return Schedule(
        first_due=first_due,
        last_due_planned=first_due + INSTALMENT_DAYS * (previous.term - 1.0),
        last_due=last_due,
        settled_at=settled_at,
        is_given_up=is_given_up,
        has_ended=(last_due < -1.0) & ~is_given_up,
    )


def _card_schedule(rng: np.random.Generator, previous: PreviousApplications) -> Schedule:
    """Schedules as if every contract were a card: the first payment falls due some time after the first drawing."""
    count = len(previous.ids)
    first_due = previous.decided + CARD_FIRST_DUE + np.rint(rng.exponential(CARD_IDLE_DAYS, count))
    has_ended = ~chance(rng, CARD_STILL_OPEN, count) & (first_due < -2 * INSTALMENT_DAYS)
    return Schedule(
        first_due=first_due,
        last_due_planned=first_due,
        last_due=first_due + np.rint(-first_due * rng.random(count)),
        settled_at=previous.term,
        is_given_up=np.zeros(count, np.bool_),
        has_ended=has_ended,
    )
