"""Another threshold for a model: simulated, and put in force as a new version of its policy."""

from dataclasses import dataclass
from typing import Final

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from credit.ml.advice import Zone
from credit.ml.threshold import CostRatio, OutOfFoldRows
from credit.models import ModelVersion, OutOfFold, ThresholdPolicy
from credit.selectors.policies import PolicySimulation, cheapest_choice, simulate_policy
from credit.services.model_versions.cards import ODDS_ABOVE, ODDS_BELOW, moved_threshold
from credit.services.model_versions.creation import add_policy, lock_versions
from credit.services.monitoring import request_group_report
from pretadepenser.core import formats
from pretadepenser.core.audit import record
from pretadepenser.core.errors import ApplicationError, ConflictError
from pretadepenser.core.models import Actor

#: A cost outside this range is a typing error.
COSTS_ALLOWED: Final = (0.01, 1000.0)


@dataclass(frozen=True, slots=True)
class Proposal:
    """What an administrator proposes; without a threshold, the one that costs least."""

    costs: CostRatio
    threshold: float | None = None
    grey_low: float | None = None
    grey_high: float | None = None


def proposed_zone(proposal: Proposal, rows: OutOfFoldRows | None) -> Zone:
    """The proposal, completed; raises ApplicationError naming the field at fault.

    Without out-of-fold ``rows`` the proposal must name a threshold, because the cheapest one is unknown.
    """
    costs = proposal.costs
    least, most = COSTS_ALLOWED
    for field, cost in (("cost_false_negative", costs.false_negative), ("cost_false_positive", costs.false_positive)):
        if not least <= cost <= most:
            sentence = _("A cost must be between %(least)s and %(most)s.")
            raise ApplicationError(
                sentence % {"least": formats.decimal(least), "most": formats.amount(most)}, field=field
            )
    if proposal.threshold is None:
        if rows is None:
            raise ApplicationError(
                _("This version has no out-of-fold predictions to choose a threshold on: train a version here."),
                field="threshold",
            )
        zone = cheapest_choice(rows, costs).zone
    else:
        threshold = proposal.threshold
        if not 0 < threshold < 1:
            raise ApplicationError(_("The threshold must be strictly between 0 and 1."), field="threshold")
        zone = Zone(threshold, moved_threshold(threshold, ODDS_BELOW), moved_threshold(threshold, ODDS_ABOVE))
    try:
        return Zone(
            zone.threshold,
            zone.grey_low if proposal.grey_low is None else proposal.grey_low,
            zone.grey_high if proposal.grey_high is None else proposal.grey_high,
        )
    except ValueError as error:
        raise ApplicationError(_("The grey zone must contain the threshold."), field="grey_low") from error


def simulate_proposal(
    *, proposal: Proposal, policy: ThresholdPolicy, rows: OutOfFoldRows, by: Actor
) -> PolicySimulation:
    """What the proposal would change, compared with the policy in force; only the journal is written.

    Raises ApplicationError naming the field at fault.
    """
    simulation = simulate_policy(policy, rows, proposed_zone(proposal, rows), proposal.costs)
    record("policy.simulated", by=by, target=policy, detail={"threshold": simulation.proposed.zone.threshold})
    return simulation


@transaction.atomic
def activate_policy(
    *,
    model_version: ModelVersion,
    zone: Zone,
    costs: CostRatio,
    note: str,
    replaces: int,
    by: Actor,
) -> ThresholdPolicy:
    """The new policy, in force at once on every screen. ``replaces`` is the number of the policy that the person saw.

    Raises ConflictError when another policy came into force meanwhile or the version is no longer active,
    ApplicationError without a note.
    """
    lock_versions()
    if not note.strip():
        raise ApplicationError(_("Say why: the note stays in the history."), field="note")
    if not ModelVersion.objects.filter(pk=model_version.pk, status=ModelVersion.Status.ACTIVE).exists():
        raise ConflictError(
            _("This version of the model is no longer active: start from the one in force."), code="not_active"
        )
    newest = ThresholdPolicy.objects.filter(model_version=model_version).aggregate(newest=Max("number"))["newest"] or 0
    if newest != replaces:
        sentence = _("Another threshold came into force meanwhile: simulate again from version %(number)d.")
        raise ConflictError(sentence % {"number": newest}, code="replaced")
    policy = add_policy(model_version, number=newest + 1, zone=zone, costs=costs, note=note.strip()[:300], by=by)
    detail = {"model": model_version.number, "number": policy.number, "threshold": policy.threshold}
    record("policy.activated", by=by, target=policy, detail=detail)
    if OutOfFold.objects.filter(model_version=model_version).exists():
        request_group_report(model_version=model_version, by=by)
    return policy
