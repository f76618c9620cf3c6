"""Tests of whether groups are alike, and the correction for testing many: standard library and NumPy alone."""

import math
from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

#: With a smaller expected count the chi-square distribution is not trusted. Source: Cochran, Some methods for
#: strengthening the common chi-square tests, 1954.
_FEWEST_EXPECTED: Final = 5.0
_DRAWS: Final = 20_000


def equal_shares(hits: NDArray[np.integer], totals: NDArray[np.integer], *, seed: int = 0) -> float:
    """The p-value of Pearson's chi-square test that k groups have the same share of hits, (k,) each.

    Where a count is small, the statistic is compared with that of tables drawn with the same margins.
    """
    whole, hit = int(totals.sum()), int(hits.sum())
    if hit in (0, whole):
        return 1.0
    expected = totals * hit / whole  # (k,)
    scale = expected * (1 - hit / whole)
    statistic = float(((hits - expected) ** 2 / scale).sum())
    if np.minimum(expected, totals - expected).min() >= _FEWEST_EXPECTED:
        return chi_square_tail(statistic, len(hits) - 1)
    drawn = np.random.default_rng(seed).multivariate_hypergeometric(totals, hit, size=_DRAWS, method="marginals")
    reached = ((drawn - expected) ** 2 / scale).sum(axis=1) >= statistic * (1 - 1e-9)
    return float((1 + np.count_nonzero(reached)) / (1 + _DRAWS))


def equal_means(means: NDArray[np.float64], errors: NDArray[np.float64]) -> float:
    """The p-value that k independent estimates with these standard errors, (k,) each, are of one number.

    Source: Cochran, The combination of estimates from different experiments, 1954.
    """
    weights = 1 / errors**2
    centre = (weights @ means) / weights.sum()
    return chi_square_tail(float(weights @ (means - centre) ** 2), len(means) - 1)


def chi_square_tail(value: float, freedom: int) -> float:
    """P(X >= value) for a chi-square distribution. Source: Abramowitz & Stegun, 26.4.4 and 26.4.5."""
    half = value / 2
    if half <= 0:
        return 1.0
    start, first = (math.erfc(math.sqrt(half)), 0.5) if freedom % 2 else (0.0, 0.0)
    powers = (first + step for step in range(freedom // 2))
    terms = (math.exp(power * math.log(half) - half - math.lgamma(power + 1)) for power in powers)
    return min(start + math.fsum(terms), 1.0)


def holm(p: Sequence[float]) -> list[float]:
    """P-values corrected for being several, in their order.

    Source: Holm, A simple sequentially rejective multiple test procedure, 1979.
    """
    values = np.asarray(p, dtype=np.float64)
    order = np.argsort(values, kind="stable")
    steps = np.maximum.accumulate((len(values) - np.arange(len(values))) * values[order])
    corrected = np.empty_like(values)
    corrected[order] = np.minimum(steps, 1.0)
    return [float(value) for value in corrected]
