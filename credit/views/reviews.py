"""Pages on which a borrower's request for a review is recorded and closed."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from credit.forms.decision import ReviewOutcomeForm, ReviewRequestForm
from credit.models import Decision, ReviewRequest
from credit.presenters.decision import present_review
from credit.selectors.clients import clients_visible_to
from credit.services import reviews as services
from pretadepenser.core.errors import ApplicationError, ConflictError
from pretadepenser.core.permissions import SignedInRequest, actor_of, requires
from pretadepenser.core.roles import Permission


@requires(Permission.DECIDE)
@require_http_methods(["GET", "HEAD", "POST"])
def request_review(request: SignedInRequest, client_id: int, decision_id: int) -> HttpResponse:
    client = get_object_or_404(clients_visible_to(request.user), pk=client_id)
    decision = get_object_or_404(Decision.objects.select_related("decided_by"), pk=decision_id, client=client)
    form = ReviewRequestForm(request.POST if request.method == "POST" else None)
    status = 422 if form.is_bound else 200
    if form.is_valid():
        try:
            review = services.request_review(decision=decision, by=actor_of(request), **form.cleaned_data)
            messages.success(request, _("The request is recorded."))
            return redirect("credit:review", client_id=client.pk, review_id=review.pk)
        except ApplicationError as error:
            form.add_error(error.field, str(error))
            status = 409 if isinstance(error, ConflictError) else 422
    context = {"client": client, "decision": decision, "form": form}
    return render(request, "credit/review_request.html", context, status=status)


@requires(Permission.VIEW_DECISIONS)
@require_http_methods(["GET", "HEAD", "POST"])
def review(request: SignedInRequest, client_id: int, review_id: int) -> HttpResponse:
    """What the borrower asked, and the form that closes it, for others than the person who decided."""
    client = get_object_or_404(clients_visible_to(request.user), pk=client_id)
    reviews = ReviewRequest.objects.select_related(
        "decision__client__agency", "decision__decided_by", "recorded_by", "closed_by"
    )
    found = get_object_or_404(reviews, pk=review_id, decision__client=client)
    form = ReviewOutcomeForm(request.POST if request.method == "POST" else None)
    status = 422 if form.is_bound else 200
    if request.method == "POST" and not request.user.can(Permission.DECIDE):
        raise PermissionDenied
    if form.is_valid():
        try:
            services.close_review(review=found, by=actor_of(request), **form.cleaned_data)
            messages.success(request, _("The review is closed."))
            return redirect("credit:decision", client_id=client.pk)
        except ApplicationError as error:
            form.add_error(error.field, str(error))
            status = 409 if isinstance(error, ConflictError) else 422
    return render(request, "credit/review.html", _context(request, found, form), status=status)


def _context(request: SignedInRequest, review: ReviewRequest, form: ReviewOutcomeForm) -> dict[str, object]:
    return {
        "client": review.decision.client,
        "view": present_review(review, timezone.localdate()),
        "form": form,
        "may_close": review.is_open and request.user.can(Permission.DECIDE),
        "is_own": review.decision.decided_by_id == request.user.pk,
    }
