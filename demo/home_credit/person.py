"""The applicants: age, work, family, home and means of contact."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from credit.ml.columns import DAYS_SENTINEL
from demo.home_credit import shares
from demo.home_credit.sampling import (
    BoolArray,
    Coded,
    Columns,
    FloatArray,
    IntArray,
    Knots,
    blank,
    blend,
    chance,
    choose,
    cut,
    logistic,
    on_grid,
    pick,
    pick_tilted,
    with_margin,
    yes_no,
)
from demo.home_credit.traits import Traits

DAYS_BIRTH: Final[Knots] = (-25210, -24427, -23153, -19700, -15760, -12430, -9410, -8290, -7680)
DAYS_REGISTRATION: Final[Knots] = (-20981, -13959, -11494, -7457, -4511, -1980, -319, -57, 0)
DAYS_ID_PUBLISH: Final[Knots] = (-6315, -5491, -5000, -4320, -3255, -1710, -371, -66, 0)
DAYS_LAST_PHONE_CHANGE: Final[Knots] = (-4026, -3216, -2572, -1575, -757, -276, 0, 0, 0)
#: Time in the present job as a share of the time since the eighteenth birthday.
JOB_SHARE: Final[Knots] = (0.0008, 0.0127, 0.0288, 0.1109, 0.2396, 0.4497, 0.8406, 0.9733, 0.999)
INCOME: Final[Knots] = (25650, 45000, 67500, 112500, 146000, 202500, 337500, 472500, 2250000)
POPULATION: Final[Knots] = (0.000290, 0.002134, 0.005002, 0.010006, 0.018850, 0.028663, 0.046220, 0.072508, 0.072508)
CAR_AGE: Final[Knots] = (0, 0, 1, 5, 9, 15, 28, 64, 69)
#: Means of the two conditions that enter blends.
WOMEN_SHARE: Final = 0.66
RETIRED_SHARE: Final = 0.18
#: Retirement, by age in years: steep around a middle that comes later for men.
RETIREMENT_AGE: Final = (58.9, 55.4)
RETIREMENT_SPREAD: Final = 2.3
LATEST_RETIRED_SHARE: Final = 0.92
WORKING_AGE: Final = 18.0
#: How the weight of having no child changes without and with a partner.
CHILDLESS_FACTOR: Final = (1.75, 0.86)
RATINGS: Final = {"1": 0.1050, "2": 0.7381, "3": 0.1569}
INCOME_STEPS: Final = ((0.75, 22500.0), (0.976, 4500.0))
FINEST_INCOME_STEP: Final = 450.0


@dataclass(frozen=True, slots=True)
class Person:
    """The facts about each client that later columns depend on."""

    is_woman: BoolArray
    is_retired: BoolArray
    age_years: FloatArray
    income: FloatArray
    age_latent: FloatArray
    columns: Columns


def draw_person(rng: np.random.Generator, traits: Traits) -> Person:
    """The clients with their columns on age, work, family, home and contact."""
    count = len(traits.stress)
    # Sex follows the traits a little (as in the published tables) and causes nothing but job, age and pay.
    is_woman = chance(rng, logistic(0.70 + 0.18 * traits.discipline - 0.18 * traits.income_potential), count)
    age_latent = blend(rng, (0.50, traits.stability), (0.10, is_woman.astype(np.float64) - WOMEN_SHARE))
    days_birth = np.rint(with_margin(-age_latent, DAYS_BIRTH))
    age = -days_birth / 365.25
    middle = np.where(is_woman, RETIREMENT_AGE[1], RETIREMENT_AGE[0])
    is_retired = chance(rng, LATEST_RETIRED_SHARE * logistic((age - middle) / RETIREMENT_SPREAD), count)
    income_latent = blend(
        rng,
        (0.75, traits.income_potential),
        (0.20, WOMEN_SHARE - is_woman.astype(np.float64)),
        (0.20, RETIRED_SHARE - is_retired.astype(np.float64)),
    )
    income = _round_income(rng, with_margin(income_latent, INCOME))
    columns: Columns = {
        "CODE_GENDER": Coded(is_woman.astype(np.int64), ("M", "F")),
        "AMT_INCOME_TOTAL": income,
        "DAYS_BIRTH": days_birth,
        **_work(rng, traits, is_woman, is_retired, age),
        **_family(rng, age),
        **_home(rng, traits, is_woman, is_retired, age_latent),
    }
    return Person(is_woman, is_retired, age, income, age_latent, columns)


def _round_income(rng: np.random.Generator, income: FloatArray) -> FloatArray:
    """Incomes as people state them: mostly round, sometimes exact."""
    draw = rng.random(len(income))
    (coarse_share, coarse), (middle_share, middle) = INCOME_STEPS
    return np.select(
        [draw < coarse_share, draw < middle_share],
        [on_grid(income, coarse), on_grid(income, middle)],
        on_grid(income, FINEST_INCOME_STEP),
    )


def _work(
    rng: np.random.Generator, traits: Traits, is_woman: BoolArray, is_retired: BoolArray, age: FloatArray
) -> Columns:
    """Employment, occupation, employer and education."""
    count = len(age)
    job_share = with_margin(blend(rng, (0.50, traits.stability)), JOB_SHARE)
    days_employed = -np.maximum(np.rint(job_share * (age - WORKING_AGE) * 365.0), 1.0)
    by_sex = np.array(list(shares.OCCUPATION.values()))
    weights = np.where(is_woman[:, None], by_sex[:, 1], by_sex[:, 0])
    tilt = by_sex[:, 2]
    weights = weights * np.exp(tilt * traits.income_potential[:, None] - 0.5 * tilt**2)
    occupation = pick_tilted(rng, weights, tuple(shares.OCCUPATION))
    unreported = occupation.is_level("") | is_retired
    income_type = pick(rng, shares.INCOME_TYPE, count)
    return {
        "DAYS_EMPLOYED": np.where(is_retired, DAYS_SENTINEL, days_employed),
        "FLAG_EMP_PHONE": (~is_retired).astype(np.int64),
        "NAME_INCOME_TYPE": choose(is_retired, "Pensioner", income_type),
        "OCCUPATION_TYPE": occupation.blank(unreported),
        "ORGANIZATION_TYPE": choose(is_retired, "XNA", pick(rng, shares.ORGANIZATION, count)),
        "NAME_EDUCATION_TYPE": cut(blend(rng, (0.55, traits.income_potential)), shares.EDUCATION),
    }


def _family(rng: np.random.Generator, age: FloatArray) -> Columns:
    """Family status, children and members; two adults when married or living together."""
    band = np.searchsorted(shares.AGE_BANDS, age)
    status = pick_tilted(rng, np.array(shares.FAMILY_STATUS_BY_AGE)[band], shares.FAMILY_STATUS)
    has_partner = status.is_level("Married") | status.is_level("Civil marriage")
    weights = np.array(shares.CHILDREN_BY_AGE)[band]
    weights[:, 0] *= np.where(has_partner, CHILDLESS_FACTOR[1], CHILDLESS_FACTOR[0])
    children = pick_tilted(rng, weights, ("0", "1", "2", "3", "4")).codes
    return {
        "NAME_FAMILY_STATUS": status,
        "CNT_CHILDREN": children,
        "CNT_FAM_MEMBERS": (children + 1 + has_partner).astype(np.float64),
        "NAME_HOUSING_TYPE": pick_tilted(rng, np.array(shares.HOUSING_TYPE_BY_AGE)[band], shares.HOUSING_TYPE),
    }


def _home(
    rng: np.random.Generator, traits: Traits, is_woman: BoolArray, is_retired: BoolArray, age_latent: FloatArray
) -> Columns:
    """Property, region, moves and telephones."""
    count = len(is_woman)
    has_car = chance(rng, logistic(0.35 + 0.35 * traits.income_potential - 1.45 * is_woman - 0.3 * is_retired), count)
    car_age = np.rint(with_margin(blend(rng, (0.15, traits.stress), (-0.22, traits.income_potential)), CAR_AGE))
    region = blend(rng, (0.50, traits.income_potential))
    rating = 1 + cut(-region, RATINGS).codes
    city_rating = np.where(chance(rng, 0.012, count), np.maximum(rating - 1, 1), rating)
    return {
        "FLAG_OWN_CAR": yes_no(has_car),
        "OWN_CAR_AGE": blank(car_age, ~has_car),
        "FLAG_OWN_REALTY": yes_no(chance(rng, logistic(0.84 + 0.2 * age_latent), count)),
        "REGION_POPULATION_RELATIVE": np.round(with_margin(blend(rng, (0.50, region)), POPULATION), 6),
        "REGION_RATING_CLIENT": rating,
        "REGION_RATING_CLIENT_W_CITY": city_rating,
        "DAYS_REGISTRATION": np.rint(
            with_margin(-blend(rng, (0.25, traits.stability), (0.25, age_latent)), DAYS_REGISTRATION)
        ),
        "DAYS_ID_PUBLISH": np.rint(
            with_margin(-blend(rng, (0.30, traits.stability), (0.15, age_latent)), DAYS_ID_PUBLISH)
        ),
        "DAYS_LAST_PHONE_CHANGE": np.rint(with_margin(-blend(rng, (0.30, traits.stability)), DAYS_LAST_PHONE_CHANGE)),
        **_addresses(rng, traits, is_retired),
        "FLAG_MOBIL": np.ones(count, np.int64),
        "FLAG_WORK_PHONE": (chance(rng, 0.243, count) & ~is_retired).astype(np.int64),
        "FLAG_CONT_MOBILE": chance(rng, 0.998, count).astype(np.int64),
        "FLAG_PHONE": chance(rng, logistic(-0.95 + 0.15 * traits.discipline), count).astype(np.int64),
        "FLAG_EMAIL": chance(rng, 0.0567, count).astype(np.int64),
    }


def _addresses(rng: np.random.Generator, traits: Traits, is_retired: BoolArray) -> Columns:
    """Whether the addresses of registration, home and work lie apart; the retired have no address of work."""
    count = len(is_retired)
    city_home = chance(rng, logistic(-2.6 - 0.45 * traits.stability), count)
    city_work = (city_home & chance(rng, 0.55, count)) | chance(rng, logistic(-1.22 - 0.25 * traits.stability), count)
    live_city_work = (city_work & ~city_home) | (city_work & chance(rng, 0.3, count))
    region_home = city_home & chance(rng, 0.21, count)
    region_work = city_work & chance(rng, 0.21, count)
    live_region_work = region_work & chance(rng, 0.8, count)
    working: IntArray = (~is_retired).astype(np.int64)
    return {
        "REG_REGION_NOT_LIVE_REGION": region_home.astype(np.int64),
        "REG_REGION_NOT_WORK_REGION": region_work * working,
        "LIVE_REGION_NOT_WORK_REGION": live_region_work * working,
        "REG_CITY_NOT_LIVE_CITY": city_home.astype(np.int64),
        "REG_CITY_NOT_WORK_CITY": city_work * working,
        "LIVE_CITY_NOT_WORK_CITY": live_city_work * working,
    }
