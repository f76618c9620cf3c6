"""Stability index and Kolmogorov-Smirnov distance: zero for the same, symmetric, and as other libraries have them."""

from dataclasses import asdict

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import stats

from credit.ml.drift import (
    Drift,
    DriftLevel,
    category_drift,
    chance_index,
    ks_interval,
    ks_statistic,
    number_drift,
    stability_index,
)
from credit.ml.records import from_json

NUMBERS = st.floats(-1e6, 1e6, width=32)
SAMPLES = st.integers(1, 60).flatmap(lambda size: arrays(np.float32, size, elements=NUMBERS))
WITH_BLANKS = st.integers(1, 60).flatmap(lambda size: arrays(np.float32, size, elements=NUMBERS | st.just(np.nan)))
COUNTS = st.integers(2, 12).flatmap(
    lambda bins: st.tuples(*[arrays(np.int64, bins, elements=st.integers(1, 10**6))] * 2)
)


def draw(mean: float, size: int, seed: int) -> np.ndarray:
    return np.random.default_rng(seed).normal(mean, size=size)


@given(WITH_BLANKS)
def test_a_population_has_not_moved_from_itself(values: np.ndarray) -> None:
    drift = number_drift(values, values)
    assert drift.psi.value == 0
    assert drift.ks is None or drift.ks.value == 0
    assert drift.level == DriftLevel.STABLE
    assert sum(drift.reference) == pytest.approx(1)
    assert drift.reference[-1] == pytest.approx(np.isnan(values).mean())
    assert len(drift.reference) == len(drift.current) == len(drift.edges) + 2


@given(SAMPLES, SAMPLES)
def test_ks_equals_scipys(reference: np.ndarray, current: np.ndarray) -> None:
    with np.errstate(all="ignore"):  # of the p-value of tiny samples, which is not used
        expected = stats.ks_2samp(reference, current, method="asymp").statistic
    assert ks_statistic(reference, current) == pytest.approx(expected, abs=1e-12)


@given(COUNTS)
def test_the_index_is_symmetric_and_not_negative(counts: tuple[np.ndarray, np.ndarray]) -> None:
    before, after = counts
    assert stability_index(before, after) == pytest.approx(stability_index(after, before), rel=1e-9, abs=1e-12)
    assert stability_index(before, after) >= 0
    assert stability_index(before, before * 3) == pytest.approx(0, abs=1e-12)


def test_the_index_of_a_known_case() -> None:
    # (0.5 - 0.25) ln 2 + (0.5 - 0.75) ln (2/3)
    expected = 0.25 * np.log(2) - 0.25 * np.log(2 / 3)
    assert stability_index(np.array([25, 75]), np.array([50, 50])) == pytest.approx(expected)


def test_an_empty_bin_leaves_the_index_finite() -> None:
    assert 0.25 < stability_index(np.array([100, 100]), np.array([200, 0])) < 10


@pytest.mark.parametrize(("shift", "level"), [(0.0, "stable"), (0.4, "watch"), (1.0, "alert")])
def test_the_level_follows_the_size_of_a_shift(shift: float, level: str) -> None:
    drift = number_drift(draw(0, 5000, 1), draw(shift, 5000, 2))
    assert drift.level == level
    assert from_json(Drift, asdict(drift)) == drift
    assert drift.psi.low <= drift.psi.value <= drift.psi.high
    assert drift.ks.low <= drift.ks.value <= drift.ks.high


def test_new_blanks_alone_are_drift() -> None:
    before, after = draw(0, 2000, 1), draw(0, 2000, 2)
    after[:600] = np.nan
    drift = number_drift(before, after)
    assert drift.level == DriftLevel.ALERT
    assert (drift.reference[-1], drift.current[-1]) == (0, 0.3)


def test_a_variable_blank_everywhere_has_one_bin() -> None:
    blanks = np.full(50, np.nan)
    drift = number_drift(blanks, blanks)
    assert (drift.psi.value, drift.ks, drift.edges) == (0, None, ())


def test_the_levels_of_a_category_are_its_bins() -> None:
    before, after = np.array([0.0, 0, 1, 1]), np.array([0.0, 0, 0, 2])
    drift = category_drift(before, after, 3)
    assert drift.reference == (0.5, 0.5, 0, 0)
    assert drift.current == (0.75, 0, 0.25, 0)
    assert drift.ks is None


def test_small_samples_of_one_population_raise_no_alert() -> None:
    drifts = [number_drift(draw(0, 60, seed), draw(0, 60, seed + 1000)) for seed in range(100)]
    assert sum(drift.psi.value > 0.1 for drift in drifts) > 50  # the rule of thumb alone would raise false alarms
    assert sum(drift.level != DriftLevel.STABLE for drift in drifts) < 5


def test_chance_is_exceeded_once_in_a_thousand_times() -> None:
    assert chance_index(11, 5000, 4000) == pytest.approx((1 / 5000 + 1 / 4000) * stats.chi2.ppf(0.999, 10), rel=0.02)
    assert chance_index(1, 10, 10) == 0


def test_the_interval_of_ks_covers_the_truth_most_of_the_time() -> None:
    truth = 2 * stats.norm.cdf(0.25) - 1  # of two normals half a deviation apart
    intervals = [ks_interval(draw(0, 400, seed), draw(0.5, 400, seed + 1000), seed=seed) for seed in range(60)]
    assert sum(interval.low <= truth <= interval.high for interval in intervals) >= 50


def test_an_empty_population_is_refused() -> None:
    with pytest.raises(ValueError, match="empty"):
        number_drift(np.empty(0), np.ones(3))
