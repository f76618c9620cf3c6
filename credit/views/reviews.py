"""Pages on which a borrower's request for a review is recorded and closed."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from credit.access import Reading, decision_or_404, record_reading, review_or_404
from credit.forms.decision import ReviewOutcomeForm, ReviewRequestForm
from credit.presenters.decision import present_review
from credit.services import reviews as services
from pretadepenser.core.errors import ApplicationError
from pretadepenser.core.permissions import SignedInRequest, actor_of, requires
from pretadepenser.core.refusals import refusal_in_form
from pretadepenser.core.roles import Permission


@requires(Permission.DECIDE)
@require_http_methods(["GET", "HEAD", "POST"])
def request_review(request: SignedInRequest, client_id: int, decision_id: int) -> HttpResponse:
    decision = decision_or_404(request, decision_id, client=client_id)
    form = ReviewRequestForm(request.POST if request.method == "POST" else None)
    status = 422 if form.is_bound else 200
    if form.is_valid():
        try:
            review = services.request_review(decision=decision, by=actor_of(request), **form.cleaned_data)
            messages.success(request, _("The request is recorded."))
            return redirect("credit:review", client_id=client_id, review_id=review.pk)
        except ApplicationError as error:
            status = refusal_in_form(form, error)
    record_reading(request, decision.client, Reading.DECISIONS, decision=decision.pk)
    context = {"client": decision.client, "decision": decision, "form": form}
    return render(request, "credit/review_request.html", context, status=status)


@requires(Permission.VIEW_DECISIONS)
@require_http_methods(["GET", "HEAD", "POST"])
def review(request: SignedInRequest, client_id: int, review_id: int) -> HttpResponse:
    """What the borrower asked, and the form that closes it, for others than the person who decided."""
    review = review_or_404(request, review_id, decision__client=client_id)
    form = ReviewOutcomeForm(request.POST if request.method == "POST" else None)
    status = 422 if form.is_bound else 200
    if request.method == "POST" and not request.user.can(Permission.DECIDE):
        raise PermissionDenied
    if form.is_valid():
        try:
            services.close_review(review=review, by=actor_of(request), **form.cleaned_data)
            messages.success(request, _("The review is closed."))
            return redirect("credit:decision", client_id=client_id)
        except ApplicationError as error:
            status = refusal_in_form(form, error)
    decision = review.decision
    record_reading(request, decision.client, Reading.REVIEWS, review=review.pk)
    context = {
        "client": decision.client,
        "view": present_review(review, timezone.localdate()),
        "form": form,
        "may_close": review.is_open and request.user.can(Permission.DECIDE),
        "is_own": decision.decided_by_id == request.user.pk,
    }
    return render(request, "credit/review.html", context, status=status)
