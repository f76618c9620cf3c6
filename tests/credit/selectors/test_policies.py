"""The threshold in force, and what another one would change."""

import numpy as np
import pytest

from credit.ml.advice import Advice, Zone
from credit.ml.threshold import CostRatio, cost_per_client
from credit.models import ModelVersion
from credit.selectors.policies import (
    active_policy,
    cheapest_choice,
    out_of_fold_rows,
    policy_of_active_model,
    simulate_policy,
    suspended_model,
)
from tests.builders.clients import a_client, a_score, an_active_model
from tests.builders.measured_models import a_measured_model, out_of_fold
from tests.builders.people import Cast

pytestmark = pytest.mark.django_db
COSTS = CostRatio(5.0, 1.0)


def test_a_suspended_model_has_no_policy_in_force_but_keeps_its_own() -> None:
    version = an_active_model()
    assert active_policy() is not None
    assert suspended_model() is None
    ModelVersion.objects.update(suspended_at="2026-11-22T12:00:00Z")
    assert active_policy() is None
    assert suspended_model() == version
    assert policy_of_active_model().model_version == version


def test_a_retired_model_that_was_suspended_is_not_reported() -> None:
    an_active_model()
    ModelVersion.objects.update(suspended_at="2026-11-22T12:00:00Z", status="retired")
    assert suspended_model() is None


def test_out_of_fold_predictions_come_back_as_they_were_kept() -> None:
    version, rows = a_measured_model(50), out_of_fold(50)
    kept = out_of_fold_rows(version)
    for name in ("client_ids", "probability", "target"):
        assert np.array_equal(getattr(kept, name), getattr(rows, name))


def test_a_version_without_out_of_fold_predictions_has_none() -> None:
    assert out_of_fold_rows(an_active_model()) is None


def test_the_simulation_counts_changes_by_advice_now_and_then(cast: Cast) -> None:
    version = a_measured_model()
    proposed = Zone(0.15, 0.12, 0.18)
    policy = active_policy()
    expected: dict[tuple[Advice, Advice], int] = {}
    for number, probability in enumerate((0.0, 0.0799, 0.08, 0.0999, 0.1, 0.12, 0.15, 0.1799, 0.18, 1.0), start=1):
        a_score(a_client(number, cast.agency), version, probability)
        pair = policy.zone.advice(probability), proposed.advice(probability)
        expected[pair] = expected.get(pair, 0) + 1
    simulation = simulate_policy(policy, out_of_fold(), proposed, COSTS)
    assert simulation.changes == expected
    assert (simulation.scored, simulation.changed) == (10, sum(n for (now, then), n in expected.items() if now != then))
    assert sum(simulation.proposed.shares.values()) == pytest.approx(1)


def test_both_thresholds_are_judged_by_the_proposed_costs() -> None:
    version, rows = a_measured_model(), out_of_fold()
    policy = version.policies.get()
    simulation = simulate_policy(active_policy(), rows, Zone(0.2, 0.15, 0.25), COSTS)
    assert simulation.current.cost_per_client == pytest.approx(
        cost_per_client(rows.target, rows.probability, policy.threshold, COSTS)
    )
    assert simulation.proposed.cost_per_client == pytest.approx(
        cost_per_client(rows.target, rows.probability, 0.2, COSTS)
    )
    at = dict(zip(simulation.curve.threshold, simulation.curve.cost_per_client, strict=True))
    assert at[0.2] == pytest.approx(simulation.proposed.cost_per_client)
    assert at[0.0] == pytest.approx(simulation.refuse_all_cost)
    assert at[1.0] == pytest.approx(simulation.grant_all_cost)


def test_the_cheapest_choice_costs_less_than_thresholds_far_from_it() -> None:
    rows = out_of_fold(5000)
    choice = cheapest_choice(rows, COSTS)
    assert choice.grey_low <= choice.threshold <= choice.grey_high
    for other in (0.02, 0.6):
        assert choice.cost_per_client < cost_per_client(rows.target, rows.probability, other, COSTS)
