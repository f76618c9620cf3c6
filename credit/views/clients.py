"""Pages about clients: the list, one file, and its explanation while it is being computed."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from credit.forms import ClientListForm
from credit.presenters.client_file import present_client_file
from credit.selectors import clients as selectors
from credit.selectors.clients import ClientFile, clients_visible_to, explanation_job
from credit.selectors.policies import active_policy
from credit.services import explanations
from pretadepenser.core.audit import record
from pretadepenser.core.errors import ApplicationError
from pretadepenser.core.permissions import SignedInRequest, actor_of, requires
from pretadepenser.core.roles import Permission
from pretadepenser.core.views import STOP_POLLING


@requires(Permission.VIEW_CLIENTS)
@require_safe
def client_list(request: SignedInRequest) -> HttpResponse:
    form = ClientListForm(request.GET, sees_every_agency=request.user.sees_every_agency)
    policy = active_policy()
    page = selectors.client_list(request.user, form.query(), policy)
    context = {"form": form, "page": page, "policy": policy, "search_text": form.search_text}
    return render(request, "credit/client_list.html", context)


@requires(Permission.VIEW_CLIENTS)
@require_safe
def client_file(request: SignedInRequest, client_id: int) -> HttpResponse:
    file = _file_or_404(request, client_id)
    record("client.opened", by=actor_of(request), target=file.client)
    return render(request, "credit/client_file.html", _context(request, file))


@requires(Permission.VIEW_SCORES)
@require_safe
def reasons(request: SignedInRequest, client_id: int) -> HttpResponse:
    """Every element that moved the score, with its sign."""
    file = _file_or_404(request, client_id)
    return render(request, "credit/reasons.html", _context(request, file))


@requires(Permission.VIEW_SCORES)
@require_safe
def explanation(request: SignedInRequest, client_id: int) -> HttpResponse:
    """The fragment that asks for itself again until the explanation is there, or failed."""
    context = _context(request, _file_or_404(request, client_id))
    is_polling = request.headers.get("HX-Request") == "true"
    status = STOP_POLLING if is_polling and not context["is_computing"] else 200
    template = "credit/_explanation.html" if is_polling else "credit/explanation.html"
    return render(request, template, context, status=status)


@requires(Permission.REQUEST_EXPLANATIONS)
@require_POST
def request_explanation(request: SignedInRequest, client_id: int) -> HttpResponse:
    client = get_object_or_404(clients_visible_to(request.user), pk=client_id)
    policy = active_policy()
    if policy is None:
        raise Http404
    try:
        explanations.request_explanation(client=client, model_version=policy.model_version, by=actor_of(request))
    except ApplicationError as error:
        messages.error(request, str(error))
    return redirect("credit:client_file", client_id=client.pk)


def _file_or_404(request: SignedInRequest, client_id: int) -> ClientFile:
    file = selectors.client_file(request.user, client_id)
    if file is None:
        raise Http404
    return file


def _context(request: SignedInRequest, file: ClientFile) -> dict[str, object]:
    job = None if file.explanation or not file.policy else explanation_job(file.client, file.policy.model_version)
    return {
        "client": file.client,
        "policy": file.policy,
        "view": present_client_file(file),
        "job": job,
        "is_computing": job is not None and not job.is_finished,
        "may_request": request.user.can(Permission.REQUEST_EXPLANATIONS),
    }
