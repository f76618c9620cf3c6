"""Filters for similar clients: bands, levels and nearness, never sex or a stand-in for it."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from credit.ml.catalogue import offered_levels
from credit.ml.columns import CATEGORIES
from credit.ml.store import Between, Condition, IsLevel

#: The choice of a band filter that means "around this client's own value".
NEAR: Final = "near"
Band = tuple[float | None, float | None]


@dataclass(frozen=True, slots=True)
class BandFilter:
    """A number in bands, each from its low end up to its high one; dates in years."""

    variable: str
    bands: Mapping[str, Band]


@dataclass(frozen=True, slots=True)
class LevelFilter:
    """A category by its levels; their keys in an address are Kaggle's own words."""

    variable: str

    @property
    def levels(self) -> tuple[str, ...]:
        return offered_levels(self.variable)


@dataclass(frozen=True, slots=True)
class Tolerance:
    """How far "near" reaches on either side."""

    years: float
    share: float


def _bands(*ends: float) -> dict[str, Band]:
    """Bands between the ends, open below and above: -25, 25-35, 35-."""
    edges: list[float | None] = [None, *ends, None]
    return {f"{low or 0:.0f}-{f'{high:.0f}' if high else ''}": (low, high) for low, high in pairwise(edges)}


#: Filters by their name in an address, in the order of the page.
FILTERS: Final[dict[str, BandFilter | LevelFilter]] = {
    "age": BandFilter("DAYS_BIRTH", _bands(25, 35, 45, 55, 65)),
    "income": BandFilter("AMT_INCOME_TOTAL", _bands(90_000, 135_000, 180_000, 270_000)),
    "amount": BandFilter("AMT_CREDIT", _bands(150_000, 300_000, 500_000, 800_000)),
    "contract": LevelFilter("NAME_CONTRACT_TYPE"),
    "family": LevelFilter("NAME_FAMILY_STATUS"),
    "education": LevelFilter("NAME_EDUCATION_TYPE"),
    "occupation": LevelFilter("OCCUPATION_TYPE"),
    "income_type": LevelFilter("NAME_INCOME_TYPE"),
    "housing": LevelFilter("NAME_HOUSING_TYPE"),
    "region": BandFilter("REGION_RATING_CLIENT", {"1": (1, 2), "2": (2, 3), "3": (3, 4)}),
}
#: Filters that can be set around the client's own value.
NEAR_FILTERS: Final = ("age", "income", "amount")
TOLERANCES: Final = {"narrow": Tolerance(3, 0.1), "medium": Tolerance(5, 0.2), "wide": Tolerance(10, 0.4)}
DEFAULT_TOLERANCE: Final = "medium"


@dataclass(frozen=True, slots=True)
class PeerFilters:
    """What was chosen: a key per filter, "" for any; ``tolerance`` says what "near" means."""

    chosen: Mapping[str, str]
    tolerance: str = DEFAULT_TOLERANCE

    @property
    def is_everybody(self) -> bool:
        return not self.chosen

    @property
    def parameters(self) -> dict[str, str]:
        """The same as parameters of an address, what is neutral left out."""
        is_near = NEAR in self.chosen.values()
        tolerance = {"tolerance": self.tolerance} if is_near and self.tolerance != DEFAULT_TOLERANCE else {}
        return {**self.chosen, **tolerance}

    def conditions(self, values: Mapping[str, float]) -> frozenset[Condition]:
        """The conditions on the store; ``values`` are the client's own, for what is near to them."""
        return frozenset(self._condition(FILTERS[name], key, values) for name, key in self.chosen.items())

    def _condition(self, filtered: BandFilter | LevelFilter, key: str, values: Mapping[str, float]) -> Condition:
        if isinstance(filtered, LevelFilter):
            return IsLevel(filtered.variable, CATEGORIES[filtered.variable].index(key))
        if key != NEAR:
            return Between(filtered.variable, *filtered.bands[key])
        own = values[filtered.variable]
        tolerance = TOLERANCES[self.tolerance]
        reach = tolerance.years if filtered.variable == "DAYS_BIRTH" else tolerance.share * own
        return Between(filtered.variable, own - reach, own + reach, holds_high=True)


def choices(name: str, *, with_near: bool) -> tuple[str, ...]:
    """The keys that a filter accepts."""
    filtered = FILTERS[name]
    keys = filtered.levels if isinstance(filtered, LevelFilter) else tuple(filtered.bands)
    return (NEAR, *keys) if with_near and name in NEAR_FILTERS else keys


def read_filters(parameters: Mapping[str, str], values: Mapping[str, float] | None) -> tuple[PeerFilters, list[str]]:
    """The filters of an address, and the names of those that say nothing known, which count as left empty.

    ``values`` are the client's own; without them, or where the value is blank, nothing can be near.
    """
    chosen, unknown = {}, []
    for name, filtered in FILTERS.items():
        key = parameters.get(name, "")
        can_be_near = values is not None and not math.isnan(values[filtered.variable])
        if key in choices(name, with_near=can_be_near):
            chosen[name] = key
        elif key:
            unknown.append(name)
    tolerance = parameters.get("tolerance", "") or DEFAULT_TOLERANCE
    if tolerance not in TOLERANCES:
        unknown.append("tolerance")
        tolerance = DEFAULT_TOLERANCE
    return PeerFilters(chosen, tolerance), unknown
