"""Reviews (réexamen) of a decision: requested by the borrower, due on a date, closed by somebody else."""

from datetime import date, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from credit.models import Client, Decision, ReviewRequest
from credit.selectors.decisions import decision_record
from pretadepenser.core.audit import record
from pretadepenser.core.errors import ApplicationError, ConflictError
from pretadepenser.core.models import Actor


@transaction.atomic
def request_review(*, decision: Decision, requested_on: date, borrower_comment: str = "", by: Actor) -> ReviewRequest:
    """The borrower's request, due REVIEW_DUE_DAYS after the day it was made.

    Raises ConflictError when a review is open already, ApplicationError without a decision in force to review.
    """
    client = Client.objects.select_for_update(of=["self"]).select_related("agency").get(pk=decision.client_id)
    in_force = decision_record(client).in_force
    if in_force is None or in_force.pk != decision.pk or decision.outcome == Decision.Outcome.DOCUMENTS:
        raise ApplicationError(_("Only a grant or a refusal in force can be reviewed."), code="nothing_to_review")
    if requested_on > timezone.localdate():
        raise ApplicationError(_("The request cannot be in the future."), field="requested_on")
    if requested_on < timezone.localtime(decision.decided_at).date():
        raise ApplicationError(_("The request cannot be older than the decision."), field="requested_on")
    if ReviewRequest.objects.filter(decision=decision, outcome="").exists():
        raise ConflictError(_("A review of this decision is open already: close it first."), code="already_under_way")
    review = ReviewRequest.objects.create(
        decision=decision,
        requested_on=requested_on,
        due_on=requested_on + timedelta(days=settings.REVIEW_DUE_DAYS),
        borrower_comment=borrower_comment.strip(),
        recorded_by=by.person,
    )
    detail = {"review": review.pk, "decision": decision.pk, "due_on": review.due_on.isoformat()}
    record("review.requested", by=by, target=client, detail=detail)
    return review


@transaction.atomic
def close_review(*, review: ReviewRequest, outcome: str, note: str, by: Actor) -> ReviewRequest:
    """The closed review: the decision is upheld or must be taken again, and why.

    Raises ConflictError when it is closed already, ApplicationError for the person who took the decision.
    """
    review = ReviewRequest.objects.select_for_update().get(pk=review.pk)
    decision = Decision.objects.select_related("client__agency").get(pk=review.decision_id)
    if not review.is_open:
        raise ConflictError(_("This review has been closed already."), code="closed")
    if decision.decided_by_id == by.person.pk:
        sentence = _("You took this decision: someone else must review it.")
        raise ApplicationError(sentence, code="own_decision")
    if outcome not in ReviewRequest.Outcome.values:
        raise ApplicationError(_("Choose an outcome."), field="outcome")
    if not note.strip():
        raise ApplicationError(_("Explain the outcome: the borrower will read it."), field="note", code="note_needed")
    review.outcome, review.outcome_note = outcome, note.strip()
    review.closed_by, review.closed_at = by.person, timezone.now()
    review.save(update_fields=["outcome", "outcome_note", "closed_by", "closed_at"])
    detail = {"review": review.pk, "decision": decision.pk, "outcome": outcome}
    record("review.closed", by=by, target=decision.client, detail=detail)
    return review
