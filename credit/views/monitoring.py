"""Pages that monitor the model: drift, fairness, and requests for new reports."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from credit.forms.steering import PeriodForm
from credit.models import MonitoringReport
from credit.presenters.drift import present_drift
from credit.presenters.groups import present_fairness
from credit.selectors.monitoring import latest_report, monitoring_job, reports
from credit.selectors.policies import policy_of_active_model
from credit.services.monitoring import request_drift_report, request_group_report
from pretadepenser.core.permissions import SignedInRequest, actor_of, requires
from pretadepenser.core.refusals import refusal_as_message
from pretadepenser.core.roles import Permission
from pretadepenser.core.selectors import jobs_visible_to

REPORTS_SHOWN = 20


@requires(Permission.VIEW_MONITORING)
@require_safe
def drift(request: SignedInRequest) -> HttpResponse:
    """The newest drift report of the active model, and the form that requests another one."""
    policy = policy_of_active_model()
    report = latest_report(MonitoringReport.Kind.DRIFT, policy.model_version) if policy else None
    return render(request, "credit/monitoring_drift.html", _drift_context(request, report) | {"policy": policy})


@requires(Permission.VIEW_MONITORING)
@require_safe
def drift_report(request: SignedInRequest, report_id: int) -> HttpResponse:
    report = get_object_or_404(reports(MonitoringReport.Kind.DRIFT), pk=report_id)
    context = _drift_context(request, report) | {"policy": policy_of_active_model()}
    return render(request, "credit/monitoring_drift.html", context)


@requires(Permission.RUN_MONITORING)
@require_POST
def request_drift(request: SignedInRequest) -> HttpResponse:
    policy, form = policy_of_active_model(), PeriodForm(request.POST)
    if policy is None or not form.is_valid():
        messages.error(request, _("Enter both dates in full, or leave them empty."))
        return redirect("credit:monitoring")
    with refusal_as_message(request):
        request_drift_report(model_version=policy.model_version, period=form.period(), by=actor_of(request))
        messages.info(request, _("The check is queued; this page shows its result."))
    return redirect("credit:monitoring")


@requires(Permission.VIEW_MONITORING)
@require_safe
def fairness(request: SignedInRequest) -> HttpResponse:
    """How the model treats the groups that the law protects: the only page that uses sex."""
    policy = policy_of_active_model()
    report = latest_report(MonitoringReport.Kind.FAIRNESS, policy.model_version) if policy else None
    context = {
        "policy": policy,
        "report": report,
        "attributes": present_fairness(report) if report else (),
        "is_old": bool(report and policy and report.parameters["policy"] != policy.number),
        **_job_context(request),
    }
    return render(request, "credit/monitoring_fairness.html", context)


@requires(Permission.RUN_MONITORING)
@require_POST
def request_fairness(request: SignedInRequest) -> HttpResponse:
    policy = policy_of_active_model()
    if policy:
        with refusal_as_message(request):
            request_group_report(model_version=policy.model_version, by=actor_of(request))
    return redirect("credit:fairness")


def _drift_context(request: SignedInRequest, report: MonitoringReport | None) -> dict[str, object]:
    variable = request.GET.get("variable", "")
    return {
        "report": report,
        "view": present_drift(report, variable) if report else None,
        "history": reports(MonitoringReport.Kind.DRIFT)[:REPORTS_SHOWN],
        "form": PeriodForm(),
        **_job_context(request),
    }


def _job_context(request: SignedInRequest) -> dict[str, object]:
    """The job under way, with a link for people who may follow it."""
    job = monitoring_job()
    return {"job": job, "may_follow": bool(job and jobs_visible_to(request.user).filter(pk=job.pk).exists())}
