import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from credit.models import ReviewRequest
from credit.selectors import queue as selectors
from credit.selectors.policies import active_policy
from credit.selectors.queue import queue
from credit.services.decisions import countersign
from credit.services.reviews import close_review
from pretadepenser.core.models import Actor, User
from tests.builders.clients import an_active_model
from tests.builders.decisions import a_decision, a_file, a_review, today
from tests.builders.people import Cast

pytestmark = pytest.mark.django_db


def to_decide(user: User) -> list[int]:
    return [score.client_id for score in queue(user, active_policy()).to_decide]


def test_the_grey_zone_comes_first_then_the_nearest_to_the_threshold(cast: Cast) -> None:
    version = an_active_model(threshold=0.09, grey_low=0.06, grey_high=0.1)
    for number, probability in enumerate([0.02, 0.061, 0.101, 0.3, 0.091, 0.0599], start=1):
        a_file(number, cast.agency, version, probability)
    assert to_decide(cast.advisor) == [5, 2, 3, 6, 1, 4]


def test_only_the_first_files_are_listed_and_the_count_has_an_end(cast: Cast, monkeypatch) -> None:
    monkeypatch.setattr(selectors, "COUNTED", 8)
    version = an_active_model()
    for number in range(1, 11):
        a_file(number, cast.agency, version, 0.07 + number / 1000)
    found = queue(cast.advisor, active_policy())
    assert len(found.to_decide) == selectors.ROWS
    assert (found.to_decide_count.shown, found.to_decide_count.is_capped) == (8, True)


def test_a_file_leaves_the_queue_with_a_decision_and_comes_back_when_it_is_to_be_taken_again(cast: Cast) -> None:
    version = an_active_model()
    declined, reviewed, known = (a_file(number, cast.agency, version, 0.2) for number in (1, 2, 3))
    known.target = 0
    known.save()
    assert sorted(to_decide(cast.advisor)) == [1, 2]
    waiting = a_decision(declined, cast.advisor, "granted", "because")
    review = a_review(reviewed, cast.advisor)
    assert to_decide(cast.advisor) == []
    countersign(decision=waiting, accepts=False, note="no", by=Actor(cast.supervisor))
    close_review(review=review, outcome="changed", note="proof came", by=Actor(cast.supervisor))
    assert sorted(to_decide(cast.advisor)) == [1, 2]


def test_each_list_holds_what_waits_in_the_agency(cast: Cast) -> None:
    version = an_active_model()
    a_decision(a_file(1, cast.agency, version, 0.2), cast.advisor, "granted", "because")
    a_decision(a_file(2, cast.agency, version, 0.2), cast.advisor, "documents", "Payslips")
    answered = a_file(3, cast.agency, version, 0.2)
    a_decision(answered, cast.advisor, "documents", "Payslips")
    a_decision(answered, cast.advisor, "refused")
    late = a_review(a_file(4, cast.agency, version, 0.2), cast.advisor)
    ReviewRequest.objects.filter(pk=late.pk).update(requested_on=today(-40), due_on=today(-10))
    a_review(a_file(5, cast.agency, version, 0.2), cast.advisor)
    for user in (cast.advisor, cast.supervisor, cast.auditor):
        found = queue(user, active_policy())
        assert [decision.client_id for decision in found.waiting] == [1]
        assert [decision.client_id for decision in found.documents] == [2]
        assert [review.decision.client_id for review in found.reviews] == [4, 5]
        assert (found.reviews_count.value, found.overdue_count.value) == (2, 1)
    elsewhere = queue(cast.stranger, active_policy())
    assert (elsewhere.to_decide, elsewhere.waiting, elsewhere.documents, elsewhere.reviews) == ((), (), (), ())


def test_without_a_model_in_use_nothing_is_listed_by_its_score(cast: Cast) -> None:
    a_file(1, cast.agency, an_active_model(), 0.09)
    found = queue(cast.advisor, None)
    assert (found.to_decide, found.to_decide_count.value) == ((), 0)


def test_the_number_of_queries_does_not_grow_with_the_rows(cast: Cast) -> None:
    version = an_active_model()
    policy = active_policy()
    counts = []
    for start in (0, 100):
        for number in range(start, start + 4):
            a_file(4 * number + 1, cast.agency, version, 0.09)
            a_decision(a_file(4 * number + 2, cast.agency, version, 0.2), cast.advisor, "granted", "because")
            a_decision(a_file(4 * number + 3, cast.agency, version, 0.2), cast.advisor, "documents", "Payslips")
            a_review(a_file(4 * number + 4, cast.agency, version, 0.2), cast.advisor)
        with CaptureQueriesContext(connection) as queries:
            found = queue(cast.advisor, policy)
            rows = [*found.to_decide, *found.waiting, *found.documents]
            assert all(row.client.agency.name for row in rows)
            assert all(row.decision.client.agency.name and row.decision.decided_by.username for row in found.reviews)
        counts.append(len(queries))
    assert counts == [10, 10]
