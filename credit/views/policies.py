"""The threshold of the active model: its history, the simulation of another one, and putting it in force."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from credit.forms.steering import ActivationForm, PolicyForm
from credit.models import ThresholdPolicy
from credit.presenters.policies import cost_chart_in_force, present_simulation
from credit.selectors.model_versions import model_versions
from credit.selectors.policies import out_of_fold_rows, policy_history, policy_of_active_model
from credit.services.policies import activate_policy, proposed_zone, simulate_proposal
from pretadepenser.core.errors import ApplicationError
from pretadepenser.core.permissions import SignedInRequest, actor_of, requires
from pretadepenser.core.refusals import refusal_as_message
from pretadepenser.core.roles import Permission


@requires(Permission.VIEW_MODELS)
@require_safe
def threshold(request: SignedInRequest) -> HttpResponse:
    """The costs and the history; for people who may change the threshold also the simulation."""
    policy = policy_of_active_model()
    context: dict[str, object] = {"policy": policy}
    if policy:
        context |= {"chart": cost_chart_in_force(policy), "history": policy_history(policy.model_version)}
        if request.user.can(Permission.MANAGE_MODELS):
            context |= _simulation(request, policy)
    return render(request, "credit/model_threshold.html", context)


@requires(Permission.MANAGE_MODELS)
@require_POST
def activate_threshold(request: SignedInRequest) -> HttpResponse:
    form = ActivationForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Nothing was changed: say why, and simulate again if the page was old."))
        return redirect("credit:model_threshold")
    version = get_object_or_404(model_versions(), number=form.cleaned_data["version"])
    chosen = form.cleaned_data
    with refusal_as_message(request):
        proposal = form.proposal()
        activate_policy(
            model_version=version,
            zone=proposed_zone(proposal, out_of_fold_rows(version)),
            costs=proposal.costs,
            note=chosen["note"],
            replaces=chosen["replaces"],
            by=actor_of(request),
        )
        messages.success(request, _("The threshold is in force on every screen."))
    return redirect("credit:model_threshold")


def _simulation(request: SignedInRequest, policy: ThresholdPolicy) -> dict[str, object]:
    """The form, and the simulation of the threshold that the address holds, if it is a valid one."""
    rows = out_of_fold_rows(policy.model_version)
    costs = {
        "cost_false_negative": policy.cost_false_negative,
        "cost_false_positive": policy.cost_false_positive,
    }
    is_submitted = "cost_false_negative" in request.GET
    form = PolicyForm(request.GET if is_submitted else None, initial=costs)
    context: dict[str, object] = {"may_simulate": True, "form": form, "has_out_of_fold": rows is not None}
    if rows is None or not is_submitted or not form.is_valid():
        return context
    proposal = form.proposal()
    try:
        simulation = simulate_proposal(proposal=proposal, policy=policy, rows=rows, by=actor_of(request))
    except ApplicationError as error:
        form.add_error("percent" if error.field == "threshold" else error.field, str(error))
        return context
    numbers = {"version": policy.model_version.number, "replaces": policy.number}
    activation = ActivationForm(
        auto_id="activate_%s",
        initial=ActivationForm.initial_of(simulation.proposed.zone, proposal.costs, **numbers),
    )
    return context | {"simulation": present_simulation(simulation), "activation": activation}
