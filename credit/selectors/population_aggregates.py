"""One variable over a cohort in numbers, for programs."""

import math
from dataclasses import dataclass
from typing import Final

import numpy as np

from credit.ml.columns import CATEGORIES
from credit.ml.store import Cohort, Store

QUARTILES: Final = (0.25, 0.5, 0.75)


@dataclass(frozen=True, slots=True)
class VariableAggregate:
    """Counts per bar; a bar is a level, a value, or lies between two bounds: one of the three lists is there.

    Bounds are one more than counts; the outer bars also hold what lies beyond them. Dates are years before the
    application.
    """

    name: str
    known: int
    blank: int
    counts: tuple[int, ...]
    levels: tuple[str, ...] | None = None
    values: tuple[float, ...] | None = None
    bounds: tuple[float, ...] | None = None
    quartiles: tuple[float, ...] | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """One value in a cohort; ``percentile`` is the share below it, equal values counted half; None for a level."""

    value: float | str | None
    percentile: float | None


def variable_aggregate(store: Store, cohort: Cohort, name: str) -> VariableAggregate:
    """What a histogram or bars are drawn from."""
    counts = cohort.counts(name)
    known = int(counts.sum())
    blank = cohort.size - known
    if store.is_category(name):
        levels = CATEGORIES[name]
        present = [code for code in range(len(levels)) if counts[code]]
        return VariableAggregate(
            name, known, blank, tuple(int(counts[code]) for code in present), levels=tuple(levels[c] for c in present)
        )
    coding = store.coding(name)
    bars = tuple(coding.by_bar(counts).tolist())
    quartiles = cohort.quantiles(name, QUARTILES) if known else None
    if coding.is_discrete:
        return VariableAggregate(name, known, blank, bars, values=tuple(coding.edges.tolist()), quartiles=quartiles)
    return VariableAggregate(name, known, blank, bars, bounds=tuple(coding.bounds.tolist()), quartiles=quartiles)


def standing(store: Store, cohort: Cohort, name: str, value: float) -> Standing:
    """Where a client's value stands; both None for a blank."""
    if math.isnan(value):
        return Standing(None, None)
    if store.is_category(name):
        return Standing(CATEGORIES[name][int(value)], None)
    return Standing(float(np.float32(value)), cohort.rank(name, value).share)
