from html import unescape

import pytest
from django.test import Client as Browser
from django.utils import timezone

from credit.models import ReviewRequest
from tests.builders.clients import an_active_model
from tests.builders.decisions import a_decision, a_file, a_review, today
from tests.builders.people import Cast

pytestmark = pytest.mark.django_db


def send(browser: Browser, url: str, status: int = 200, **data: object) -> str:
    method = browser.post if data else browser.get
    response = method(url, data, headers={"Accept-Language": "en"}, follow=status == 200)
    assert response.status_code == status
    return unescape(response.content.decode())


def test_a_request_is_recorded_and_closed_by_somebody_else(client: Browser, cast: Cast) -> None:
    decision = a_decision(a_file(1, cast.agency, an_active_model(), 0.2), cast.advisor, "refused")
    client.force_login(cast.advisor)
    assert "Record a review request" in send(client, "/clients/1/decision/")
    day = timezone.localdate().isoformat()
    html = send(client, f"/clients/1/decision/{decision.pk}/review/", requested_on=day, borrower_comment="New job")
    review = ReviewRequest.objects.get()
    assert "New job" in html
    assert "You took this decision: someone else must review it." in html
    address = f"/clients/1/reviews/{review.pk}/"
    assert "someone else must review it" in send(client, address, 422, outcome="upheld", note="x")
    client.force_login(cast.supervisor)
    send(client, address, 422, outcome="upheld", note="")
    html = send(client, address, outcome="changed", note="The new job counts")
    assert "The review is closed." in html
    assert "Review closed: decision to be taken again" in html
    send(client, address, 409, outcome="upheld", note="again")


def test_an_overdue_review_is_marked_by_word_and_icon(client: Browser, cast: Cast) -> None:
    review = a_review(a_file(1, cast.agency, None), cast.advisor)
    ReviewRequest.objects.filter(pk=review.pk).update(requested_on=today(-40), due_on=today(-10))
    client.force_login(cast.auditor)
    for url in ("/home/", "/clients/1/decision/", f"/clients/1/reviews/{review.pk}/"):
        html = send(client, url)
        assert "Review overdue since" in html
        assert "icon--warning" in html


def test_a_second_request_is_a_conflict(client: Browser, cast: Cast) -> None:
    review = a_review(a_file(1, cast.agency, None), cast.advisor)
    client.force_login(cast.advisor)
    day = timezone.localdate().isoformat()
    html = send(client, f"/clients/1/decision/{review.decision_id}/review/", 409, requested_on=day)
    assert "open already" in html


def test_an_auditor_closes_nothing(client: Browser, cast: Cast) -> None:
    review = a_review(a_file(1, cast.agency, None), cast.advisor)
    client.force_login(cast.auditor)
    assert "<textarea" not in send(client, f"/clients/1/reviews/{review.pk}/")
    assert client.post(f"/clients/1/reviews/{review.pk}/", {"outcome": "upheld", "note": "x"}).status_code == 403
    assert client.get(f"/clients/1/decision/{review.decision_id}/review/").status_code == 403
