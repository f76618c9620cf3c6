"""How a model treats groups of clients: approvals, wrong refusals, and predicted against observed risk."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from credit.ml.attributes import FAIRNESS_ATTRIBUTES, SEGMENT_ATTRIBUTES
from credit.ml.homogeneity import chi_square_tail, equal_means, equal_shares, holm
from credit.ml.metrics import Interval, Ranking, wilson_interval
from credit.ml.metrics.curves import Z
from credit.ml.metrics.points import auc_error_of_counts, auc_of_counts
from credit.ml.threshold import CostRatio, client_costs

#: A smaller group, or one with fewer clients of either outcome, is counted but not measured.
SMALLEST_GROUP: Final = 100
FEWEST_OUTCOMES: Final = 10
#: With fewer clients of either outcome, the error of an AUC is itself too uncertain for a test.
FEWEST_RANKED: Final = 30
#: The measures in which groups are compared: granted, wrongly granted, wrongly refused; then ranking, and whether the
#: announced risks agree with the outcomes.
COMPARED: Final = ("approval_rate", "false_negative_rate", "false_positive_rate")
RANKING: Final = "roc_auc"
CALIBRATION: Final = "calibration"
#: From which corrected p-value on a difference is not established.
SIGNIFICANCE: Final = 0.05


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
) -> tuple[Group, ...]:
    """The groups of N clients by code, 0..len(names)-1, in the order of ``names``; -1 is in no group.

    A client is refused at or above the threshold. Groups without clients are left out.
    """
    groups = []
    for code, name in enumerate(names):
        members = np.flatnonzero(codes == code)
        if len(members):
            groups.append(_group(name, target[members], probability[members], threshold, costs))
    return tuple(groups)


def rate(part: int, whole: int) -> Interval:
    """A share with its Wilson interval; ``whole`` is above 0."""
    share = part / whole
    low, high = wilson_interval(np.array([share]), np.array([whole]))
    return Interval(share, float(low[0]), float(high[0]))


def group_tests(attributes: Mapping[str, Sequence[Group]]) -> dict[str, dict[str, float]]:
    """Attribute -> measure -> p-value of the test that its measured groups are alike, corrected for all of them (Holm).

    The measures are COMPARED for an attribute of fairness, RANKING for a segment, and CALIBRATION for both.
    """
    tests: dict[tuple[str, str], float] = {}
    for attribute, groups in attributes.items():
        measured = [group for group in groups if group.measures is not None]
        if len(measured) >= 2 and attribute in FAIRNESS_ATTRIBUTES:
            tests |= {(attribute, measure): _equal_rates(measured, measure) for measure in COMPARED}
        if attribute in SEGMENT_ATTRIBUTES:
            ranked = [
                group for group in measured if min(group.defaults, group.clients - group.defaults) >= FEWEST_RANKED
            ]
            if len(ranked) >= 2:
                tests[attribute, RANKING] = _equal_ranking(ranked)
        if measured:
            tests[attribute, CALIBRATION] = chi_square_tail(sum(map(_calibration_gap, measured)), len(measured))
    corrected: dict[str, dict[str, float]] = {attribute: {} for attribute in attributes}
    for (attribute, measure), p in zip(tests, holm(list(tests.values())), strict=True):
        corrected[attribute][measure] = p
    return corrected


def extremes(groups: Sequence[Group], measure: str) -> tuple[Group, Group]:
    """The measured groups with the lowest and the highest value; there is at least one."""
    ordered = sorted(
        (group for group in groups if group.measures is not None),
        key=lambda group: getattr(group.measures, measure).value,
    )
    return ordered[0], ordered[-1]


def furthest_from_prediction(groups: Sequence[Group]) -> Group:
    """The measured group whose announced risk is least compatible with its outcomes; there is at least one."""
    return max((group for group in groups if group.measures is not None), key=_calibration_gap)


def _equal_rates(groups: Sequence[Group], measure: str) -> float:
    of_whom = {
        "approval_rate": [group.clients for group in groups],
        "false_negative_rate": [group.defaults for group in groups],
        "false_positive_rate": [group.clients - group.defaults for group in groups],
    }[measure]
    totals = np.array(of_whom)
    shares = np.array([getattr(group.measures, measure).value for group in groups])
    return equal_shares(np.rint(shares * totals).astype(np.int64), totals)


def _equal_ranking(groups: Sequence[Group]) -> float:
    """The test of equal AUC, with the errors that groups of these sizes would have if their AUC were the same.

    The errors estimated in small groups would themselves vary with the AUC that they belong to.
    Source: Hanley and McNeil, The meaning and use of the area under a ROC curve, 1982.
    """
    values = np.array([group.measures.roc_auc.value for group in groups if group.measures is not None])
    bad = np.array([group.defaults for group in groups])
    good = np.array([group.clients for group in groups]) - bad
    area = float(np.clip((values @ bad) / bad.sum(), 0.5, 0.99))
    of_bad, of_good = area / (2 - area) - area**2, 2 * area**2 / (1 + area) - area**2
    variance = (area * (1 - area) + (bad - 1) * of_bad + (good - 1) * of_good) / (bad * good)
    return equal_means(values, np.sqrt(variance))


def _calibration_gap(group: Group) -> float:
    """The squared difference between predicted and observed defaults, in variances of chance."""
    assert group.measures is not None  # noqa: S101 - callers leave unmeasured groups out
    expected = group.clients * group.measures.mean_predicted
    return (group.defaults - expected) ** 2 / (expected * (1 - group.measures.mean_predicted))


def _group(
    name: str,
    target: NDArray[np.generic],
    probability: NDArray[np.float64],
    threshold: float,
    costs: CostRatio,
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
        roc_auc=_auc(target, probability),
        cost_per_client=float(client_costs(bad, refused, costs).mean()),
    )
    return Group(name, clients, defaults, measures)


def _auc(target: NDArray[np.generic], probability: NDArray[np.float64]) -> Interval:
    counts = Ranking.of(target, probability).counts()
    value, half = auc_of_counts(*counts), Z * auc_error_of_counts(*counts)
    return Interval(value, value - half, value + half)
