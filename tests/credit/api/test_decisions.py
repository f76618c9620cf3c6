import pytest
from django.test import Client as Browser
from django.utils import timezone

from credit.models import Decision, FicpConsultation, ModelVersion, ReviewRequest
from pretadepenser.core.models import Actor, AuditEvent
from pretadepenser.core.tokens import create_token
from tests.builders.clients import an_active_model
from tests.builders.decisions import a_consultation, a_decision, a_file, a_review, today
from tests.builders.people import Cast

pytestmark = pytest.mark.django_db

DECISIONS = "/api/v1/clients/1/decisions/"


def send(browser: Browser, url: str, body: dict[str, object], **headers: str) -> tuple[int, dict]:
    response = browser.post(url, body, content_type="application/json", headers=headers)
    return response.status_code, response.json()


def test_a_decision_is_taken_with_the_advice_of_the_moment(client: Browser, cast: Cast) -> None:
    a_file(1, cast.agency, an_active_model(), 0.2)
    client.force_login(cast.advisor)
    body = {"version": 1, "outcome": "refused"}
    assert send(client, DECISIONS, body)[1]["code"] == "ficp_missing"
    consultation = {"consulted_on": timezone.localdate().isoformat(), "result": "clear"}
    assert send(client, "/api/v1/clients/1/ficp/", consultation)[0] == 201
    code, taken = send(client, DECISIONS, body)
    assert code == 201
    assert (taken["outcome"], taken["status"], taken["advice"]) == ("refused", "final", "refused")
    assert (taken["probability"], taken["model_version"], taken["policy"]) == (0.2, 1, 1)
    assert (taken["decided_by"], taken["ficp"]) == ("advisor", FicpConsultation.objects.get().pk)
    assert client.get(DECISIONS).json() == [taken]
    assert len(client.get("/api/v1/clients/1/ficp/").json()) == 1


def test_a_repeated_key_takes_one_decision(client: Browser, cast: Cast) -> None:
    a_consultation(a_file(1, cast.agency, an_active_model(), 0.2), cast.advisor)
    client.force_login(cast.advisor)
    body = {"version": 1, "outcome": "granted", "reason": "a stable job"}
    first = send(client, DECISIONS, body, **{"Idempotency-Key": "k"})
    assert first[0] == 201
    assert send(client, DECISIONS, body, **{"Idempotency-Key": "k"}) == first
    assert Decision.objects.count() == 1


@pytest.mark.parametrize(
    ("body", "code", "field"),
    [
        ({"version": 2, "outcome": "refused"}, "file_changed", None),
        ({"version": 1, "outcome": "granted"}, "reason_needed", "reason"),
        ({"version": 1, "outcome": "perhaps"}, "invalid", "outcome"),
        ({"outcome": "refused"}, "invalid", "version"),
    ],
)
def test_a_rule_that_is_not_met_has_a_code_and_a_field(
    client: Browser, cast: Cast, body: dict[str, object], code: str, field: str | None
) -> None:
    a_consultation(a_file(1, cast.agency, an_active_model(), 0.2), cast.advisor)
    client.force_login(cast.advisor)
    status, problem = send(client, DECISIONS, body)
    assert (status, problem["code"]) == (409 if code == "file_changed" else 400, code)
    assert list(problem.get("errors", {})) == ([field] if field else [])


def test_a_supervisor_countersigns_with_a_token_of_that_scope(client: Browser, cast: Cast) -> None:
    decision = a_decision(a_file(1, cast.agency, an_active_model(), 0.2), cast.advisor, "granted", "because")
    url = f"/api/v1/decisions/{decision.pk}/countersign/"
    narrow, wide = (
        create_token(user=cast.supervisor, name="t", scopes=[scope], days=1, by=Actor(cast.supervisor))
        for scope in ("decisions:read", "countersignatures:write")
    )
    assert send(client, url, {"accepts": True}, Authorization=f"Bearer {narrow[1]}")[0] == 403
    code, signed = send(client, url, {"accepts": True}, Authorization=f"Bearer {wide[1]}")
    assert (code, signed["status"], signed["countersigned_by"]) == (200, "final", "supervisor")
    assert AuditEvent.objects.get(action="decision.countersigned").token == wide[0]
    assert send(client, url, {"accepts": True}, Authorization=f"Bearer {wide[1]}")[0] == 409


def test_a_review_is_asked_for_listed_and_closed(client: Browser, cast: Cast) -> None:
    decision = a_decision(a_file(1, cast.agency, an_active_model(), 0.2), cast.advisor, "refused")
    client.force_login(cast.advisor)
    url = f"/api/v1/decisions/{decision.pk}/reviews/"
    code, review = send(client, url, {"requested_on": today().isoformat(), "borrower_comment": "New job"})
    assert (code, review["due_on"], review["client"]) == (201, today(30).isoformat(), 1)
    assert send(client, url, {"requested_on": today().isoformat()})[0] == 409
    assert client.get("/api/v1/reviews/").json()["results"] == [review] == client.get(url).json()
    closing = {"outcome": "upheld", "note": "Debts"}
    assert send(client, f"/api/v1/reviews/{review['id']}/close/", closing)[1]["code"] == "own_decision"
    client.force_login(cast.supervisor)
    assert send(client, f"/api/v1/reviews/{review['id']}/close/", closing)[1]["closed_by"] == "supervisor"
    assert client.get("/api/v1/reviews/").json()["results"] == []


def test_a_suspended_model_tells_no_score_of_a_past_decision(client: Browser, cast: Cast) -> None:
    version = an_active_model()
    a_decision(a_file(1, cast.agency, version, 0.2), cast.advisor, "refused")
    ModelVersion.objects.filter(pk=version.pk).update(suspended_at=timezone.now(), suspension_reason="drift")
    client.force_login(cast.auditor)
    assert client.get(DECISIONS).json()[0]["probability"] is None


def test_another_agency_finds_neither_decision_nor_review(client: Browser, cast: Cast) -> None:
    review = a_review(a_file(1, cast.agency, None), cast.advisor)
    client.force_login(cast.stranger)
    for url in (DECISIONS, "/api/v1/clients/1/ficp/", f"/api/v1/decisions/{review.decision_id}/reviews/"):
        assert client.get(url).status_code == 404
    assert send(client, f"/api/v1/reviews/{review.pk}/close/", {"outcome": "upheld", "note": "x"})[0] == 404
    assert client.get("/api/v1/reviews/").json()["results"] == []
    assert ReviewRequest.objects.get().is_open
