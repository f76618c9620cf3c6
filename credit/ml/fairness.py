"""How a model treats groups of clients: approvals, wrong refusals, and predicted against observed risk."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from credit.ml.metrics import Interval, Ranking, wilson_interval
from credit.ml.metrics.points import auc_of_counts
from credit.ml.threshold import CostRatio, client_costs

#: A smaller group, or one with fewer clients of either outcome, is counted but not measured.
SMALLEST_GROUP: Final = 100
FEWEST_OUTCOMES: Final = 10
RESAMPLES: Final = 200
#: The measures in which groups are compared: granted, wrongly granted, wrongly refused.
COMPARED: Final = ("approval_rate", "false_negative_rate", "false_positive_rate")


@dataclass(frozen=True, slots=True)
class GroupMeasures:
    """Measures of a group with their 95 % intervals.

    ``false_negative_rate``: the share of bad clients who would be granted; ``false_positive_rate``: the share of good
    clients who would be refused.
    """

    approval_rate: Interval
    false_negative_rate: Interval
    false_positive_rate: Interval
    default_rate: Interval
    mean_predicted: float
    roc_auc: Interval
    cost_per_client: float


@dataclass(frozen=True, slots=True)
class Group:
    """The clients of one level of an attribute; ``measures`` is None where there are too few."""

    name: str
    clients: int
    defaults: int
    measures: GroupMeasures | None


def measure_groups(
    target: NDArray[np.generic],
    probability: NDArray[np.float64],
    codes: NDArray[np.integer],
    names: Sequence[str],
    *,
    threshold: float,
    costs: CostRatio,
    seed: int = 0,
) -> tuple[Group, ...]:
    """The groups of N clients by code, 0..len(names)-1, in the order of ``names``; -1 is in no group.

    A client is refused at or above the threshold. Groups without clients are left out.
    """
    groups = []
    for code, name in enumerate(names):
        members = np.flatnonzero(codes == code)
        if len(members):
            groups.append(_group(name, target[members], probability[members], threshold, costs, seed))
    return tuple(groups)


def rate(part: int, whole: int) -> Interval:
    """A share with its Wilson interval; ``whole`` is above 0."""
    share = part / whole
    low, high = wilson_interval(np.array([share]), np.array([whole]))
    return Interval(share, float(low[0]), float(high[0]))


def is_significant(first: Interval, second: Interval) -> bool:
    """Whether two measures differ significantly: their 95 % intervals do not overlap.

    Stricter than a test of the difference, on purpose: the extremes of several groups are compared.
    Source: Schenker and Gentleman, On judging the significance of differences by examining the overlap, 2001.
    """
    return first.high < second.low or second.high < first.low


def significant_differences(groups: Sequence[Group]) -> dict[str, tuple[Group, Group]]:
    """Measure -> the groups with the lowest and the highest value, where these differ significantly."""
    measured = [group for group in groups if group.measures is not None]
    differences = {}
    for name in COMPARED:
        ordered = sorted(measured, key=lambda group: getattr(group.measures, name).value)
        if ordered and is_significant(getattr(ordered[0].measures, name), getattr(ordered[-1].measures, name)):
            differences[name] = (ordered[0], ordered[-1])
    return differences


def _group(
    name: str,
    target: NDArray[np.generic],
    probability: NDArray[np.float64],
    threshold: float,
    costs: CostRatio,
    seed: int,
) -> Group:
    bad = target == 1
    defaults, clients = int(np.count_nonzero(bad)), len(target)
    if clients < SMALLEST_GROUP or min(defaults, clients - defaults) < FEWEST_OUTCOMES:
        return Group(name, clients, defaults, None)
    refused = probability >= threshold
    measures = GroupMeasures(
        approval_rate=rate(int(np.count_nonzero(~refused)), clients),
        false_negative_rate=rate(int(np.count_nonzero(bad & ~refused)), defaults),
        false_positive_rate=rate(int(np.count_nonzero(~bad & refused)), clients - defaults),
        default_rate=rate(defaults, clients),
        mean_predicted=float(probability.mean()),
        roc_auc=_auc(target, probability, seed),
        cost_per_client=float(client_costs(bad, refused, costs).mean()),
    )
    return Group(name, clients, defaults, measures)


def _auc(target: NDArray[np.generic], probability: NDArray[np.float64], seed: int) -> Interval:
    ranking = Ranking.of(target, probability)
    drawn = [auc_of_counts(*ranking.counts(weight)) for weight in ranking.resamples(RESAMPLES, seed)]
    low, high = np.percentile(drawn, [2.5, 97.5])
    return Interval(auc_of_counts(*ranking.counts()), float(low), float(high))
