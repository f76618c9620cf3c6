"""Vectorised draws shared by the tables: latent blends, measured margins, ragged rows.

A margin is given as nine values of a variable: its extremes and its quantiles at 1, 5, 25, 50, 75, 95 and 99 %.
These values, and the shares of categories beside them, were measured on Kaggle's published tables; no row of
them is kept.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]
Knots = tuple[float, float, float, float, float, float, float, float, float]

#: The standard normal quantiles at which a margin has its nine values; the extremes stand for one in 30,000.
LATENT_KNOTS: Final = np.array([-4.0, -2.3263, -1.6449, -0.6745, 0.0, 0.6745, 1.6449, 2.3263, 4.0])
#: Every amount of an application is a multiple of this (the data were scaled before publication).
AMOUNT_STEP: Final = 4.5
#: Amounts of balances and instalments have this many steps per unit (0.005).
FINE_STEPS: Final = 200.0
MONTH_DAYS: Final = 30.4


@dataclass(frozen=True, slots=True)
class Coded:
    """A text column: ``codes`` index ``levels``; -1 is a blank."""

    codes: IntArray
    levels: tuple[str, ...]

    def blank(self, where: BoolArray) -> "Coded":
        """The same column with blanks at these rows."""
        return Coded(np.where(where, -1, self.codes), self.levels)

    def is_level(self, level: str) -> BoolArray:
        """True where the column holds this level."""
        found: BoolArray = self.codes == self.levels.index(level)
        return found


Column = FloatArray | IntArray | Coded
Columns = dict[str, Column]


def normal_cdf(latent: FloatArray) -> FloatArray:
    """Share of a standard normal below each value, within 2e-4.

    Source: Bowling et al. (2009), "A logistic approximation to the cumulative normal distribution".
    """
    return logistic(latent * (1.5976 + 0.07056 * latent * latent))


def logistic(logit: FloatArray) -> FloatArray:
    """Probability of each log-odds; no overflow in either tail."""
    return 0.5 * (1.0 + np.tanh(0.5 * logit))


def blend(rng: np.random.Generator, *loadings: tuple[float, FloatArray]) -> FloatArray:
    """A standard normal with these loadings on independent standard normals; the rest is fresh noise.

    Raises ValueError when the squares of the loadings exceed one.
    """
    own = 1.0 - sum(loading * loading for loading, _ in loadings)
    if own < 0.0:
        raise ValueError("The squares of the loadings sum to more than one.")
    result: FloatArray = math.sqrt(own) * rng.standard_normal(len(loadings[0][1]))
    for loading, trait in loadings:
        result += loading * trait
    return result


def with_margin(latent: FloatArray, knots: Knots) -> FloatArray:
    """The standard normal latent mapped onto a measured margin; monotone increasing."""
    return np.interp(latent, LATENT_KNOTS, knots)


def pick(rng: np.random.Generator, shares: Mapping[str, float], count: int) -> Coded:
    """``count`` independent draws of the levels with these shares (scaled to sum to one)."""
    edges = np.cumsum(np.fromiter(shares.values(), np.float64))
    codes = np.searchsorted(edges[:-1] / edges[-1], rng.random(count), side="right")
    return Coded(codes.astype(np.int64), tuple(shares))


def pick_tilted(rng: np.random.Generator, weights: FloatArray, levels: tuple[str, ...]) -> Coded:
    """One level per row of ``weights`` (rows, levels), with probability proportional to its weight."""
    edges = np.cumsum(weights, axis=1)
    draws = rng.random(len(weights)) * edges[:, -1]
    return Coded((draws[:, None] >= edges[:, :-1]).sum(axis=1, dtype=np.int64), levels)


def cut(latent: FloatArray, shares: Mapping[str, float]) -> Coded:
    """Ordered levels: the standard normal latent cut so that each level has its share."""
    edges = np.cumsum(np.fromiter(shares.values(), np.float64))
    codes = np.searchsorted(edges[:-1] / edges[-1], normal_cdf(latent), side="right")
    return Coded(codes.astype(np.int64), tuple(shares))


def choose(condition: BoolArray, level: str, other: Coded) -> Coded:
    """``other`` with ``level`` wherever the condition holds."""
    levels = other.levels if level in other.levels else (*other.levels, level)
    return Coded(np.where(condition, levels.index(level), other.codes), levels)


def yes_no(condition: BoolArray) -> Coded:
    """``Y`` where the condition holds, ``N`` elsewhere."""
    return Coded(condition.astype(np.int64), ("N", "Y"))


def chance(rng: np.random.Generator, probability: FloatArray | float, count: int) -> BoolArray:
    """``count`` independent events with this probability (one for all, or one each)."""
    return rng.random(count) < probability


def blank(values: FloatArray | IntArray, where: BoolArray) -> FloatArray:
    """The values with NaN, which is written as an empty cell, at the marked rows."""
    return np.where(where, np.nan, values)


def on_grid(values: FloatArray, step: float) -> FloatArray:
    """The nearest multiples of ``step``, at least one step."""
    return np.maximum(np.rint(values / step), 1.0) * step


def fine(values: FloatArray) -> FloatArray:
    """The values rounded to the thousandths of five in which balances are kept."""
    return np.rint(values * FINE_STEPS) / FINE_STEPS


def spread(counts: IntArray) -> tuple[IntArray, IntArray]:
    """(owner, position) of each row when owner i has ``counts[i]`` rows; positions start at 0."""
    owner = np.repeat(np.arange(len(counts)), counts)
    starts = np.repeat(np.cumsum(counts) - counts, counts)
    return owner, np.arange(len(owner)) - starts
