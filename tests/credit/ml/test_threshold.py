import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from credit.ml.advice import Advice
from credit.ml.threshold import CostRatio, choose_threshold, cost_curve, cost_per_client


def calibrated_outcomes(rows: int, seed: int):
    generator = np.random.default_rng(seed)
    probability = generator.beta(0.9, 10, rows)
    return (generator.random(rows) < probability).astype(np.int8), probability


def test_a_missed_default_costs_ten_and_a_lost_client_one():
    target, probability = np.array([1, 1, 0, 0]), np.array([0.05, 0.3, 0.05, 0.3])
    assert cost_per_client(target, probability, 0.1) == (10 + 1) / 4
    assert cost_per_client(target, probability, 0.1, CostRatio(4, 2)) == (4 + 2) / 4


def test_a_client_exactly_at_the_threshold_is_refused():
    assert cost_per_client(np.array([0]), np.array([0.1]), 0.1) == 1
    assert cost_per_client(np.array([1]), np.array([0.1]), 0.1) == 0


def test_granting_all_and_refusing_all_are_the_ends_of_the_cost_curve():
    target, probability = calibrated_outcomes(2000, 1)
    choice = choose_threshold(target, probability, resamples=20)
    curve = cost_curve(target, probability)
    assert curve.cost_per_client[0] == pytest.approx(choice.refuse_all_cost)
    assert curve.cost_per_client[-1] == pytest.approx(choice.grant_all_cost)
    assert choice.grant_all_cost == pytest.approx(10 * target.mean())


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000))
def test_the_cost_curve_is_the_cost_at_each_threshold(seed):
    target, probability = calibrated_outcomes(300, seed)
    target[:2], probability = (0, 1), probability.round(2)
    curve = cost_curve(target, probability, grid=np.unique(probability))
    direct = [cost_per_client(target, probability, threshold) for threshold in curve.threshold]
    np.testing.assert_allclose(curve.cost_per_client, direct)


def test_with_true_probabilities_the_choice_is_close_to_the_analytic_threshold():
    target, probability = calibrated_outcomes(60_000, 2)
    choice = choose_threshold(target, probability, resamples=60)
    assert choice.analytic_threshold == 1 / 11
    assert choice.grey_low <= choice.threshold <= choice.grey_high
    assert choice.threshold == pytest.approx(1 / 11, abs=0.02)
    assert choice.cost_per_client == pytest.approx(choice.analytic_cost, rel=0.01)
    assert choice.cost_per_client < min(choice.grant_all_cost, choice.refuse_all_cost)


def test_the_choice_costs_little_more_than_the_cheapest_threshold_of_all():
    target, probability = calibrated_outcomes(5000, 3)
    choice = choose_threshold(target, probability, resamples=100)
    cheapest = min(cost_per_client(target, probability, threshold) for threshold in np.unique(probability))
    assert cheapest <= choice.cost_per_client <= cheapest * 1.02


def test_the_choice_depends_on_the_seed_alone():
    target, probability = calibrated_outcomes(3000, 4)
    first, again, other = (choose_threshold(target, probability, resamples=30, seed=s) for s in (1, 1, 2))
    assert first == again != other


@pytest.mark.parametrize("seed", range(8))
def test_where_hardly_anybody_defaults_no_threshold_lies_beyond_the_observed_probabilities(seed):
    """A resample in which granting all is cheapest once put its threshold halfway to 1: a grey zone up to 0.57."""
    generator = np.random.default_rng(seed)
    probability = generator.beta(1.2, 110, 3000)
    target = (generator.random(3000) < probability).astype(np.int8)
    choice = choose_threshold(target, probability, resamples=100)
    above = np.nextafter(probability.max(), 1)
    assert probability.min() <= choice.grey_low <= choice.threshold <= choice.grey_high <= above < 0.2
    assert choice.cost_per_client <= choice.grant_all_cost * 1.02


def test_when_granting_all_is_cheapest_all_are_granted_and_nobody_beyond():
    probability = np.linspace(0.4, 0.6, 100)
    target = (np.arange(100) == 3).astype(np.int8)
    choice = choose_threshold(target, probability, resamples=20)
    assert choice.threshold == np.nextafter(0.6, 1)
    assert choice.cost_per_client == choice.grant_all_cost
    certain = choose_threshold(target, np.linspace(0.9, 1.0, 100), CostRatio(0, 1), resamples=5)
    assert certain.grey_high == 1


def test_when_refusing_is_free_everybody_is_refused_and_when_defaults_are_free_hardly_anybody():
    target, probability = calibrated_outcomes(1000, 5)
    assert choose_threshold(target, probability, CostRatio(10, 0), resamples=10).threshold <= probability.min()
    choice = choose_threshold(target, probability, CostRatio(0, 1), resamples=10)
    assert choice.cost_per_client < 0.01 < choice.refuse_all_cost


def test_the_review_rate_is_the_share_of_clients_in_the_grey_zone():
    target, probability = calibrated_outcomes(3000, 6)
    choice = choose_threshold(target, probability, resamples=50)
    advice = [choice.zone.advice(p) for p in probability]
    assert advice.count(Advice.REVIEW) / len(advice) == pytest.approx(choice.review_rate)
