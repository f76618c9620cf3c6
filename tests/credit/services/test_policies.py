"""A new threshold: completed, checked, numbered, recorded in the journal, never in place of one not looked at."""

import pytest

from credit.ml.advice import Zone
from credit.ml.threshold import CostRatio
from credit.models import ModelVersion, ThresholdPolicy
from credit.selectors.policies import active_policy, policy_history
from credit.services.policies import Proposal, activate_policy, proposed_zone
from pretadepenser.core.errors import ApplicationError, ConflictError
from pretadepenser.core.models import SYSTEM, Actor, AuditEvent
from tests.builders.clients import an_active_model
from tests.builders.measured_models import out_of_fold
from tests.builders.people import Cast

pytestmark = pytest.mark.django_db
ZONE, COSTS = Zone(0.2, 0.15, 0.25), CostRatio(5.0, 1.0)


def test_a_proposal_of_costs_alone_takes_the_cheapest_threshold() -> None:
    zone = proposed_zone(Proposal(CostRatio(10.0, 1.0)), out_of_fold(5000))
    assert 0.05 < zone.threshold < 0.15
    assert zone.grey_low <= zone.threshold <= zone.grey_high


def test_a_threshold_set_by_hand_gets_a_grey_zone_around_its_odds() -> None:
    zone = proposed_zone(Proposal(CostRatio(), threshold=1 / 11), out_of_fold())
    assert (zone.grey_low, zone.grey_high) == (pytest.approx(1 / 13), pytest.approx(1 / 9))


@pytest.mark.parametrize(
    ("proposal", "field"),
    [
        (Proposal(CostRatio(0.0, 1.0)), "cost_false_negative"),
        (Proposal(CostRatio(1.0, float("nan"))), "cost_false_positive"),
        (Proposal(CostRatio(), threshold=0.0), "threshold"),
        (Proposal(CostRatio(), threshold=float("nan")), "threshold"),
        (Proposal(CostRatio(), threshold=0.1, grey_low=0.2), "grey_low"),
        (Proposal(CostRatio(), threshold=0.1, grey_high=1.5), "grey_low"),
    ],
)
def test_an_impossible_proposal_names_its_field(proposal: Proposal, field: str) -> None:
    with pytest.raises(ApplicationError) as refusal:
        proposed_zone(proposal, out_of_fold())
    assert refusal.value.field == field


def test_activating_adds_a_version_with_its_reason_and_tells_the_journal(cast: Cast) -> None:
    version = an_active_model()
    policy = activate_policy(
        model_version=version, zone=ZONE, costs=COSTS, note=" less risk ", replaces=1, by=Actor(cast.administrator)
    )
    assert (policy.number, policy.threshold, policy.note) == (2, 0.2, "less risk")
    assert active_policy() == policy
    assert [each.number for each in policy_history(version)] == [2, 1]
    event = AuditEvent.objects.get(action="policy.activated")
    assert (event.actor, event.detail) == (cast.administrator, {"model": 1, "number": 2, "threshold": 0.2})


@pytest.mark.parametrize("note", ["", "   "])
def test_a_note_is_required(note: str) -> None:
    with pytest.raises(ApplicationError) as refusal:
        activate_policy(model_version=an_active_model(), zone=ZONE, costs=COSTS, note=note, replaces=1, by=SYSTEM)
    assert refusal.value.field == "note"
    assert ThresholdPolicy.objects.count() == 1


def test_a_policy_that_was_not_looked_at_is_not_replaced() -> None:
    version = an_active_model()
    activate_policy(model_version=version, zone=ZONE, costs=COSTS, note="first", replaces=1, by=SYSTEM)
    with pytest.raises(ConflictError):
        activate_policy(model_version=version, zone=ZONE, costs=COSTS, note="second", replaces=1, by=SYSTEM)
    assert ThresholdPolicy.objects.count() == 2


def test_a_version_no_longer_active_gets_no_policy() -> None:
    version = an_active_model()
    ModelVersion.objects.update(status="retired")
    with pytest.raises(ConflictError):
        activate_policy(model_version=version, zone=ZONE, costs=COSTS, note="late", replaces=1, by=SYSTEM)
