"""Previous applications at the lender: amounts, outcomes and terms."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from demo.home_credit.population import Clients
from demo.home_credit.sampling import (
    AMOUNT_STEP,
    BoolArray,
    Coded,
    FloatArray,
    IntArray,
    Knots,
    blend,
    chance,
    cut,
    on_grid,
    pick,
    spread,
    with_margin,
)
from demo.home_credit.traits import Traits

CASH, CONSUMER, REVOLVING = 0, 1, 2
TYPES: Final = {"Cash loans": 0.4473, "Consumer loans": 0.4366, "Revolving loans": 0.1161}
APPROVED, CANCELED, REFUSED, UNUSED = 0, 1, 2, 3
STATUSES: Final = ("Approved", "Canceled", "Refused", "Unused offer")
#: By type: share cancelled, refused, not used.
CANCELED_SHARE: Final = np.array([0.375, 0.002, 0.255])
REFUSED_SHARE: Final = np.array([0.218, 0.102, 0.242])
UNUSED_SHARE: Final = np.array([0.0006, 0.038, 0.0])
#: Day of the decision: approved by type, then everything else by type.
DAYS_DECISION: Final[tuple[Knots, ...]] = (
    (-2920, -2751, -2386, -1159, -774, -473, -186, -65, -2),
    (-2922, -2875, -2712, -1925, -1060, -524, -160, -39, -2),
    (-2922, -2900, -2830, -2000, -940, -430, -190, -60, -3),
    (-2900, -1850, -1150, -520, -315, -180, -45, -10, -2),
    (-2922, -2870, -2680, -1950, -1100, -530, -170, -40, -2),
    (-2920, -2700, -1900, -620, -380, -260, -140, -35, -3),
)
AMOUNT: Final[tuple[Knots, ...]] = (
    (22500, 45000, 67500, 135000, 270000, 562500, 1260000, 1863000, 3150000),
    (4500, 15862, 20880, 39820, 70875, 118404, 256455, 486000, 1350000),
    (45000, 45000, 45000, 112500, 180000, 270000, 675000, 900000, 1350000),
)
#: Share of cancelled, and of refused, applications of which no amount was recorded, by type.
NO_AMOUNT: Final = np.array([[0.0, 0.0, 0.41], [0.965, 0.82, 0.99], [0.167, 0.0, 0.05], [1.0, 0.0, 0.0]])
TERMS: Final = (
    {6: 0.065, 12: 0.226, 18: 0.119, 24: 0.174, 30: 0.030, 36: 0.149, 42: 0.015, 48: 0.102, 54: 0.004, 60: 0.114},
    {
        3: 0.003,
        4: 0.036,
        5: 0.005,
        6: 0.232,
        8: 0.042,
        10: 0.192,
        12: 0.314,
        14: 0.012,
        16: 0.008,
        18: 0.037,
        24: 0.083,
        36: 0.008,
    },
)
#: How granted, and other, cash loans depart from the usual term (in deviations).
TERM_SHIFT: Final = (-0.25, 0.80)
#: Ordered by rate; shares of cash and of consumer loans; yearly rate of each group.
YIELDS: Final = (
    {"low_action": 0.048, "low_normal": 0.307, "middle": 0.386, "high": 0.259},
    {"low_action": 0.098, "low_normal": 0.261, "middle": 0.311, "high": 0.330},
)
YEARLY_RATES: Final = (np.array([0.22, 0.27, 0.42, 0.72]), np.array([0.08, 0.24, 0.36, 0.55]))
DOWN_PAYMENT: Final[Knots] = (0, 0, 0, 0, 0.075, 0.10, 0.28, 0.48, 0.77)
#: Approved cash loans that add insurance to the amount, and by how much.
INSURED_SHARE: Final = (0.80, 0.17, 0.005)
CASH_MARKUP: Final[Knots] = (1.0, 1.0, 1.0, 1.0, 1.10, 1.17, 1.25, 1.32, 1.40)
#: Approved contracts that never began.
NEVER_BEGUN: Final = np.array([0.077, 0.024, 0.045])


@dataclass(frozen=True, slots=True)
class PreviousApplications:
    """One value per previous application, grouped by client; amounts are NaN where none was recorded."""

    ids: IntArray
    owner: IntArray
    kind: IntArray
    status: IntArray
    decided: FloatArray
    asked: FloatArray
    credit: FloatArray
    down_payment: FloatArray
    annuity: FloatArray
    term: FloatArray
    yield_group: Coded
    insured: BoolArray
    has_amount: BoolArray
    has_begun: BoolArray

    @property
    def kind_levels(self) -> Coded:
        """The type of contract as a text column."""
        return Coded(self.kind, tuple(TYPES))


def draw_previous(rng: np.random.Generator, clients: Clients, traits: Traits) -> PreviousApplications:
    """The previous applications of the clients; stress and indiscipline bring refusals and dearer terms."""
    owner, _ = spread(clients.previous_counts)
    count = len(owner)
    own = traits.at(owner)
    kind = pick(rng, TYPES, count).codes
    status = _draw_status(rng, own, kind)
    decided = _draw_decided(rng, own, owner, kind, status)
    asked = _draw_asked(rng, own, kind)
    has_amount = ~chance(rng, NO_AMOUNT[status, kind], count)
    yield_latent = blend(rng, (0.25, own.stress), (-0.15, own.discipline))
    yield_codes = np.where(kind == CONSUMER, cut(yield_latent, YIELDS[1]).codes, cut(yield_latent, YIELDS[0]).codes)
    term = _draw_term(rng, kind, status, asked)
    insured = chance(rng, np.array(INSURED_SHARE)[kind], count)
    rate = np.where(
        chance(rng, 0.40, count),
        0.0,
        with_margin(blend(rng, (0.25, own.income_potential), (-0.2, own.stress)), DOWN_PAYMENT),
    )
    down = np.where(kind == CONSUMER, np.rint(asked * rate / AMOUNT_STEP) * AMOUNT_STEP, 0.0)
    markup = np.where(kind == CASH, with_margin(rng.standard_normal(count), CASH_MARKUP), np.where(insured, 1.09, 1.0))
    credit = np.where(kind == REVOLVING, asked, on_grid((asked - down) * markup, AMOUNT_STEP))
    annuity = _annuity(kind, credit, term, yield_codes)
    return PreviousApplications(
        ids=clients.first_previous_id + rng.permutation(count),
        owner=owner,
        kind=kind,
        status=status,
        decided=decided,
        asked=asked,
        credit=credit,
        down_payment=down,
        annuity=annuity,
        term=term,
        yield_group=Coded(yield_codes, tuple(YIELDS[0])),
        insured=insured,
        has_amount=has_amount,
        has_begun=(status == APPROVED) & ~chance(rng, NEVER_BEGUN[kind], count),
    )


def _draw_status(rng: np.random.Generator, own: Traits, kind: IntArray) -> IntArray:
    """The outcome of each application."""
    risk = 0.24 * own.stress - 0.20 * own.discipline - 0.12 * own.stability - 0.08 * own.income_potential
    refused = np.minimum(REFUSED_SHARE[kind] * np.exp(risk - 0.10), 0.95 - CANCELED_SHARE[kind] - UNUSED_SHARE[kind])
    edges = np.cumsum([refused, CANCELED_SHARE[kind], UNUSED_SHARE[kind]], axis=0)
    draw = rng.random(len(kind))
    return np.select([draw < edges[0], draw < edges[1], draw < edges[2]], [REFUSED, CANCELED, UNUSED], APPROVED)


def _draw_decided(
    rng: np.random.Generator, own: Traits, owner: IntArray, kind: IntArray, status: IntArray
) -> FloatArray:
    """Day of each decision, negative; stable clients are old customers."""
    latent = blend(
        rng, (-0.25, own.stability), (0.12, own.stress), (0.35, rng.standard_normal(owner.max(initial=-1) + 1)[owner])
    )
    shape = kind + np.where(status == APPROVED, 0, len(TYPES))
    days = np.empty(len(kind))
    for code, knots in enumerate(DAYS_DECISION):
        rows = shape == code
        days[rows] = with_margin(latent[rows], knots)
    return np.rint(days)


def _draw_asked(rng: np.random.Generator, own: Traits, kind: IntArray) -> FloatArray:
    """Amount asked for (price of the goods, cash or limit), positive."""
    latent = blend(rng, (0.35, own.income_potential))
    asked = np.empty(len(kind))
    for code, (knots, step) in enumerate(zip(AMOUNT, (4500.0, AMOUNT_STEP, 22500.0), strict=True)):
        rows = kind == code
        asked[rows] = on_grid(with_margin(latent[rows], knots), step)
    return asked


def _draw_term(rng: np.random.Generator, kind: IntArray, status: IntArray, asked: FloatArray) -> FloatArray:
    """Number of monthly instalments; larger loans run longer; zero for cards."""
    size = np.log(asked / np.where(kind == CASH, 270000.0, 70875.0)) / 0.85
    latent = 0.55 * np.clip(size, -3.0, 3.0) + 0.8 * rng.standard_normal(len(kind))
    latent = latent + np.where(kind == CASH, np.where(status == APPROVED, *TERM_SHIFT), 0.0)
    months = [
        np.array(list(shares))[cut(latent, {str(term): share for term, share in shares.items()}).codes]
        for shares in TERMS
    ]
    return np.select([kind == CASH, kind == CONSUMER], [months[0], months[1]], 0).astype(np.float64)


def _annuity(kind: IntArray, credit: FloatArray, term: FloatArray, yield_codes: IntArray) -> FloatArray:
    """Monthly payment: constant instalments at the rate of the yield group, or 5 % of a card's limit."""
    rate = np.where(kind == CONSUMER, YEARLY_RATES[1][yield_codes], YEARLY_RATES[0][yield_codes]) / 12.0
    months = np.maximum(term, 1.0)
    instalment = credit * rate / (1.0 - (1.0 + rate) ** -months)
    return np.where(kind == REVOLVING, 0.05 * credit, np.rint(instalment * 200.0) / 200.0)
