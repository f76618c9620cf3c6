"""Groups: measures recomputed by hand, small groups counted but not measured, differences only if significant."""

from dataclasses import asdict

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from credit.ml.fairness import SMALLEST_GROUP, Group, is_significant, measure_groups, rate
from credit.ml.metrics import Interval, roc_auc
from credit.ml.records import from_json
from credit.ml.threshold import CostRatio, cost_per_client

COSTS = CostRatio()
THRESHOLD = 0.3


def clients(rows: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    generator = np.random.default_rng(seed)
    probability = generator.random(rows)
    target = (generator.random(rows) < probability).astype(np.int8)
    return target, probability, generator.integers(-1, 2, rows)


def test_a_groups_measures_depend_on_its_own_clients_alone() -> None:
    target, probability, codes = clients(3000)
    groups = measure_groups(target, probability, codes, ["a", "b", "nobody"], threshold=THRESHOLD, costs=COSTS)
    assert [group.name for group in groups] == ["a", "b"]
    for code, group in enumerate(groups):
        bad, scores = target[codes == code] == 1, probability[codes == code]
        assert from_json(Group, asdict(group)) == group
        measures = group.measures
        assert (group.clients, group.defaults) == (len(bad), bad.sum())
        assert measures.approval_rate.value == pytest.approx((scores < THRESHOLD).mean())
        assert measures.false_negative_rate.value == pytest.approx((scores[bad] < THRESHOLD).mean())
        assert measures.false_positive_rate.value == pytest.approx((scores[~bad] >= THRESHOLD).mean())
        assert measures.default_rate.value == pytest.approx(bad.mean())
        assert measures.mean_predicted == pytest.approx(scores.mean())
        assert measures.roc_auc.value == pytest.approx(roc_auc(bad, scores))
        assert measures.cost_per_client == pytest.approx(cost_per_client(bad, scores, THRESHOLD, COSTS))
        for interval in (measures.approval_rate, measures.false_negative_rate, measures.roc_auc):
            assert interval.low <= interval.value <= interval.high


def test_a_small_group_is_counted_but_not_measured() -> None:
    target, probability, codes = clients(SMALLEST_GROUP - 1)
    (group,) = measure_groups(target, probability, codes * 0, ["few"], threshold=THRESHOLD, costs=COSTS)
    assert (group.clients, group.measures) == (SMALLEST_GROUP - 1, None)


def test_a_group_of_one_outcome_is_not_measured() -> None:
    probability = np.linspace(0, 1, 500)
    (group,) = measure_groups(
        np.zeros(500), probability, np.zeros(500, np.int8), ["good"], threshold=THRESHOLD, costs=COSTS
    )
    assert group.measures is None


@given(st.integers(1, 5000).flatmap(lambda whole: st.tuples(st.integers(0, whole), st.just(whole))))
def test_a_rate_lies_in_its_interval_within_0_and_1(counts: tuple[int, int]) -> None:
    interval = rate(*counts)
    assert 0 <= interval.low <= interval.value + 1e-12
    assert interval.value - 1e-12 <= interval.high <= 1


def test_overlapping_intervals_are_not_a_significant_difference() -> None:
    low, middle, high = Interval(0.1, 0.05, 0.2), Interval(0.25, 0.2, 0.3), Interval(0.5, 0.4, 0.6)
    assert not is_significant(low, middle)
    assert is_significant(low, high)
    assert is_significant(high, low)
