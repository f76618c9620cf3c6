"""Pages on which a person decides and a supervisor countersigns."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from credit.forms.decision import ChargesForm, CountersignForm, DecisionForm, FicpForm
from credit.models import Decision
from credit.presenters.decision import present_decision_page
from credit.selectors.clients import ClientFile, client_file, clients_visible_to
from credit.selectors.decisions import decision_record, usable_ficp
from credit.selectors.policies import suspended_model
from credit.services import decisions as services
from pretadepenser.core.errors import ApplicationError, ConflictError
from pretadepenser.core.permissions import SignedInRequest, actor_of, requires
from pretadepenser.core.roles import Permission


@requires(Permission.VIEW_DECISIONS)
@require_http_methods(["GET", "HEAD", "POST"])
def decision(request: SignedInRequest, client_id: int) -> HttpResponse:
    """What a decision rests on, the form for it, and what was decided before."""
    file = _file_or_404(request, client_id)
    if request.method == "POST":
        return _take_decision(request, file)
    return _page(request, file, DecisionForm(initial={"version": file.client.version}))


@requires(Permission.DECIDE)
@require_POST
def record_ficp(request: SignedInRequest, client_id: int) -> HttpResponse:
    client = get_object_or_404(clients_visible_to(request.user), pk=client_id)
    form = FicpForm(request.POST)
    if not form.is_valid():
        messages.error(request, _sentence(form))
        return redirect("credit:decision", client_id=client.pk)
    try:
        services.record_ficp(client=client, by=actor_of(request), **form.cleaned_data)
        messages.success(request, _("The consultation is recorded."))
    except ApplicationError as error:
        messages.error(request, str(error))
    return redirect("credit:decision", client_id=client.pk)


@requires(Permission.DECIDE)
@require_POST
def record_charges(request: SignedInRequest, client_id: int) -> HttpResponse:
    client = get_object_or_404(clients_visible_to(request.user), pk=client_id)
    form = ChargesForm(request.POST)
    if form.is_valid():
        services.record_charges(client=client, by=actor_of(request), **form.cleaned_data)
        messages.success(request, _("The charges are recorded."))
    else:
        messages.error(request, _sentence(form))
    return redirect("credit:decision", client_id=client.pk)


@requires(Permission.COUNTERSIGN)
@require_POST
def countersign(request: SignedInRequest, client_id: int, decision_id: int) -> HttpResponse:
    client = get_object_or_404(clients_visible_to(request.user), pk=client_id)
    waiting = get_object_or_404(Decision, pk=decision_id, client=client)
    form = CountersignForm(request.POST)
    if not form.is_valid():
        messages.error(request, _sentence(form))
        return redirect("credit:decision", client_id=client.pk)
    accepts, note = form.cleaned_data["accepts"] == "yes", form.cleaned_data["note"]
    try:
        services.countersign(decision=waiting, accepts=accepts, note=note, by=actor_of(request))
        messages.success(request, _("The decision is final.") if accepts else _("The decision is declined."))
    except ApplicationError as error:
        messages.error(request, str(error))
    return redirect("credit:decision", client_id=client.pk)


def _take_decision(request: SignedInRequest, file: ClientFile) -> HttpResponse:
    if not request.user.can(Permission.DECIDE):
        raise PermissionDenied
    form = DecisionForm(request.POST)
    if not form.is_valid():
        return _page(request, file, form, status=422)
    try:
        taken = services.take_decision(client=file.client, by=actor_of(request), **form.cleaned_data)
    except ConflictError as error:
        renewed = form.of_version(file.client.version)
        renewed.add_error(None, str(error))
        return _page(request, file, renewed, status=409)
    except ApplicationError as error:
        form.add_error(error.field, str(error))
        return _page(request, file, form, status=422)
    is_waiting = taken.status == Decision.Status.WAITING
    messages.success(
        request,
        _("Your decision waits for a supervisor's countersignature.") if is_waiting else _("The decision is recorded."),
    )
    return redirect("credit:decision", client_id=file.client.pk)


def _page(request: SignedInRequest, file: ClientFile, form: DecisionForm, status: int = 200) -> HttpResponse:
    record = decision_record(file.client)
    view = present_decision_page(
        file,
        record,
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


def _file_or_404(request: SignedInRequest, client_id: int) -> ClientFile:
    file = client_file(request.user, client_id)
    if file is None:
        raise Http404
    return file


def _sentence(form: FicpForm | ChargesForm | CountersignForm) -> str:
    """Everything that is wrong with a small form, its fields named."""
    faults = [(form.fields[name].label, error) for name, errors in form.errors.items() for error in errors]
    return " ".join(_("%(label)s: %(value)s") % {"label": label, "value": error} for label, error in faults)
