"""Bootstrap intervals of all metrics from the same resamples."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from credit.ml.metrics.points import auc_of_counts, average_precision_of_counts
from credit.ml.metrics.ranking import Ranking


@dataclass(frozen=True, slots=True)
class Interval:
    """A measured value with its 95 % interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class MetricIntervals:
    """Metrics with 95 % percentile intervals."""

    roc_auc: Interval
    average_precision: Interval
    brier: Interval
    log_loss: Interval
    cost_per_client: Interval


def metric_intervals(
    target: NDArray[np.generic],
    probability: NDArray[np.float64],
    *,
    client_cost: Callable[[NDArray[np.bool_], NDArray[np.float64]], NDArray[np.float64]],
    resamples: int = 200,
    seed: int = 0,
) -> MetricIntervals:
    """Metrics of N clients with their intervals; ``client_cost(defaulted, probability)`` is each client's cost, (N,).

    Each resample draws as many clients with replacement: losses depend on how many of them default.
    """
    ranking = Ranking.of(target, probability)
    with np.errstate(divide="ignore"):
        losses = -np.log(np.where(ranking.defaulted, ranking.probability, 1 - ranking.probability))
    means = np.stack(
        [
            (ranking.probability - ranking.defaulted) ** 2,
            losses,
            client_cost(ranking.defaulted, ranking.probability),
        ]
    )  # (3, N)

    def measure(weight: NDArray[np.float64]) -> list[float]:
        bad, good = ranking.counts(weight)
        return [auc_of_counts(bad, good), average_precision_of_counts(bad, good), *(means @ weight / len(weight))]

    values = measure(np.ones(len(target)))
    drawn = np.array([measure(weight) for weight in ranking.resamples(resamples, seed)])  # (R, 5)
    low, high = np.percentile(drawn, [2.5, 97.5], axis=0)
    return MetricIntervals(*(Interval(float(v), float(a), float(b)) for v, a, b in zip(values, low, high, strict=True)))
