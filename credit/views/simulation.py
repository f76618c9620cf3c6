"""The page that shows a file beside scenarios, and the search for the smallest change that passes the threshold."""

from collections.abc import Sequence
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from credit.access import Reading, client_or_404, record_reading
from credit.forms import SaveScenarioForm, SimulationForm
from credit.ml.inputs import Given
from credit.models import Client, Scenario, ThresholdPolicy
from credit.presenters.scenario_code import read_scenario, scenario_code
from credit.presenters.scenario_table import present_page
from credit.presenters.simulation import present_recourse, recourse_answer
from credit.selectors.clients import raw_application
from credit.selectors.policies import active_policy
from credit.selectors.simulations import saved_scenarios
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
    application = raw_application(client)
    form = SimulationForm(request.GET.dict(), application=application)
    current = form.changes() if form.is_bound and form.is_valid() else {}
    canonical = [scenario_code(read_scenario(code)) for code in request.GET.getlist("s")]
    codes = [code for code in dict.fromkeys(canonical) if code][:MAX_KEPT]
    policy = active_policy()
    simulation, sentence = _simulation(request, client, policy, form, codes, current)
    if "keep" in request.GET and form.is_valid() and current:
        return HttpResponseRedirect(f"{request.path}?{_query([*codes, scenario_code(current)][-MAX_KEPT:])}")
    if simulation is None or not simulation.scenarios:
        record_reading(request, client, Reading.SIMULATIONS)
    page = present_page(simulation, codes, list(saved_scenarios(client)), application) if simulation else None
    context = {"client": client, "policy": policy, "form": form, "page": page, "sentence": sentence, "codes": codes}
    return render(request, "credit/simulate.html", context | {"may_save": request.user.can(Permission.SAVE_SCENARIOS)})


@requires(Permission.SAVE_SCENARIOS)
@require_POST
def save_scenario(request: SignedInRequest, client_id: int) -> HttpResponse:
    client = client_or_404(request, client_id)
    form = SaveScenarioForm(request.POST)
    code = str(request.POST.get("scenario", ""))
    with refusal_as_message(request):
        require_valid(form)
        changes, name = read_scenario(code), form.cleaned_data["name"]
        services.save_scenario(client=client, policy=active_policy(), name=name, changes=changes, by=actor_of(request))
    return HttpResponseRedirect(_address(client, [code]))


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


def _simulation(
    request: SignedInRequest,
    client: Client,
    policy: ThresholdPolicy | None,
    form: SimulationForm,
    codes: Sequence[str],
    current: dict[str, Given],
) -> tuple[services.Simulation | None, str]:
    """The scenarios that can be computed, or None and why."""
    kept = [read_scenario(code) for code in codes]
    whole = [*kept, current] if current and scenario_code(current) not in codes else kept
    for scenarios in (whole, kept, []):
        try:
            return services.simulate(client=client, policy=policy, scenarios=scenarios, by=actor_of(request)), ""
        except ApplicationError as error:
            if error.field is None:
                return None, str(error)
            if form.is_bound:
                form.refuse(error.field, str(error))
            else:
                messages.error(request, str(error))
    return None, ""


def _address(client: Client, codes: Sequence[str]) -> str:
    return f"{reverse('credit:simulate', args=[client.pk])}?{_query(codes)}"


def _query(codes: Sequence[str]) -> str:
    return urlencode([("s", code) for code in codes if code])
