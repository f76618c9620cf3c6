"""Simulations: what would the model say if the application said something else. The file is never touched."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from credit.ml.catalogue import describe, offered_levels
from credit.ml.columns import CATEGORIES
from credit.ml.inputs import POSITIONS, Given, WrongInput, to_code
from credit.ml.recourse import Recourse
from credit.ml.simulation import Changes
from credit.models import Client, Scenario, ThresholdPolicy
from credit.selectors.model_versions import ClientExplanation
from credit.selectors.simulations import SimulationBase, explained_scenarios, recourses, simulation_base
from credit.services.inputs import input_sentence
from pretadepenser.core import formats
from pretadepenser.core.audit import record
from pretadepenser.core.errors import ApplicationError
from pretadepenser.core.models import Actor

LONGEST_NAME = 80
MAX_SCENARIOS = 8


@dataclass(frozen=True, slots=True)
class Simulation:
    """The file as it is and some scenarios, each with its explanation; ``scenarios`` are raw columns and values."""

    base: SimulationBase
    scenarios: tuple[Mapping[str, Given], ...]
    before: ClientExplanation
    after: tuple[ClientExplanation, ...]


@dataclass(frozen=True, slots=True)
class RecourseSearch:
    """The smallest changes that bring the score under the threshold, and those that also leave the grey zone."""

    base: SimulationBase
    before: ClientExplanation
    under_threshold: tuple[Recourse, ...]
    out_of_grey_zone: tuple[Recourse, ...]


def simulate(
    *,
    client: Client,
    policy: ThresholdPolicy | None,
    scenarios: Sequence[Mapping[str, Given]],
    by: Actor,
) -> Simulation:
    """The file and each scenario under the model in force; what a scenario does not name stays as in the file.

    Raises ApplicationError, with ``field`` where one value is at fault.
    """
    if len(scenarios) > MAX_SCENARIOS:
        sentence = _("At most %(count)d scenarios at a time.") % {"count": MAX_SCENARIOS}
        raise ApplicationError(sentence, field="scenarios", code="too_many")
    base = simulation_base(client, policy)
    codes = [checked_changes(base, scenario) for scenario in scenarios]
    before, *after = explained_scenarios(base, [{}, *codes])
    if scenarios:
        record(
            "client.simulated",
            by=by,
            target=client,
            detail={
                "model_version": base.policy.model_version.number,
                "version": client.version,
                "changed": sorted({name for scenario in scenarios for name in scenario}),  # not to which values
            },
        )
    return Simulation(base, tuple(scenarios), before, tuple(after))


@transaction.atomic
def save_scenario(
    *,
    client: Client,
    policy: ThresholdPolicy | None,
    name: str,
    changes: Mapping[str, Given],
    by: Actor,
) -> Scenario:
    """Keeps a scenario with the probability that the model in force gives it. Raises ApplicationError."""
    name = " ".join(name.replace("\0", "").split())
    if not name or len(name) > LONGEST_NAME:
        sentence = _("Give the scenario a name of at most %(count)d characters.") % {"count": LONGEST_NAME}
        raise ApplicationError(sentence, field="name")
    base = simulation_base(client, policy)
    codes = checked_changes(base, changes)
    if not codes:
        raise ApplicationError(_("This scenario changes nothing: there is nothing to save."), code="no_change")
    scenario = Scenario.objects.create(
        client=client,
        client_version=client.version,
        model_version=base.policy.model_version,
        name=name,
        changes=dict(changes),
        probability=explained_scenarios(base, [codes])[0].probability,
        created_by=by.person,
    )
    detail = {"scenario": scenario.pk, "changed": sorted(changes), "model_version": base.policy.model_version.number}
    record("scenario.saved", by=by, target=client, detail=detail)
    return scenario


@transaction.atomic
def delete_scenario(*, scenario: Scenario, by: Actor) -> None:
    """Removes a saved scenario."""
    detail = {"scenario": scenario.pk}
    record("scenario.deleted", by=by, target=scenario.client, detail=detail)
    scenario.delete()


def find_recourse(*, client: Client, policy: ThresholdPolicy | None, by: Actor) -> RecourseSearch:
    """The smallest change of the loan that passes the threshold, lever by lever. Raises ApplicationError."""
    base = simulation_base(client, policy)
    before = explained_scenarios(base, [{}])[0]
    threshold, grey_low = base.policy.threshold, base.policy.grey_low
    under = recourses(base, threshold) if before.probability >= threshold else ()
    out = recourses(base, grey_low) if before.probability >= grey_low else ()
    detail = {"model_version": base.policy.model_version.number, "found": [found.lever.value for found in under]}
    record("client.recourse_sought", by=by, target=client, detail=detail)
    return RecourseSearch(base, before, under, out)


def checked_changes(base: SimulationBase, changes: Mapping[str, Given]) -> Changes:
    """The changes as numbers, without those that repeat the file. Raises ApplicationError for the first wrong one."""
    codes = {name: _checked(name, value) for name, value in changes.items()}
    return {name: code for name, code in codes.items() if not _is_same(code, base.subject.raw[POSITIONS[name]])}


def _checked(name: str, value: Given) -> float:
    if name not in POSITIONS or not describe(name).is_simulable:
        sentence = _("%(name)s cannot be changed in a simulation.") % {"name": name[:80]}
        raise ApplicationError(sentence, field=name[:80], code="not_simulable")
    try:
        code = to_code(name, value)
    except WrongInput as error:
        raise ApplicationError(input_sentence(error), field=name, code=error.code) from error
    if math.isnan(code):
        raise ApplicationError(_("Give a value, or leave this as it is in the file."), field=name, code="blank")
    _check_range(name, code)
    return code


def _check_range(name: str, code: float) -> None:
    if name in CATEGORIES:
        if CATEGORIES[name][int(code)] not in offered_levels(name):
            raise ApplicationError(_("Choose one of the listed values."), field=name, code="unknown_level")
        return
    variable = describe(name)
    low, high = variable.minimum or 0.0, variable.maximum or 0.0
    if low <= code <= high:
        return
    if name == "DAYS_EMPLOYED":
        sentence = _("The time in employment is between 0 and %(years)s years.") % {"years": round(-low / 365.25)}
    else:
        bounds = {"low": formats.amount(low), "high": formats.amount(high)}
        sentence = _("Choose a value between %(low)s and %(high)s.") % bounds
    raise ApplicationError(sentence, field=name, code="out_of_range")


def _is_same(code: float, present: float) -> bool:
    return code == present or (math.isnan(code) and math.isnan(present))
