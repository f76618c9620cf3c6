"""Tests of equal groups against scipy, and on counts too small for the chi-square distribution."""

import numpy as np
import pytest
from scipy import stats

from credit.ml.homogeneity import chi_square_tail, equal_means, equal_shares, holm


@pytest.mark.parametrize("freedom", range(1, 9))
@pytest.mark.parametrize("value", [0.0, 0.1, 1.0, 3.0, 10.0, 40.0, 200.0])
def test_the_tail_of_the_chi_square_distribution(value: float, freedom: int) -> None:
    assert chi_square_tail(value, freedom) == pytest.approx(stats.chi2.sf(value, freedom), rel=1e-9)


def test_large_counts_are_compared_with_the_chi_square_distribution() -> None:
    hits, totals = np.array([30, 50, 70]), np.array([200, 210, 300])
    table = stats.chi2_contingency(np.stack([hits, totals - hits]), correction=False)
    assert equal_shares(hits, totals) == pytest.approx(table.pvalue)


def test_small_counts_are_compared_with_tables_of_the_same_margins() -> None:
    hits, totals = np.array([3, 1]), np.array([10, 200])
    exact = stats.fisher_exact([[3, 1], [7, 199]]).pvalue
    assert equal_shares(hits, totals) == pytest.approx(exact, abs=0.0005)
    assert stats.chi2_contingency([[3, 1], [7, 199]], correction=False).pvalue < exact / 1000


@pytest.mark.parametrize("hits", [(0, 0), (10, 200)])
def test_groups_without_any_difference_are_alike(hits: tuple[int, int]) -> None:
    assert equal_shares(np.array(hits), np.array([10, 200])) == 1


def test_small_groups_do_not_reject_more_often_than_promised() -> None:
    generator = np.random.default_rng(1)
    totals = np.array([12, 30, 200])
    p = [equal_shares(generator.binomial(totals, 0.04), totals, seed=draw) for draw in range(300)]
    assert np.mean(np.array(p) < 0.05) <= 0.06


def test_estimates_of_one_number_and_of_two() -> None:
    assert equal_means(np.array([0.7, 0.7, 0.7]), np.array([0.01, 0.02, 0.03])) == 1
    assert equal_means(np.array([0.0, 2.8]), np.array([1.0, 1.0])) == pytest.approx(2 * stats.norm.sf(2.8 / 2**0.5))


def test_holm_by_hand() -> None:
    assert holm([0.01, 0.04, 0.03, 0.5]) == pytest.approx([0.04, 0.09, 0.09, 0.5])
    assert holm([0.9, 0.8]) == [1.0, 1.0]
    assert holm([]) == []
