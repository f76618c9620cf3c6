"""Simulations: the score with other values in the application. The file itself never changes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from credit.ml.application import RawValue
from credit.ml.recourse import Recourse
from credit.ml.simulation import NO_CHANGES, Changes
from credit.models import Client, Scenario, ThresholdPolicy
from credit.selectors.model_versions import ClientExplanation
from credit.selectors.simulations import SimulationBase, explained_scenarios, recourses, simulation_base
from credit.services.inputs import explained_inputs
from pretadepenser.core.audit import record
from pretadepenser.core.errors import ApplicationError
from pretadepenser.core.models import Actor
from pretadepenser.core.plain_text import one_line

LONGEST_NAME = 80
MAX_SCENARIOS = 8


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the model says of a scenario."""

    changes: Changes
    explanation: ClientExplanation


@dataclass(frozen=True, slots=True)
class Simulation:
    """The file as it is, ``before``, and some scenarios."""

    base: SimulationBase
    before: Outcome
    after: tuple[Outcome, ...]


@dataclass(frozen=True, slots=True)
class RecourseSearch:
    """The smallest changes that bring the score under the threshold, and those that also leave the grey zone."""

    base: SimulationBase
    before: ClientExplanation
    under_threshold: tuple[Recourse, ...]
    out_of_grey_zone: tuple[Recourse, ...]


def read_changes(values: Mapping[str, RawValue]) -> Changes:
    """The changes that an advisor asks for; raises ApplicationError with ``field`` for the first value not allowed."""
    with explained_inputs():
        return Changes.read(values)


def simulate(*, client: Client, policy: ThresholdPolicy | None, scenarios: Sequence[Changes], by: Actor) -> Simulation:
    """The file and each scenario under the model in force; what a scenario does not name stays as in the file.

    Raises ApplicationError.
    """
    if len(scenarios) > MAX_SCENARIOS:
        sentence = _("At most %(count)d scenarios at a time.") % {"count": MAX_SCENARIOS}
        raise ApplicationError(sentence, field="scenarios", code="too_many")
    base = simulation_base(client, policy)
    changes = [NO_CHANGES, *scenarios]
    before, *after = map(Outcome, changes, explained_scenarios(base, changes))
    if scenarios:
        record(
            "client.simulated",
            by=by,
            target=client,
            detail={
                "model_version": base.policy.model_version.number,
                "version": client.version,
                "changed": sorted({name for scenario in scenarios for name in scenario.codes}),  # not to which values
            },
        )
    return Simulation(base, before, tuple(after))


@transaction.atomic
def save_scenario(
    *, client: Client, policy: ThresholdPolicy | None, name: str, changes: Changes, by: Actor
) -> Scenario:
    """Saves a scenario with its probability under the model in force. Raises ApplicationError."""
    name = one_line(name)
    if not name or len(name) > LONGEST_NAME:
        sentence = _("Give the scenario a name of at most %(count)d characters.") % {"count": LONGEST_NAME}
        raise ApplicationError(sentence, field="name")
    base = simulation_base(client, policy)
    if not base.subject.is_changed_by(changes):
        raise ApplicationError(_("This scenario changes nothing, so it cannot be saved."), code="no_change")
    scenario = Scenario.objects.create(
        client=client,
        client_version=client.version,
        model_version=base.policy.model_version,
        name=name,
        changes=changes.values,
        probability=explained_scenarios(base, [changes])[0].probability,
        created_by=by.person,
    )
    detail = {
        "scenario": scenario.pk,
        "changed": sorted(changes.codes),
        "model_version": base.policy.model_version.number,
    }
    record("scenario.saved", by=by, target=client, detail=detail)
    return scenario


@transaction.atomic
def delete_scenario(*, scenario: Scenario, by: Actor) -> None:
    """Removes a saved scenario."""
    detail = {"scenario": scenario.pk}
    record("scenario.deleted", by=by, target=scenario.client, detail=detail)
    scenario.delete()


def find_recourse(*, client: Client, policy: ThresholdPolicy | None, by: Actor) -> RecourseSearch:
    """The smallest change of each lever that brings the score under the threshold. Raises ApplicationError."""
    base = simulation_base(client, policy)
    before = explained_scenarios(base, [NO_CHANGES])[0]
    threshold, grey_low = base.policy.threshold, base.policy.grey_low
    under = recourses(base, threshold) if before.probability >= threshold else ()
    out = recourses(base, grey_low) if before.probability >= grey_low else ()
    detail = {"model_version": base.policy.model_version.number, "found": [recourse.lever.value for recourse in under]}
    record("client.recourse_sought", by=by, target=client, detail=detail)
    return RecourseSearch(base, before, under, out)
