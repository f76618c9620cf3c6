"""Pages on which an advisor decides and a supervisor countersigns."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from credit.access import Reading, client_or_404, decision_or_404, file_or_404, record_reading
from credit.forms.decision import ChargesForm, CountersignForm, DecisionForm, FicpForm
from credit.models import Decision
from credit.presenters.decision import present_decision_page
from credit.selectors.clients import ClientFile
from credit.selectors.decisions import decision_record, usable_ficp
from credit.selectors.policies import suspended_model
from credit.services import decisions as services
from pretadepenser.core.errors import ApplicationError, ConflictError
from pretadepenser.core.permissions import SignedInRequest, actor_of, requires
from pretadepenser.core.refusals import refusal_as_message, refusal_in_form, require_valid
from pretadepenser.core.roles import Permission


@requires(Permission.VIEW_DECISIONS)
@require_http_methods(["GET", "HEAD", "POST"])
def decision(request: SignedInRequest, client_id: int) -> HttpResponse:
    """What a decision rests on, the form for it, and the decisions taken before."""
    file = file_or_404(request, client_id)
    if request.method == "POST":
        return _take_decision(request, file)
    return _page(request, file, DecisionForm(initial={"version": file.client.version}))


@requires(Permission.DECIDE)
@require_POST
def record_ficp(request: SignedInRequest, client_id: int) -> HttpResponse:
    client, form = client_or_404(request, client_id), FicpForm(request.POST)
    with refusal_as_message(request):
        require_valid(form)
        services.record_ficp(client=client, by=actor_of(request), **form.cleaned_data)
        messages.success(request, _("The consultation is recorded."))
    return redirect("credit:decision", client_id=client.pk)


@requires(Permission.DECIDE)
@require_POST
def record_charges(request: SignedInRequest, client_id: int) -> HttpResponse:
    client, form = client_or_404(request, client_id), ChargesForm(request.POST)
    with refusal_as_message(request):
        require_valid(form)
        services.record_charges(client=client, by=actor_of(request), **form.cleaned_data)
        messages.success(request, _("The charges are recorded."))
    return redirect("credit:decision", client_id=client.pk)


@requires(Permission.COUNTERSIGN)
@require_POST
def countersign(request: SignedInRequest, client_id: int, decision_id: int) -> HttpResponse:
    waiting, form = decision_or_404(request, decision_id, client=client_id), CountersignForm(request.POST)
    with refusal_as_message(request):
        require_valid(form)
        accepts, note = form.cleaned_data["accepts"] == "yes", form.cleaned_data["note"]
        services.countersign(decision=waiting, accepts=accepts, note=note, by=actor_of(request))
        messages.success(request, _("The decision is final.") if accepts else _("The decision is declined."))
    return redirect("credit:decision", client_id=client_id)


def _take_decision(request: SignedInRequest, file: ClientFile) -> HttpResponse:
    if not request.user.can(Permission.DECIDE):
        raise PermissionDenied
    form = DecisionForm(request.POST)
    if not form.is_valid():
        return _page(request, file, form, status=422)
    try:
        taken = services.take_decision(client=file.client, by=actor_of(request), **form.cleaned_data)
    except ApplicationError as error:
        if isinstance(error, ConflictError):
            form = form.of_version(file.client.version)
        return _page(request, file, form, status=refusal_in_form(form, error))
    is_waiting = taken.status == Decision.Status.WAITING
    messages.success(
        request,
        _("Your decision waits for a supervisor's countersignature.") if is_waiting else _("The decision is recorded."),
    )
    return redirect("credit:decision", client_id=file.client.pk)


def _page(request: SignedInRequest, file: ClientFile, form: DecisionForm, status: int = 200) -> HttpResponse:
    record_reading(request, file.client, Reading.DECISIONS)
    view = present_decision_page(
        file,
        decision_record(file.client),
        usable=usable_ficp(file.client),
        is_suspended=file.policy is None and suspended_model() is not None,
        user=request.user,
    )
    context = {
        "client": file.client,
        "view": view,
        "form": form,
        "ficp_form": FicpForm(auto_id="ficp_%s"),
        "charges_form": ChargesForm(initial={"monthly_charges": file.client.monthly_charges}),
        "countersign_form": CountersignForm(),
    }
    return render(request, "credit/decision.html", context, status=status)
