"""Pages about the active model: summary, quality, main drivers, groups of clients, variables, stop switch."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from credit.forms.steering import ReasonForm, VariableForm
from credit.models import MonitoringReport
from credit.presenters.groups import present_segments
from credit.presenters.importance import effect_heads, effect_rows, theme_importance_chart
from credit.presenters.model_quality import present_quality
from credit.presenters.model_summary import present_summary
from credit.presenters.variables import VariableQuery, matching_variables, table_choices, theme_choices, variable_rows
from credit.selectors.model_versions import model_versions
from credit.selectors.monitoring import latest_report
from credit.selectors.policies import policy_of_active_model
from credit.services import suspension
from pretadepenser.core.permissions import SignedInRequest, actor_of, requires
from pretadepenser.core.refusals import refusal_as_message, require_valid
from pretadepenser.core.roles import Permission

VARIABLES_PER_PAGE = 30


@requires(Permission.VIEW_MODELS)
@require_safe
def model_card(request: SignedInRequest) -> HttpResponse:
    policy = policy_of_active_model()
    context = {
        "policy": policy,
        "view": present_summary(policy) if policy else None,
        "may_manage": request.user.can(Permission.MANAGE_MODELS),
        "reason_form": ReasonForm(initial={"version": policy.model_version.number}) if policy else None,
    }
    return render(request, "credit/model_card.html", context)


@requires(Permission.VIEW_MODELS)
@require_safe
def model_quality(request: SignedInRequest) -> HttpResponse:
    policy = policy_of_active_model()
    view = present_quality(policy.model_version) if policy else None
    return render(request, "credit/model_quality.html", {"policy": policy, "view": view})


@requires(Permission.VIEW_MODELS)
@require_safe
def model_importance(request: SignedInRequest) -> HttpResponse:
    policy = policy_of_active_model()
    importance = policy.model_version.importance if policy else {}
    context = {
        "policy": policy,
        "chart": theme_importance_chart(importance),
        "effects": (effects := effect_rows(importance)),
        "effect_heads": effect_heads(),
        "effect_table": [(row.label, *row.effects) for row in effects],
    }
    return render(request, "credit/model_importance.html", context)


@requires(Permission.VIEW_MODELS)
@require_safe
def model_segments(request: SignedInRequest) -> HttpResponse:
    policy = policy_of_active_model()
    report = latest_report(MonitoringReport.Kind.FAIRNESS, policy.model_version) if policy else None
    segments = present_segments(report) if report else ()
    return render(request, "credit/model_segments.html", {"policy": policy, "report": report, "segments": segments})


@requires(Permission.VIEW_MODELS)
@require_safe
def model_variables(request: SignedInRequest) -> HttpResponse:
    policy = policy_of_active_model()
    form = VariableForm(request.GET, themes=theme_choices(), tables=table_choices())
    version = policy.model_version if policy else None
    variables = matching_variables(version, VariableQuery(*form.asked()))
    page = Paginator(variables, VARIABLES_PER_PAGE).get_page(request.GET.get("page"))
    context = {"policy": policy, "form": form, "page": page, "rows": variable_rows(version, list(page))}
    return render(request, "credit/model_variables.html", context)


@requires(Permission.MANAGE_MODELS)
@require_POST
def suspend_model(request: SignedInRequest) -> HttpResponse:
    return _switch(request, suspension.suspend_model)


@requires(Permission.MANAGE_MODELS)
@require_POST
def resume_model(request: SignedInRequest) -> HttpResponse:
    return _switch(request, suspension.resume_model)


def _switch(request: SignedInRequest, act: suspension.Switch) -> HttpResponse:
    """Suspends or resumes the version that the form names; a refusal is shown on the page of the model."""
    form = ReasonForm(request.POST)
    with refusal_as_message(request):
        require_valid(form)
        version = get_object_or_404(model_versions(), number=form.cleaned_data["version"])
        act(model_version=version, reason=form.cleaned_data["reason"], by=actor_of(request))
    return redirect("credit:model_card")
