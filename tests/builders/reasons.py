"""Clients drawn at random for the reasons of their scores, and what no reason may say."""

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from credit.ml.catalogue import describe
from credit.ml.columns import CATEGORIES, DAYS_SENTINEL
from credit.ml.features import feature_names
from credit.ml.reasons import Reason, find_reasons

NAMES = feature_names()
TABLES = ("BUREAU", "PREV", "POS", "INSTAL", "CC")
#: Words that French reads as plural with an s, an x, or unchanged.
_COUNTED_FR = re.compile(r"^([\d\u202f]+(?:,\d+)?) (\w+)")


@dataclass(frozen=True)
class DrawnClient:
    """Features (F,), what each did to the probability (F,), the population's medians, the raw application."""

    values: NDArray[np.float64]
    points: NDArray[np.float64]
    population: Mapping[str, Mapping[str, float | None]]
    application: Mapping[str, float | int | str | None]

    @property
    def reasons(self) -> tuple[Reason, ...]:
        return find_reasons(NAMES, self.values, self.points, self.population, self.application)


def drawn_clients(count: int, seed: int) -> Iterator[DrawnClient]:
    """Blanks, zeros, ones, sentinels, absent tables, values on both sides of the median and equal to it."""
    generator = np.random.default_rng(seed)
    medians = np.array([_typical(name, generator) for name in NAMES])
    population = {name: {"median": float(median)} for name, median in zip(NAMES, medians, strict=True)}
    for _client in range(count):
        values = np.array([_value(name, median, generator) for name, median in zip(NAMES, medians, strict=True)])
        for table in TABLES:
            if generator.random() < 0.3:
                values[[at for at, name in enumerate(NAMES) if name.startswith(f"{table}_")]] = math.nan
        employed: float | None = float(values[NAMES.index("DAYS_EMPLOYED")])
        if math.isnan(employed):
            employed = DAYS_SENTINEL if generator.random() < 0.5 else None
        points = generator.standard_t(2, len(NAMES)) * 0.003
        yield DrawnClient(values, points, population, {"DAYS_EMPLOYED": employed})


def contradiction(reason: Reason) -> str:
    """What is wrong with the evidence of a reason, "" where nothing is; written from the rules, not from the code."""
    variable, value = describe(reason.feature), reason.value
    if value is None:
        return "" if reason.form in ("blank", "no_rows", "sentinel") else "a blank is stated as a value"
    if variable.direction and reason.median is not None and value != reason.median and value != 0:
        is_worse = (value - reason.median) * variable.direction > 0
        return "" if is_worse == reason.raises else "the evidence speaks against the effect"
    if variable.direction and value == 0 and variable.name not in CATEGORIES:
        return "" if (variable.direction < 0) == reason.raises else "a zero speaks against the effect"
    return ""


def faults_of_french(text: str) -> list[str]:
    """What no sentence may hold."""
    fact, _space, _median = text.partition(" (médiane")
    faults = re.findall(r"\b(?:nan|None|inf|365.?243|sur 0)\b|(?<![\d,])0(?:,0+)?(?![\d,])|[{}−]| :|  ", fact)
    if match := _COUNTED_FR.match(text):
        number, noun = float(match[1].replace("\u202f", "").replace(",", ".")), match[2]
        is_plural = noun.endswith(("s", "x"))
        if (number >= 2) != is_plural and noun not in ("mois", "des"):
            faults.append(f"{match[1]} {noun}")
    return faults


def _typical(name: str, generator: np.random.Generator) -> float:
    unit = describe(name).unit
    if name in CATEGORIES:
        return float(generator.integers(0, len(CATEGORIES[name])))
    match unit:
        case "currency":
            return float(generator.uniform(1e3, 5e5))
        case "percent" | "score":
            return float(generator.uniform(0, 1))
        case "days_relative":
            return -float(generator.integers(20, 15_000))
        case "yes_no":
            return float(generator.integers(0, 2))
        case _:
            return float(generator.integers(0, 30))


def _value(name: str, median: float, generator: np.random.Generator) -> float:
    if name in CATEGORIES:
        return _or_blank(float(generator.integers(0, len(CATEGORIES[name]))), generator)
    if describe(name).unit == "yes_no":
        return _or_blank(float(generator.integers(0, 2)), generator)
    draw = generator.random()
    if draw < 0.2:
        return 0.0
    if draw < 0.25:
        return median
    if draw < 0.35:
        return -1.0 if median < 0 else 1.0
    if draw < 0.4:
        return -0.3 * median
    if draw < 0.45:
        return float(generator.uniform(0, 1e-4)) * (-1 if median < 0 else 1)
    value = median * float(generator.uniform(0, 3))
    return _or_blank(float(round(value)) if describe(name).unit == "count" else value, generator)


def _or_blank(value: float, generator: np.random.Generator) -> float:
    return math.nan if generator.random() < 0.2 else value
