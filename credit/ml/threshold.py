"""The threshold that costs the business least, chosen from out-of-fold predictions, and the grey zone around it."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from credit.ml.advice import Advice, Zone
from credit.ml.metrics.ranking import Ranking

#: Share of the resampled optima that the grey zone holds.
GREY_ZONE_SHARE: Final = 0.8
#: For a simulation: enough for a grey zone to two digits, few enough for an answer within a second or two.
SIMULATION_RESAMPLES: Final = 50


@dataclass(frozen=True, slots=True)
class CostRatio:
    """Cost of granting a client who defaults and of refusing one who would have repaid.

    Source: the company's rule, ten to one.
    """

    false_negative: float = 10.0
    false_positive: float = 1.0

    @property
    def analytic_threshold(self) -> float:
        """Probability at which granting and refusing cost the same, if probabilities are true."""
        return self.false_positive / (self.false_positive + self.false_negative)


#: The costs in force unless a caller says otherwise.
BUSINESS_COSTS: Final = CostRatio()


@dataclass(frozen=True, slots=True)
class OutOfFoldRows:
    """N clients with what the fold models predicted of them without having seen them: (N,) each."""

    client_ids: NDArray[np.int64]
    probability: NDArray[np.float64]
    target: NDArray[np.int8]


@dataclass(frozen=True, slots=True)
class ThresholdChoice:
    """The stored threshold, the grey zone around it and what they cost per client."""

    threshold: float
    grey_low: float
    grey_high: float
    cost_per_client: float
    analytic_threshold: float
    analytic_cost: float
    grant_all_cost: float
    refuse_all_cost: float
    review_rate: float

    @property
    def zone(self) -> Zone:
        return Zone(self.threshold, self.grey_low, self.grey_high)


@dataclass(frozen=True, slots=True)
class CostCurve:
    """Cost per client at each threshold of a rising grid."""

    threshold: tuple[float, ...]
    cost_per_client: tuple[float, ...]


def client_costs(
    defaulted: NDArray[np.bool_], refused: NDArray[np.bool_], costs: CostRatio = BUSINESS_COSTS
) -> NDArray[np.float64]:
    """Cost of each client's decision, (N,)."""
    missed = np.where(defaulted & ~refused, costs.false_negative, 0.0)
    return missed + np.where(~defaulted & refused, costs.false_positive, 0.0)


def cost_per_client(
    target: NDArray[np.generic], probability: NDArray[np.float64], threshold: float, costs: CostRatio = BUSINESS_COSTS
) -> float:
    """Mean cost when every client at or above the threshold is refused."""
    return float(client_costs(target == 1, probability >= threshold, costs).mean())


def cost_curve(
    target: NDArray[np.generic],
    probability: NDArray[np.float64],
    costs: CostRatio = BUSINESS_COSTS,
    grid: NDArray[np.float64] | None = None,
) -> CostCurve:
    """Cost per client over a grid of thresholds, every percent from 0 to 1 unless given; sorts once."""
    thresholds = np.linspace(0.0, 1.0, 101) if grid is None else grid
    ranking = Ranking.of(target, probability)
    granted = np.searchsorted(ranking.probability, thresholds, side="left")
    bad_below = np.concatenate([[0], np.cumsum(ranking.defaulted)])
    bad_granted = bad_below[granted]
    good_refused = (len(target) - granted) - (bad_below[-1] - bad_granted)
    total = costs.false_negative * bad_granted + costs.false_positive * good_refused
    return CostCurve(tuple(thresholds.tolist()), tuple((total / len(target)).tolist()))


def choose_threshold(
    target: NDArray[np.generic],
    probability: NDArray[np.float64],
    costs: CostRatio = BUSINESS_COSTS,
    *,
    resamples: int = 200,
    seed: int = 0,
) -> ThresholdChoice:
    """The threshold that costs least, from out-of-fold probabilities (N,).

    The cost curve is jagged and flat near its lowest point, so the single cheapest threshold is mostly chance.
    The cheapest threshold of each bootstrap resample is taken instead: their median is the threshold, and the
    interval that holds the middle 80 % of them is the grey zone, where the data do not say which side is right.
    Source: Breiman, Bagging predictors, 1996.
    """
    ranking = Ranking.of(target, probability)
    optima = [_cheapest(ranking, weight, costs) for weight in ranking.resamples(resamples, seed)]
    tail = (1 - GREY_ZONE_SHARE) / 2
    grey_low, threshold, grey_high = (float(cut) for cut in np.quantile(optima, [tail, 0.5, 1 - tail]))
    codes = Zone(threshold, grey_low, grey_high).advice_codes(probability)
    bad_rate = float(ranking.defaulted.mean())
    return ThresholdChoice(
        threshold=threshold,
        grey_low=grey_low,
        grey_high=grey_high,
        cost_per_client=cost_per_client(target, probability, threshold, costs),
        analytic_threshold=costs.analytic_threshold,
        analytic_cost=cost_per_client(target, probability, costs.analytic_threshold, costs),
        grant_all_cost=costs.false_negative * bad_rate,
        refuse_all_cost=costs.false_positive * (1 - bad_rate),
        review_rate=float((codes == Advice.REVIEW.code).mean()),
    )


def _cheapest(ranking: Ranking, weight: NDArray[np.float64], costs: CostRatio) -> float:
    """The cheapest threshold of a resample: halfway between two observed probabilities.

    Where refusing all or granting all is cheapest, it is the lowest probability, or the first number above the highest:
    beyond the observed probabilities the data say nothing, so a threshold there would be made up.
    """
    bad, good = ranking.counts(weight)
    bad_granted = np.concatenate([[0.0], np.cumsum(bad)])
    good_refused = np.concatenate([np.cumsum(good[::-1])[::-1], [0.0]])
    best = int(np.argmin(costs.false_negative * bad_granted + costs.false_positive * good_refused))
    levels = ranking.levels
    if best == len(levels):
        return min(float(np.nextafter(levels[-1], 2.0)), 1.0)
    return float((levels[max(best - 1, 0)] + levels[best]) / 2)
