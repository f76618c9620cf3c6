"""Curves and bins for charts."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from credit.ml.metrics.ranking import Ranking

#: Normal quantile of a two-sided 95 % interval.
Z: Final = 1.959963984540054


@dataclass(frozen=True, slots=True)
class Curve:
    """Points of a curve in drawing order, each with its threshold."""

    x: tuple[float, ...]
    y: tuple[float, ...]
    threshold: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class CalibrationBin:
    """Clients with similar probabilities: mean prediction, and observed rate with its 95 % interval."""

    count: int
    mean_predicted: float
    observed_rate: float
    low: float
    high: float


def roc_curve(target: NDArray[np.generic], probability: NDArray[np.float64], points: int = 200) -> Curve:
    """False-positive rate (x) and true-positive rate (y) from (0, 0) to (1, 1), in at most ``points`` points."""
    bad_above, good_above, threshold = _refused(target, probability)
    return _thin(good_above / good_above[-1], bad_above / bad_above[-1], threshold, points)


def precision_recall_curve(target: NDArray[np.generic], probability: NDArray[np.float64], points: int = 200) -> Curve:
    """Recall (x) and precision (y) from the highest threshold down, in at most ``points`` points."""
    bad_above, good_above, threshold = (values[1:] for values in _refused(target, probability))
    precision = bad_above / (bad_above + good_above)
    return _thin(bad_above / bad_above[-1], precision, threshold, points)


def calibration_bins(
    target: NDArray[np.generic], probability: NDArray[np.float64], bins: int = 10
) -> tuple[CalibrationBin, ...]:
    """At most ``bins`` groups of about equal size, ascending; clients of equal probability stay together."""
    ranking = Ranking.of(target, probability)
    edges = np.searchsorted(ranking.starts, np.linspace(0, len(target), bins + 1)[1:-1])
    starts = np.unique(np.concatenate([[0], ranking.starts[edges[edges < len(ranking.starts)]]]))
    sizes = np.diff(np.append(starts, len(target)))
    predicted = np.add.reduceat(ranking.probability, starts) / sizes
    observed = np.add.reduceat(ranking.defaulted.astype(np.float64), starts) / sizes
    low, high = wilson_interval(observed, sizes)
    rows = zip(sizes, predicted, observed, low, high, strict=True)
    return tuple(CalibrationBin(int(n), float(p), float(o), float(a), float(b)) for n, p, o, a, b in rows)


def wilson_interval(
    rate: NDArray[np.float64], count: NDArray[np.integer]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The 95 % interval of an observed rate, low and high.

    Source: Wilson, Probable inference, the law of succession, and statistical inference, 1927.
    """
    shrink = 1 + Z**2 / count
    centre = (rate + Z**2 / (2 * count)) / shrink
    half = Z / shrink * np.sqrt(rate * (1 - rate) / count + (Z / (2 * count)) ** 2)
    return np.maximum(centre - half, 0.0), np.minimum(centre + half, 1.0)


def _refused(
    target: NDArray[np.generic], probability: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Bad and good clients at or above each threshold, from none (threshold 1) to all."""
    ranking = Ranking.of(target, probability)
    bad, good = ranking.counts()
    return (
        np.concatenate([[0.0], np.cumsum(bad[::-1])]),
        np.concatenate([[0.0], np.cumsum(good[::-1])]),
        np.concatenate([[1.0], ranking.levels[::-1]]),
    )


def _thin(x: NDArray[np.float64], y: NDArray[np.float64], threshold: NDArray[np.float64], points: int) -> Curve:
    """Evenly spaced points, including the first and the last."""
    kept = np.unique(np.linspace(0, len(x) - 1, min(points, len(x))).round().astype(np.intp))
    return Curve(tuple(x[kept].tolist()), tuple(y[kept].tolist()), tuple(threshold[kept].tolist()))
