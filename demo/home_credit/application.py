"""The application table: the requested loan, external scores, documents and enquiries, beside the person."""

from typing import Final

import numpy as np

from demo.home_credit import shares
from demo.home_credit.housing import draw_housing
from demo.home_credit.person import Person, draw_person
from demo.home_credit.population import Clients
from demo.home_credit.sampling import (
    AMOUNT_STEP,
    BoolArray,
    Coded,
    Columns,
    FloatArray,
    Knots,
    blank,
    blend,
    chance,
    logistic,
    on_grid,
    pick,
    with_margin,
)
from demo.home_credit.traits import Traits, default_probabilities, draw_defaults

GOODS_PRICE: Final[Knots] = (45000, 67500, 121500, 238500, 450000, 679500, 1305000, 1800000, 2925000)
#: Loans of the test period are smaller and shorter, and hardly ever cards.
TEST_GOODS_SCALE: Final = 0.85
TEST_TERM_SHIFT: Final = -0.45
REVOLVING_SHARE: Final = {False: 0.0952, True: 0.0099}
REVOLVING_CREDIT: Final[Knots] = (135000, 135000, 135000, 180000, 270000, 382500, 765000, 1350000, 2250000)
REVOLVING_MONTHS: Final = 20.0
#: Credit / annuity of cash loans, and the share of them that carries no insurance.
CREDIT_PER_ANNUITY: Final[Knots] = (8.04, 8.39, 9.42, 14.6, 20.1, 26.9, 34.2, 37.74, 44.9)
UNINSURED_SHARE: Final = 0.304
#: Credit / goods price of the insured.
MARKUP: Final[Knots] = (1.05, 1.055, 1.07, 1.119, 1.158, 1.211, 1.396, 1.426, 1.53)
GOODS_STEPS: Final = ((0.59, 45000.0), (0.70, 22500.0))
FINEST_GOODS_STEP: Final = 4500.0
EXT_SOURCES: Final[dict[str, Knots]] = {
    "EXT_SOURCE_1": (0.0150, 0.0813, 0.1567, 0.3342, 0.5060, 0.6751, 0.8325, 0.8860, 0.9450),
    "EXT_SOURCE_2": (0.0001, 0.0327, 0.1338, 0.3925, 0.5660, 0.6636, 0.7478, 0.7845, 0.8550),
    "EXT_SOURCE_3": (0.0005, 0.0647, 0.1529, 0.3707, 0.5353, 0.6691, 0.7868, 0.8328, 0.8960),
}
#: What each external score sees: stress, discipline, stability, income potential.
EXT_LOADINGS: Final = {
    "EXT_SOURCE_1": (-0.22, 0.30, 0.30, 0.18),
    "EXT_SOURCE_2": (-0.21, 0.34, 0.14, 0.34),
    "EXT_SOURCE_3": (-0.52, 0.23, 0.20, 0.00),
}
#: How far EXT_SOURCE_1 follows age beyond stability.
EXT_AGE_LOADING: Final = 0.35
#: The third score comes from the bureau: blank without a file there, and seldom otherwise.
EXT_3_BLANK: Final = {"without bureau": 0.976, "with bureau": 0.068}
#: Mean enquiries at the bureau, train and test period, and the share of clients on whom none were recorded.
ENQUIRIES: Final = {
    "HOUR": (0.0064, 0.0021),
    "DAY": (0.0070, 0.0018),
    "WEEK": (0.0344, 0.0028),
    "MON": (0.2674, 0.0093),
    "QRT": (0.2655, 0.5469),
    "YEAR": (1.90, 1.98),
}
#: Shape of the gamma by which clients differ in each period.
ENQUIRY_SHAPE: Final = 1.4
SOCIAL_CIRCLE_MEAN: Final = 1.42
SOCIAL_CIRCLE_SHAPE: Final = 0.55


def draw_application(rng: np.random.Generator, clients: Clients, traits: Traits) -> tuple[Columns, Person]:
    """Every column of the application table with TARGET (NaN for the test clients), and the persons."""
    person = draw_person(rng, traits)
    is_test = clients.is_test
    loan = _draw_loan(rng, traits, person, is_test)
    credit, annuity, price = (np.asarray(loan[name]) for name in ("AMT_CREDIT", "AMT_ANNUITY", "AMT_GOODS_PRICE"))
    probabilities = default_probabilities(traits, annuity / person.income, credit / price)
    target = np.full(len(is_test), np.nan)
    target[~is_test] = draw_defaults(rng, probabilities[~is_test])
    columns: Columns = {
        "SK_ID_CURR": clients.ids,
        "TARGET": target,
        **person.columns,
        **loan,
        **_draw_scores(rng, clients, traits, person),
        **draw_housing(rng, traits),
        **_draw_social_circle(rng, traits),
        **_draw_documents(rng, person, loan["NAME_CONTRACT_TYPE"]),
        **_draw_enquiries(rng, clients, traits),
    }
    return columns, person


def _draw_loan(rng: np.random.Generator, traits: Traits, person: Person, is_test: BoolArray) -> Columns:
    """The requested loan, and when it was requested; amounts are multiples of 4.5."""
    count = len(is_test)
    revolving_share = np.where(is_test, REVOLVING_SHARE[True], REVOLVING_SHARE[False])
    is_revolving = chance(rng, revolving_share, count)
    wealth = np.log(person.income / 150000.0) / 0.5
    size = 0.42 * np.clip(wealth, -3, 3) + 0.9 * rng.standard_normal(count) - 0.1 * traits.stress
    scale = np.where(is_test, TEST_GOODS_SCALE, 1.0)
    price = _round_price(rng, np.maximum(with_margin(size, GOODS_PRICE) * scale, GOODS_PRICE[0]))
    insured = ~chance(rng, UNINSURED_SHARE - 0.08 * np.tanh(traits.stress), count)
    markup = with_margin(blend(rng, (0.25, traits.stress)), MARKUP)
    credit = np.where(insured, on_grid(price * markup, AMOUNT_STEP), price)
    term = 0.68 * np.clip(size, -3, 3) + 0.72 * rng.standard_normal(count) + np.where(is_test, TEST_TERM_SHIFT, 0.0)
    annuity = credit / with_margin(term, CREDIT_PER_ANNUITY)
    card = on_grid(with_margin(0.4 * wealth + 0.9 * rng.standard_normal(count), REVOLVING_CREDIT), 22500.0)
    credit = np.where(is_revolving, card, credit)
    companion = pick(rng, shares.COMPANION, count)
    hour = np.clip(np.rint(12.0 + 3.25 * rng.standard_normal(count)), 0.0, 23.0)
    return {
        "NAME_CONTRACT_TYPE": Coded(is_revolving.astype(np.int64), ("Cash loans", "Revolving loans")),
        "AMT_CREDIT": credit,
        "AMT_ANNUITY": on_grid(np.where(is_revolving, credit / REVOLVING_MONTHS, annuity), AMOUNT_STEP),
        "AMT_GOODS_PRICE": np.where(is_revolving, credit, price),
        "NAME_TYPE_SUITE": companion.blank(chance(rng, 0.004, count)),
        "WEEKDAY_APPR_PROCESS_START": pick(rng, shares.WEEKDAY, count),
        "HOUR_APPR_PROCESS_START": hour.astype(np.int64),
    }


def _round_price(rng: np.random.Generator, price: FloatArray) -> FloatArray:
    """Prices as they are entered: mostly round amounts."""
    draw = rng.random(len(price))
    (coarse_share, coarse), (middle_share, middle) = GOODS_STEPS
    return np.select(
        [(draw < coarse_share) & (price > 2 * coarse), draw < middle_share],
        [on_grid(price, coarse), on_grid(price, middle)],
        on_grid(price, FINEST_GOODS_STEP),
    )


def _draw_scores(rng: np.random.Generator, clients: Clients, traits: Traits, person: Person) -> Columns:
    """The three external scores: noisy views of the traits, higher is safer."""
    count = len(clients.ids)
    causes = (traits.stress, traits.discipline, traits.stability, traits.income_potential)
    columns: dict[str, FloatArray] = {}
    for name, loadings in EXT_LOADINGS.items():
        latent = blend(rng, *zip(loadings, causes, strict=True))
        if name == "EXT_SOURCE_1":
            latent = np.sqrt(1.0 - EXT_AGE_LOADING**2) * latent + EXT_AGE_LOADING * person.age_latent
        columns[name] = with_margin(latent, EXT_SOURCES[name])
    has_bureau = clients.bureau_counts > 0
    third = np.where(has_bureau, EXT_3_BLANK["with bureau"], EXT_3_BLANK["without bureau"])
    first = np.where(clients.is_test, 0.4212, 0.5638)
    return {
        "EXT_SOURCE_1": blank(columns["EXT_SOURCE_1"], chance(rng, first, count)),
        "EXT_SOURCE_2": blank(columns["EXT_SOURCE_2"], chance(rng, 0.0021, count)),
        "EXT_SOURCE_3": blank(columns["EXT_SOURCE_3"], chance(rng, third, count)),
    }


def _draw_social_circle(rng: np.random.Generator, traits: Traits) -> Columns:
    """Acquaintances seen by the lender, and those of them who paid late; 60 days late means 30 days late too."""
    count = len(traits.stress)
    odds = SOCIAL_CIRCLE_SHAPE / (SOCIAL_CIRCLE_SHAPE + SOCIAL_CIRCLE_MEAN)
    observed = rng.negative_binomial(SOCIAL_CIRCLE_SHAPE, odds, count)
    late_30 = rng.binomial(observed, logistic(-2.55 - 0.35 * traits.discipline + 0.8 * rng.standard_normal(count)))
    observed_60 = observed - (chance(rng, 0.01, count) & (observed > late_30))
    late_60 = rng.binomial(late_30, 0.70)
    unreported = chance(rng, 0.0033, count)
    return {
        "OBS_30_CNT_SOCIAL_CIRCLE": blank(observed, unreported),
        "DEF_30_CNT_SOCIAL_CIRCLE": blank(late_30, unreported),
        "OBS_60_CNT_SOCIAL_CIRCLE": blank(observed_60, unreported),
        "DEF_60_CNT_SOCIAL_CIRCLE": blank(late_60, unreported),
    }


def _draw_documents(rng: np.random.Generator, person: Person, contract: object) -> Columns:
    """The twenty document flags; a cash loan comes with one main document, by situation."""
    if not isinstance(contract, Coded):
        raise TypeError("The contract type is a text column.")
    count = len(person.income)
    is_cash = contract.is_level("Cash loans")
    sixth = is_cash & person.is_retired & chance(rng, 0.52, count)
    eighth = is_cash & ~sixth & chance(rng, 0.10, count)
    third = is_cash & ~sixth & ~eighth & chance(rng, 0.968, count)
    flags = {3: third, 6: sixth, 8: eighth}
    for number, share in shares.RARE_DOCUMENTS.items():
        flags[number] = chance(rng, share, count)
    return {f"FLAG_DOCUMENT_{number}": flags[number].astype(np.int64) for number in sorted(flags)}


def _draw_enquiries(rng: np.random.Generator, clients: Clients, traits: Traits) -> Columns:
    """Enquiries at the bureau before the application; more under stress; unknown mostly without a bureau file."""
    count = len(clients.ids)
    unknown = chance(rng, np.where(clients.bureau_counts > 0, 0.03, 0.77), count)
    columns: Columns = {}
    for period, (train_mean, test_mean) in ENQUIRIES.items():
        mean = np.where(clients.is_test, test_mean, train_mean) * np.exp(0.20 * traits.stress - 0.02)
        spread = rng.gamma(ENQUIRY_SHAPE, 1 / ENQUIRY_SHAPE, count)
        columns[f"AMT_REQ_CREDIT_BUREAU_{period}"] = blank(rng.poisson(mean * spread), unknown)
    return columns
