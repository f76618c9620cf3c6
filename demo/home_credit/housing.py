"""The 47 columns on the client's building: blank together, and moved together by its quality."""

from typing import Final

import numpy as np

from demo.home_credit.sampling import (
    Columns,
    FloatArray,
    Knots,
    blank,
    blend,
    normal_cdf,
    pick,
    with_margin,
)
from demo.home_credit.traits import Traits

#: Base name: share blank, loading on the quality of the building, margin of the average.
MEASURES: Final[dict[str, tuple[float, float, Knots]]] = {
    "APARTMENTS": (0.5015, 0.75, (0, 0.0021, 0.0093, 0.0577, 0.0876, 0.1485, 0.3351, 0.5443, 1)),
    "BASEMENTAREA": (0.5770, 0.55, (0, 0, 0, 0.0442, 0.0763, 0.1122, 0.2309, 0.4097, 1)),
    "YEARS_BEGINEXPLUATATION": (0.4825, 0.30, (0, 0.9508, 0.9692, 0.9767, 0.9816, 0.9866, 0.9955, 0.9985, 1)),
    "YEARS_BUILD": (0.6585, 0.35, (0, 0.3404, 0.5920, 0.6872, 0.7552, 0.8232, 0.9456, 0.9864, 1)),
    "COMMONAREA": (0.6920, 0.60, (0, 0, 0, 0.0078, 0.0211, 0.0515, 0.1677, 0.3761, 1)),
    "ELEVATORS": (0.5270, 0.85, (0, 0, 0, 0, 0, 0.12, 0.36, 0.64, 1)),
    "ENTRANCES": (0.4975, 0.45, (0, 0.0345, 0.0345, 0.069, 0.1379, 0.2069, 0.3276, 0.5517, 1)),
    "FLOORSMAX": (0.4910, 0.85, (0, 0, 0.0417, 0.1667, 0.1667, 0.3333, 0.5417, 0.6667, 1)),
    "FLOORSMIN": (0.6725, 0.80, (0, 0, 0.0417, 0.0833, 0.2083, 0.375, 0.5167, 0.7083, 1)),
    "LANDAREA": (0.5870, 0.25, (0, 0, 0, 0.0187, 0.0481, 0.0856, 0.2011, 0.3995, 1)),
    "LIVINGAPARTMENTS": (0.6770, 0.75, (0, 0.0017, 0.0101, 0.0504, 0.0756, 0.1210, 0.2950, 0.4564, 1)),
    "LIVINGAREA": (0.4955, 0.80, (0, 0.0025, 0.0085, 0.0453, 0.0745, 0.1299, 0.3286, 0.5909, 1)),
    "NONLIVINGAPARTMENTS": (0.6875, 0.20, (0, 0, 0, 0, 0, 0.0039, 0.0309, 0.1197, 1)),
    "NONLIVINGAREA": (0.5450, 0.30, (0, 0, 0, 0, 0.0036, 0.0277, 0.1258, 0.3140, 1)),
}
#: Measures that count storeys or doors come in equal steps.
STEPS: Final = {"FLOORSMAX": 24, "FLOORSMIN": 24, "ENTRANCES": 29, "ELEVATORS": 25}
#: Column: share of blanks, shares of its levels otherwise.
DESCRIPTIONS: Final[dict[str, tuple[float, dict[str, float]]]] = {
    "FONDKAPREMONT_MODE": (
        0.678,
        {"reg oper account": 0.76, "reg oper spec account": 0.125, "not specified": 0.057, "org spec account": 0.058},
    ),
    "HOUSETYPE_MODE": (0.4970, {"block of flats": 0.982, "specific housing": 0.010, "terraced house": 0.008}),
    "WALLSMATERIAL_MODE": (
        0.5030,
        {
            "Panel": 0.437,
            "Stone, brick": 0.419,
            "Block": 0.062,
            "Wooden": 0.036,
            "Mixed": 0.015,
            "Monolithic": 0.012,
            "Others": 0.011,
        },
    ),
    "EMERGENCYSTATE_MODE": (0.4690, {"No": 0.986, "Yes": 0.014}),
}
TOTAL_AREA_BLANK: Final = 0.4780
TOTAL_AREA: Final[Knots] = (0, 0.0020, 0.0072, 0.0412, 0.0688, 0.1276, 0.3050, 0.5534, 1)
#: The most frequent value and the median differ from the average in half of the buildings, by about this part of
#: the distance to the nearer end of the unit interval.
VARIANT_SPREAD: Final = {"MODE": 0.06, "MEDI": 0.015}
#: The columns of a building are blank from the rarest to the commonest; this disturbs that order a little.
COMPLETENESS_SPREAD: Final = 0.02


def draw_housing(rng: np.random.Generator, traits: Traits) -> Columns:
    """Columns from APARTMENTS_AVG to EMERGENCYSTATE_MODE, one value per client; numbers lie in 0..1."""
    quality = blend(rng, (0.20, traits.income_potential), (0.15, traits.stability))
    # Files of better buildings are kept better: a blank says something too.
    completeness = normal_cdf(blend(rng, (0.15, traits.income_potential), (0.15, traits.stability)))
    columns: Columns = {}
    for base, (blank_share, loading, knots) in MEASURES.items():
        missing = completeness + COMPLETENESS_SPREAD * rng.standard_normal(len(quality)) < blank_share
        average = with_margin(blend(rng, (loading, quality)), knots)
        for suffix in ("AVG", "MODE", "MEDI"):
            values = _variant(rng, average, VARIANT_SPREAD.get(suffix, 0.0))
            steps = STEPS.get(base)
            values = np.rint(values * steps) / steps if steps else values
            columns[f"{base}_{suffix}"] = blank(np.round(values, 4), missing)
    total = with_margin(blend(rng, (0.8, quality)), TOTAL_AREA)
    columns["TOTALAREA_MODE"] = blank(np.round(total, 4), completeness < TOTAL_AREA_BLANK)
    for name, (blank_share, shares) in DESCRIPTIONS.items():
        columns[name] = pick(rng, shares, len(quality)).blank(completeness < blank_share)
    return columns


def _variant(rng: np.random.Generator, average: FloatArray, relative_spread: float) -> FloatArray:
    """The average, moved a little for half of the rows; the unit interval is kept."""
    if relative_spread == 0.0:
        return average
    moved = rng.random(len(average)) < 0.5
    room = np.minimum(average, 1.0 - average)
    return np.clip(average + relative_spread * room * np.where(moved, rng.standard_normal(len(average)), 0.0), 0.0, 1.0)
