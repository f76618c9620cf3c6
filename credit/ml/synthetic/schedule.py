"""When the instalments of an approved contract fell due, and whether it was settled early or given up."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from credit.ml.synthetic.previous import APPROVED, CASH, CONSUMER, REVOLVING, PreviousApplications
from credit.ml.synthetic.sampling import BoolArray, FloatArray, chance
from credit.ml.synthetic.traits import Traits

INSTALMENT_DAYS: Final = 30.0
#: Share of cash and of consumer loans that are settled before their term.
SETTLED_EARLY: Final = np.array([0.45, 0.32, 0.0])
#: Share of loans on which the client stops paying for good, for an average client.
GIVEN_UP: Final = 0.0045
#: Share of approved cards that have not ended.
CARD_STILL_OPEN: Final = 0.77


@dataclass(frozen=True, slots=True)
class Schedule:
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
    count = len(previous.ids)
    delay = np.where(previous.kind == CONSUMER, np.rint(rng.exponential(4.0, count)), 0.0)
    first_due = previous.decided + 30.0 + delay + chance(rng, 0.3, count)
    first_due = np.where(
        previous.kind == REVOLVING, previous.decided + 48.0 + np.rint(rng.exponential(60.0, count)), first_due
    )
    early = chance(rng, SETTLED_EARLY[previous.kind] * np.exp(0.10 * own.discipline), count) & (previous.term > 2)
    settled_at = np.where(early, np.ceil(previous.term * np.sqrt(rng.uniform(0.05, 0.95, count))), previous.term)
    is_given_up = chance(rng, GIVEN_UP * np.exp(0.6 * own.stress - 0.7 * own.discipline - 0.4), count) & (
        previous.term > 3
    )
    settled_at = np.where(is_given_up, np.ceil(previous.term * rng.random(count)), settled_at)
    last_due = first_due + INSTALMENT_DAYS * (settled_at - 1.0)
    is_loan = (previous.kind == CASH) | (previous.kind == CONSUMER)
    card_ended = (previous.status == APPROVED) & ~is_loan & ~chance(rng, CARD_STILL_OPEN, count)
    return Schedule(
        first_due=first_due,
        last_due_planned=first_due + INSTALMENT_DAYS * (previous.term - 1.0),
        last_due=np.where(is_loan, last_due, first_due + np.rint(-first_due * rng.random(count))),
        settled_at=settled_at,
        is_given_up=is_given_up,
        has_ended=np.where(is_loan, (last_due < -1.0) & ~is_given_up, card_ended & (first_due < -60.0)),
    )
