"""Groups: measures recomputed by hand, small groups counted but not measured, differences only if a test finds them."""

from dataclasses import asdict

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from credit.ml.fairness import (
    COMPARED,
    SIGNIFICANCE,
    SMALLEST_GROUP,
    Group,
    extremes,
    furthest_from_prediction,
    group_tests,
    measure_groups,
    rate,
)
from credit.ml.metrics import roc_auc, wilson_interval
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


SHARES = {
    "age_band": (0.15, 0.27, 0.25, 0.22, 0.11),
    "sex": (0.65, 0.35),
    "family_status": (0.64, 0.15, 0.1, 0.06, 0.05),
    "contract_type": (0.9, 0.1),
    "income_band": (0.25,) * 4,
    "education": (0.71, 0.24, 0.03, 0.02),
}


def report(seed: int, rows: int = 4000, lift: float = 1.0) -> dict[str, dict[str, float]]:
    """The tests of a report on groups drawn without regard to the clients; ``lift`` raises the scores of one sex."""
    generator = np.random.default_rng(seed)
    risk = generator.beta(0.9, 10, rows)
    target = (generator.random(rows) < risk).astype(np.int8)
    attributes = {}
    for name, shares in SHARES.items():
        codes = generator.choice(len(shares), rows, p=shares)
        scores = np.where(codes == 1, np.minimum(risk * lift, 1), risk) if name == "sex" else risk
        levels = [str(code) for code in range(len(shares))]
        attributes[name] = measure_groups(target, scores, codes, levels, threshold=1 / 11, costs=COSTS)
    return group_tests(attributes)


def significant(tests: dict[str, dict[str, float]]) -> set[tuple[str, str]]:
    return {(name, measure) for name, of in tests.items() for measure, p in of.items() if p < SIGNIFICANCE}


def test_at_most_one_report_in_twenty_on_equal_groups_finds_a_difference() -> None:
    found = [bool(significant(report(seed))) for seed in range(200)]
    assert sum(found) <= 10


def test_the_extremes_of_equal_groups_often_have_intervals_that_do_not_overlap() -> None:
    """What the tests replace: without this, the simulation above could not fail."""
    generator = np.random.default_rng(0)
    shares = generator.binomial(400, 0.2, (1000, 6)) / 400
    low, high = wilson_interval(shares, np.array(400))
    apart = high[np.arange(1000), shares.argmin(axis=1)] < low[np.arange(1000), shares.argmax(axis=1)]
    assert apart.mean() * len(COMPARED) > 0.05


def test_a_real_difference_is_found_in_its_attribute_alone() -> None:
    for seed in range(20):
        found = significant(report(seed, lift=2.0))
        assert {("sex", "approval_rate"), ("sex", "false_positive_rate"), ("sex", "calibration")} <= found
        assert {name for name, _measure in found} == {"sex"}


def test_every_measure_of_every_attribute_is_tested_once() -> None:
    tests = report(0, rows=20_000)
    assert {name: set(of) for name, of in tests.items()} == {
        "sex": {*COMPARED, "calibration"},
        "family_status": {*COMPARED, "calibration"},
        "age_band": {*COMPARED, "calibration", "roc_auc"},
        "contract_type": {"calibration", "roc_auc"},
        "income_band": {"calibration", "roc_auc"},
        "education": {"calibration", "roc_auc"},
    }


def test_groups_ranked_less_well_are_found() -> None:
    target, probability, _codes = clients(6000)
    codes = np.arange(6000) % 2
    blurred = np.where(codes == 1, np.random.default_rng(1).permutation(probability), probability)
    groups = measure_groups(target, blurred, codes, ["sharp", "blurred"], threshold=THRESHOLD, costs=COSTS)
    assert group_tests({"education": groups})["education"]["roc_auc"] < 1e-6
    assert [group.name for group in extremes(groups, "roc_auc")] == ["blurred", "sharp"]
    halved = np.where(codes == 1, probability / 2, probability)
    groups = measure_groups(target, halved, codes, ["true", "halved"], threshold=THRESHOLD, costs=COSTS)
    assert group_tests({"education": groups})["education"]["calibration"] < 1e-6
    assert furthest_from_prediction(groups).name == "halved"
