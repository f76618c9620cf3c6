"""Pages on which an advisor decides and a supervisor countersigns."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from credit.access import Reading, decision_or_404, file_or_404, record_reading
from credit.forms.decision import CountersignForm, DecisionForm
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
    initial = {"version": file.client.version, "monthly_charges": file.client.monthly_charges}
    return _page(request, file, DecisionForm(initial=initial))


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
    """Records what was typed, all of it or nothing: the grounds alone with the button “save”, else the decision too."""
    if not request.user.can(Permission.DECIDE):
        raise PermissionDenied
    form, actor = DecisionForm(request.POST), actor_of(request)
    if not form.is_valid():
        return _page(request, file, form, status=422)
    try:
        if "save" in request.POST:
            services.record_grounds(client=file.client, by=actor, **form.grounds())
        else:
            taken = services.decide(client=file.client, grounds=form.grounds(), answers=form.answers(), by=actor)
    except ApplicationError as error:
        if isinstance(error, ConflictError):
            form = form.on_version(file.client.version)
        return _page(request, file, form, status=refusal_in_form(form, error))
    if "save" in request.POST:
        messages.success(request, _("The consultation and the charges are recorded. The file is not decided yet."))
        return _page(request, file, form.after_grounds())
    return _decided(request, taken)


def _decided(request: SignedInRequest, taken: Decision) -> HttpResponse:
    """On to the letter of a final decision; one that waits for a countersignature has none yet."""
    if taken.status == Decision.Status.WAITING:
        messages.success(request, _("Your decision waits for a supervisor's countersignature."))
        return redirect("credit:decision", client_id=taken.client_id)
    messages.success(request, _("The decision is recorded."))
    return redirect("credit:letter", client_id=taken.client_id, decision_id=taken.pk)


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
        "countersign_form": CountersignForm(),
    }
    return render(request, "credit/decision.html", context, status=status)
