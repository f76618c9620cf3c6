"""Pages about clients: the list, one file, its reasons, and its explanation while it is being computed."""

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from credit.access import Reading, client_or_404, file_or_404, record_part
from credit.forms import ClientListForm
from credit.presenters.client_file import present_client_file
from credit.selectors import clients as selectors
from credit.selectors.clients import ClientFile, explanation_job
from credit.selectors.policies import active_policy
from credit.services import explanations
from pretadepenser.core.htmx import STOP_POLLING, is_fragment
from pretadepenser.core.permissions import SignedInRequest, actor_of, requires
from pretadepenser.core.refusals import refusal_as_message
from pretadepenser.core.roles import Permission


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
    file = file_or_404(request, client_id, Reading.FILE)
    return render(request, "credit/client_file.html", _context(request, file))


@requires(Permission.VIEW_SCORES)
@require_safe
def reasons(request: SignedInRequest, client_id: int) -> HttpResponse:
    """Every element that moved the score, with its sign."""
    file = file_or_404(request, client_id, Reading.REASONS)
    return render(request, "credit/reasons.html", _context(request, file))


@requires(Permission.VIEW_SCORES)
@require_safe
def explanation(request: SignedInRequest, client_id: int) -> HttpResponse:
    """A fragment that polls itself until the explanation is stored or has failed; then its page reloads."""
    file = file_or_404(request, client_id)
    record_part(request, file.client, Reading.REASONS)
    context = _context(request, file)
    if not is_fragment(request):
        return render(request, "credit/explanation.html", context)
    response = render(request, "credit/_explanation.html", context)
    if not context["is_computing"]:
        response.status_code = STOP_POLLING
        response["HX-Refresh"] = "true"  # the score, its stability and its chart are elsewhere on the page
    return response


@requires(Permission.REQUEST_EXPLANATIONS)
@require_POST
def request_explanation(request: SignedInRequest, client_id: int) -> HttpResponse:
    client, policy = client_or_404(request, client_id), active_policy()
    if policy is None:
        raise Http404
    with refusal_as_message(request):
        explanations.request_explanation(client=client, model_version=policy.model_version, by=actor_of(request))
    return redirect("credit:client_file", client_id=client.pk)


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
