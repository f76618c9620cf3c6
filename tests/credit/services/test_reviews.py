import pytest
from django.db import IntegrityError, transaction

from credit.models import Client, ReviewRequest
from credit.services.decisions import take_decision
from credit.services.reviews import close_review, request_review
from pretadepenser.core.errors import ApplicationError, ConflictError
from pretadepenser.core.models import Actor, AuditEvent
from tests.builders.clients import an_active_model
from tests.builders.decisions import a_decision, a_file, a_review, today
from tests.builders.people import Cast

pytestmark = pytest.mark.django_db


def test_a_request_is_due_after_the_time_we_gave_ourselves(cast: Cast, settings) -> None:
    settings.REVIEW_DUE_DAYS = 20
    review = a_review(a_file(1, cast.agency, None), cast.advisor)
    assert (review.due_on, review.is_open) == (today(20), True)
    assert AuditEvent.objects.filter(action="review.requested", object_id="1").count() == 1


def test_one_request_is_open_per_decision(cast: Cast) -> None:
    review = a_review(a_file(1, cast.agency, None), cast.advisor)
    with pytest.raises(ConflictError):
        request_review(decision=review.decision, requested_on=today(), by=Actor(cast.advisor))
    review.pk = None
    with pytest.raises(IntegrityError, match="review_one_open_per_decision"), transaction.atomic():
        review.save(force_insert=True)


@pytest.mark.parametrize("days", [1, -1])
def test_a_request_lies_between_the_decision_and_today(cast: Cast, days: int) -> None:
    decision = a_decision(a_file(1, cast.agency, None), cast.advisor, "refused")
    with pytest.raises(ApplicationError) as caught:
        request_review(decision=decision, requested_on=today(days), by=Actor(cast.advisor))
    assert caught.value.field == "requested_on"


@pytest.mark.parametrize("outcome", ["waiting", "documents", "replaced"])
def test_only_a_grant_or_refusal_in_force_is_reviewed(cast: Cast, outcome: str) -> None:
    client = a_file(1, cast.agency, an_active_model(), 0.2)
    taken = {"waiting": "granted", "documents": "documents", "replaced": "refused"}[outcome]
    decision = a_decision(client, cast.advisor, taken, "because")
    if outcome == "replaced":
        Client.objects.filter(pk=client.pk).update(version=2)
        take_decision(client=client, version=2, outcome="refused", by=Actor(cast.advisor))
    with pytest.raises(ApplicationError) as caught:
        request_review(decision=decision, requested_on=today(), by=Actor(cast.advisor))
    assert caught.value.code == "nothing_to_review"


def test_somebody_else_closes_it_once_and_explains(cast: Cast) -> None:
    review = a_review(a_file(1, cast.agency, None), cast.advisor)
    for person, note, code in ((cast.advisor, "x", "own_decision"), (cast.supervisor, " ", "note_needed")):
        with pytest.raises(ApplicationError) as caught:
            close_review(review=review, outcome="upheld", note=note, by=Actor(person))
        assert caught.value.code == code
    closed = close_review(review=review, outcome="upheld", note="Debts are too high", by=Actor(cast.supervisor))
    assert (closed.outcome, closed.closed_by, closed.is_open) == ("upheld", cast.supervisor, False)
    assert AuditEvent.objects.filter(action="review.closed", object_id="1").count() == 1
    with pytest.raises(ConflictError):
        close_review(review=review, outcome="changed", note="again", by=Actor(cast.supervisor))


def test_the_database_keeps_outcome_and_closing_together(cast: Cast) -> None:
    review = a_review(a_file(1, cast.agency, None), cast.advisor)
    with pytest.raises(IntegrityError, match="review_closed_exactly_with_an_outcome"), transaction.atomic():
        ReviewRequest.objects.filter(pk=review.pk).update(outcome="upheld")
