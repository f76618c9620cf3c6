"""The page that shows a file beside scenarios, and the search for the smallest change that passes the threshold."""

from collections.abc import Sequence
from urllib.parse import urlencode

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from credit.access import Reading, client_or_404, record_part, record_reading
from credit.forms import SaveScenarioForm, SimulationForm
from credit.ml.simulation import NO_CHANGES, Changes, query_values
from credit.models import Client, Scenario
from credit.presenters.levers import present_levers, present_terms
from credit.presenters.recourse import present_recourse, recourse_answer
from credit.presenters.simulation import present_simulation
from credit.selectors.clients import raw_application
from credit.selectors.policies import active_policy
from credit.selectors.simulations import SimulationBase, lever_curves, saved_scenarios, simulation_base
from credit.services import simulations as services
from pretadepenser.core.errors import ApplicationError
from pretadepenser.core.htmx import is_fragment
from pretadepenser.core.permissions import SignedInRequest, actor_of, requires
from pretadepenser.core.refusals import refusal_as_message, require_valid
from pretadepenser.core.roles import Permission

#: Scenarios beside the file on one page, without the one being edited.
MAX_KEPT = 3


@requires(Permission.SIMULATE)
@require_safe
def simulate(request: SignedInRequest, client_id: int) -> HttpResponse:
    client = client_or_404(request, client_id)
    form, kept = SimulationForm(request.GET.dict(), application=raw_application(client)), _kept(request)
    current = form.situation.changes if form.is_bound and form.is_valid() else NO_CHANGES
    scenarios = [*kept, current] if current and current not in kept else kept
    if "keep" in request.GET and current:
        return HttpResponseRedirect(_address(client, scenarios[-MAX_KEPT:]))
    policy = active_policy()
    context: dict[str, object] = {"client": client, "policy": policy, "form": form, "kept": kept}
    try:
        simulation = services.simulate(client=client, policy=policy, scenarios=scenarios, by=actor_of(request))
        context["page"] = present_simulation(simulation, kept, list(saved_scenarios(client)))
        context |= _levers(simulation.base, form)
    except ApplicationError as error:
        context["sentence"] = str(error)
    if not scenarios or "page" not in context:
        record_reading(request, client, Reading.SIMULATIONS)
    return render(request, "credit/simulate.html", context | {"may_save": request.user.can(Permission.SAVE_SCENARIOS)})


@requires(Permission.SIMULATE)
@require_safe
def levers(request: SignedInRequest, client_id: int) -> HttpResponse:
    """What changes while a slider is dragged. The journal has the page, and the scenario once it is released."""
    client = client_or_404(request, client_id)
    record_part(request, client, Reading.SIMULATIONS)
    form = SimulationForm(request.GET.dict(), application=raw_application(client))
    context: dict[str, object] = {"form": form, "sentence": ""}
    if form.is_bound and not form.is_valid():
        context["sentence"] = " ".join(str(sentence) for errors in form.errors.values() for sentence in errors)
    else:
        try:
            base = simulation_base(client, active_policy())
            context |= _levers(base, form)
        except ApplicationError as error:
            context["sentence"] = str(error)
    return render(request, "credit/_simulate_levers.html", context)


@requires(Permission.SAVE_SCENARIOS)
@require_POST
def save_scenario(request: SignedInRequest, client_id: int) -> HttpResponse:
    client = client_or_404(request, client_id)
    form, changes = SaveScenarioForm(request.POST), NO_CHANGES
    with refusal_as_message(request):
        changes = services.read_changes(query_values(str(request.POST.get("scenario", ""))))
        require_valid(form)
        name, policy = form.cleaned_data["name"], active_policy()
        services.save_scenario(client=client, policy=policy, name=name, changes=changes, by=actor_of(request))
    return HttpResponseRedirect(_address(client, [changes]))


@requires(Permission.SAVE_SCENARIOS)
@require_POST
def delete_scenario(request: SignedInRequest, client_id: int, scenario_id: int) -> HttpResponse:
    client = client_or_404(request, client_id)
    scenario = get_object_or_404(Scenario.objects.select_related("client"), pk=scenario_id, client=client)
    services.delete_scenario(scenario=scenario, by=actor_of(request))
    return redirect("credit:simulate", client_id=client.pk)


@requires(Permission.SIMULATE)
@require_safe
def recourse(request: SignedInRequest, client_id: int) -> HttpResponse:
    """The smallest change of the loan that passes the threshold; a page, or a fragment of the simulation's."""
    client = client_or_404(request, client_id)
    policy = active_policy()
    context: dict[str, object] = {"client": client, "policy": policy, "sentence": ""}
    try:
        search = services.find_recourse(client=client, policy=policy, by=actor_of(request))
    except ApplicationError as error:
        context["sentence"] = str(error)
    else:
        context["answer"] = recourse_answer(search)
        context["under_threshold"] = present_recourse(search.under_threshold, search.base)
        context["out_of_grey_zone"] = present_recourse(search.out_of_grey_zone, search.base)
    return render(request, "credit/_recourse.html" if is_fragment(request) else "credit/recourse.html", context)


def _levers(base: SimulationBase, form: SimulationForm) -> dict[str, object]:
    """The sliders and what they say now."""
    view = present_levers(lever_curves(base, form.situation), base, form.situation)
    pairs = [(field, view.by_name.get(field.name)) for field in form.lever_fields]
    return {"view": view, "levers": pairs, "terms": present_terms(base.subject.loan)}


def _kept(request: SignedInRequest) -> list[Changes]:
    """The scenarios of the address that can be read, each once; a message says why another one cannot."""
    kept: list[Changes] = []
    for query in request.GET.getlist("s"):
        with refusal_as_message(request):
            changes = services.read_changes(query_values(query))
            kept += [changes] if changes and changes not in kept else []
    return kept[:MAX_KEPT]


def _address(client: Client, scenarios: Sequence[Changes]) -> str:
    query = urlencode([("s", changes.query) for changes in scenarios if changes])
    return f"{reverse('credit:simulate', args=[client.pk])}?{query}"
